import Foundation
import TestSupport
import Testing
import Training

/// The best epochs of a run are kept as files of their own.
@Suite struct KeptCheckpointTests {
  /// Ends a run when an epoch is told or saved.
  private final class Killer: TrainingObserver {
    struct Killed: Error {}
    let epoch: Int, isSaved: Bool

    init(epoch: Int, isSaved: Bool) { (self.epoch, self.isSaved) = (epoch, isSaved) }

    func observe(_ event: TrainingEvent) throws {
      switch event {
      case .epoch(let record, _, _) where record.epoch == epoch && !isSaved: throw Killed()
      case .resumable(let state, _) where state.progress.epoch == epoch && isSaved: throw Killed()
      default: break
      }
    }
  }

  private func rehearsal(keep: Int?) throws -> Rehearsal {
    var configuration = Stripes.augmented(epochs: 6)
    configuration.learningRate = 0.05
    configuration.keep = keep
    return try Rehearsal(configuration, count: 40)
  }

  /// The kept files and their content.
  private func files(_ rehearsal: Rehearsal) throws -> [String: Data] {
    let folder = "\(rehearsal.directory.path)/checkpoints"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasPrefix("epoch-") }
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try Data(contentsOf: URL(filePath: "\(folder)/\($0)")))
      })
  }

  /// The names of the files of the best epochs, as the table has them.
  private func best(_ count: Int, of rehearsal: Rehearsal) throws -> Set<String> {
    let rows = try rehearsal.metrics().dropFirst().sorted {
      ($0.validationLoss ?? 0, $0.epoch) < ($1.validationLoss ?? 0, $1.epoch)
    }
    return Set(rows.prefix(count).map { "epoch-00\($0.epoch).safetensors" })
  }

  @Test func `a budgeted run keeps its latest epochs`() throws {
    var configuration = Stripes.augmented(epochs: 6)
    configuration.keep = 2
    configuration.budget = 1000
    let rehearsal = try Rehearsal(configuration, count: 40)
    let steps = Double(
      6 * configuration.stepsPerEpoch(trainingCount: rehearsal.data.training.count))
    let reading = try #require(ClockReading(values: [0, 0, 0, 1 / steps]))
    try rehearsal.train(readings: [reading])
    let validated = try rehearsal.metrics().filter { $0.validationLoss != nil }.map(\.epoch)
    let expected = Set(validated.suffix(2).map { "epoch-00\($0).safetensors" })
    #expect(try Set(files(rehearsal).keys) == expected)
  }

  @Test(arguments: [1, 3, 100])
  func `as many of the best epochs are kept as asked for`(count: Int) throws {
    let rehearsal = try rehearsal(keep: count)
    try rehearsal.train()
    let files = try files(rehearsal)
    #expect(files.count == min(count, 6))
    #expect(try Set(files.keys) == best(count, of: rehearsal))
    for name in files.keys {
      let checkpoint = try Checkpoint(
        contentsOf: "\(rehearsal.directory.path)/checkpoints/\(name)")
      let epoch = checkpoint.description.epoch
      #expect(name == "epoch-00\(epoch).safetensors")
      #expect(
        try checkpoint.description.validationLoss == rehearsal.metrics()[epoch].validationLoss)
    }
  }

  @Test(arguments: [1, 3, 5], [false, true])
  func `a run that is killed keeps the same`(epoch: Int, isSaved: Bool) throws {
    let whole = try rehearsal(keep: 2)
    try whole.train()
    let killed = try rehearsal(keep: 2)
    #expect(throws: TrainingError.self) {
      try killed.train(observers: [Killer(epoch: epoch, isSaved: isSaved)])
    }
    try killed.train(resuming: killed.resumePoint())
    let (own, expected) = (try files(killed), try files(whole))
    // Runs differ in their names.
    #expect(Set(own.keys) == Set(expected.keys))
    #expect(own.mapValues(\.count) == expected.mapValues(\.count))
    for name in own.keys {
      func parameters(_ rehearsal: Rehearsal) throws -> Checkpoint {
        try Checkpoint(contentsOf: "\(rehearsal.directory.path)/checkpoints/\(name)")
      }
      #expect(try parameters(killed).parameters == parameters(whole).parameters)
    }
  }

  @Test func `what a kill has left over is removed when the run is resumed`() throws {
    let rehearsal = try rehearsal(keep: 2)
    try rehearsal.train(stopAfter: 5)
    let expected = try files(rehearsal)
    let left = rehearsal.directory.checkpoint(ofEpoch: 3)
    try Data([1]).write(to: URL(filePath: left))
    try rehearsal.train(stopAfter: 0, resuming: rehearsal.resumePoint())
    #expect(try files(rehearsal) == expected)
  }

  @Test func `a resumed run may keep fewer or more`() throws {
    var rehearsal = try rehearsal(keep: 3)
    try rehearsal.train(stopAfter: 9)
    #expect(try files(rehearsal).count == 3)
    rehearsal.record.configuration.keep = 1
    try rehearsal.train(stopAfter: 0, resuming: rehearsal.resumePoint())
    #expect(try Set(files(rehearsal).keys) == best(1, of: rehearsal))
    rehearsal.record.configuration.keep = 5
    #expect(try rehearsal.train(resuming: rehearsal.resumePoint()).status == .finished)
    #expect(try files(rehearsal).keys.contains("epoch-006.safetensors"))
  }

  @Test func `in a run that was never to keep any, a file of such a name stays`() throws {
    let rehearsal = try rehearsal(keep: nil)
    let own = rehearsal.directory.checkpoint(ofEpoch: 12)
    #expect(own.hasSuffix("/checkpoints/epoch-012.safetensors"))
    try Data([1]).write(to: URL(filePath: own))
    try rehearsal.train()
    #expect(FileManager.default.fileExists(atPath: own))
  }
}
