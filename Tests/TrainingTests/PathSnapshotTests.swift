import Foundation
import TestSupport
import Testing
import Training

@Suite struct PathSnapshotTests {
  private func rehearsal(epochs: Int = 20) throws -> Rehearsal {
    var configuration = Stripes.configuration(epochs: epochs)
    configuration.recordPath = true
    return try Rehearsal(configuration)
  }

  /// The parameters of every snapshot.
  private func path(of rehearsal: Rehearsal) throws -> [Int: [Float]] {
    let snapshots = PathSnapshots(of: rehearsal.directory)
    return try Dictionary(
      uniqueKeysWithValues: snapshots.steps.map {
        ($0, try Checkpoint(contentsOf: snapshots.path(ofStep: $0)).parameters.scalars)
      })
  }

  @Test func `no run has more than 65 snapshots, at equal distances`() {
    for last in [1, 63, 64, 65, 1000, 12_345] {
      let interval = PathSnapshots.interval(atStep: last)
      let kept = Set((0...last).filter { $0 % interval == 0 } + [last])
      #expect(kept.count <= PathSnapshots.most + 1 && kept.count * 2 >= min(last, 64))
      // A snapshot that is kept was taken.
      #expect(kept.subtracting([last]).allSatisfy(PathSnapshots.isDue))
    }
  }

  @Test func `a run has the network before training, on its way, and at its end`() throws {
    let rehearsal = try rehearsal()
    try rehearsal.train()
    let state = try rehearsal.state()
    #expect(state.progress.step > 64)
    let snapshots = PathSnapshots(of: rehearsal.directory)
    #expect(snapshots.steps.first == 0 && snapshots.steps.last == state.progress.step)
    #expect(snapshots.steps.count <= 65 && snapshots.steps.count > 32)
    let last = try Checkpoint(contentsOf: snapshots.path(ofStep: state.progress.step))
    #expect(last.parameters == state.checkpoint.parameters)
    #expect(last.statistics == state.checkpoint.statistics)
  }

  @Test func `the loss at a snapshot is the one that the table has of its epoch`() throws {
    let rehearsal = try rehearsal(epochs: 8)
    try rehearsal.train()
    let snapshots = PathSnapshots(of: rehearsal.directory)
    var compared = 0
    for row in try rehearsal.metrics() where snapshots.steps.contains(row.step) {
      let network = try Checkpoint(contentsOf: snapshots.path(ofStep: row.step))
      #expect(
        try rehearsal.loss(of: network, on: rehearsal.data.validation) == row.validationLoss)
      compared += 1
    }
    #expect(compared > 3)
  }

  @Test(arguments: [3, 40, 71])
  func `a run that was stopped has the same snapshots in the end`(step: Int) throws {
    let whole = try rehearsal()
    try whole.train()
    let stopped = try rehearsal()
    try stopped.train(stopAfter: step)
    try stopped.train(resuming: stopped.resumePoint())
    #expect(try path(of: stopped) == path(of: whole))
  }

  @Test func `a snapshot says its own step and epoch, and nothing of a validation`() throws {
    let rehearsal = try rehearsal(epochs: 6)
    try rehearsal.train()
    let snapshots = PathSnapshots(of: rehearsal.directory)
    for step in snapshots.steps {
      let description = try Checkpoint(contentsOf: snapshots.path(ofStep: step)).description
      #expect(description.step == step && description.validationLoss == nil)
    }
  }

  @Test func `a run that does not record its path has no folder for it`() throws {
    let rehearsal = try Rehearsal()
    try rehearsal.train()
    #expect(!FileManager.default.fileExists(atPath: rehearsal.directory.pathSnapshots))
  }
}
