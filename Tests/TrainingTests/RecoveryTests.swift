import Foundation
import TestSupport
import Testing
import Training

/// What a kill, a power cut or a full disk does to the tables of a run is made good or refused.
@Suite struct RecoveryTests {
  /// Ends a run when the first epoch is saved.
  private final class Killer: TrainingObserver {
    struct Killed: Error {}
    func observe(_ event: TrainingEvent) throws {
      if case .resumable(let state, _) = event, state.progress.epoch == 1 { throw Killed() }
    }
  }

  /// A run of three epochs of 6 steps, saved after the first and killed after step 11.
  func killed() throws -> Rehearsal {
    let killed = try Rehearsal(Stripes.configuration(epochs: 3))
    #expect(throws: TrainingError.self) { try killed.train(observers: [Killer()]) }
    let state = try Data(contentsOf: URL(filePath: killed.directory.state))
    try killed.train(stopAfter: 5, resuming: killed.resumePoint())
    try state.write(to: URL(filePath: killed.directory.state))
    return killed
  }

  /// The lines of a file with their ends.
  func lines(_ path: String) throws -> [Data] {
    try Data(contentsOf: URL(filePath: path)).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).dropLast().map { $0 + [UInt8(ascii: "\n")] }
  }

  func write(_ lines: [Data], to path: String) throws {
    try lines.reduce(Data(), +).write(to: URL(filePath: path))
  }

  func expectWhole(_ rehearsal: Rehearsal) throws {
    let whole = try Rehearsal(Stripes.configuration(epochs: 3))
    try whole.train()
    #expect(try whole.metrics() == rehearsal.metrics())
    #expect(try lines(whole.directory.steps) == lines(rehearsal.directory.steps))
    #expect(try lines(whole.directory.layers) == lines(rehearsal.directory.layers))
    #expect(
      try whole.state().checkpoint.parameters == rehearsal.state().checkpoint.parameters)
  }

  @Test func `a run does not write into another that takes its place`() throws {
    final class Mover: TrainingObserver {
      let path: String
      var wasMoved = false
      init(_ path: String) { self.path = path }
      func observe(_ event: TrainingEvent) throws {
        guard case .step = event, !wasMoved else { return }
        wasMoved = true
        try FileManager.default.moveItem(atPath: path, toPath: "\(path)-moved")
        for part in ["checkpoints", "plots"] {
          try FileManager.default.createDirectory(
            atPath: "\(path)/\(part)", withIntermediateDirectories: true)
        }
      }
    }
    let run = try Rehearsal(Stripes.configuration(epochs: 2))
    let path = run.directory.path
    #expect(throws: TrainingError.self) { try run.train(observers: [Mover(path)]) }
    let files = try FileManager.default.subpathsOfDirectory(atPath: path)
    #expect(Set(files) == ["checkpoints", "plots"])
  }

  @Test func `a best network of an epoch that was not the best is refused`() throws {
    let killed = try killed()
    let other = try Rehearsal(Stripes.configuration(epochs: 3))
    try other.train()
    var best = try Checkpoint(contentsOf: other.directory.bestCheckpoint)
    best.description.run = killed.directory.name
    best.description.epoch = 3
    try best.write(to: killed.directory.bestCheckpoint)
    let last = killed.directory.lastCheckpoint
    var own = try Checkpoint(contentsOf: last)
    own.description.epoch = 2
    try own.write(to: last)
    #expect(throws: CheckpointError.self) { try killed.resumePoint() }
  }

  static let cuts = ["cut", "zeroed", "garbage", "gone", "half a letter"]

  @Test(arguments: cuts)
  func `what a power cut does after the last saved state is made good`(cut: String) throws {
    let killed = try killed()
    for (path, synced) in [(killed.directory.steps, 7), (killed.directory.metrics, 3)] {
      let lines = try lines(path)
      let tail =
        lines[synced...].reduce(Data(), +) + (synced == 3 ? Data("2,12,0.5,0.1\n".utf8) : Data())
      let left =
        switch cut {
        case "cut": tail.prefix(tail.count / 2)
        case "zeroed": tail.prefix(tail.count / 3) + Data(count: tail.count - tail.count / 3)
        case "garbage": Data((0..<tail.count).map { UInt8(truncatingIfNeeded: 151 * $0) })
        case "half a letter": Data([0xC3])
        default: Data()
        }
      try write(lines[..<synced] + [left], to: path)
    }
    try killed.train(resuming: killed.resumePoint())
    try expectWhole(killed)
  }

  static let losses: [(String, Int)] = [
    ("metrics.csv", 1), ("metrics.csv", 2), ("steps.csv", 1),
    ("steps.csv", 4), ("steps.csv", 6),
  ]

  @Test(arguments: losses, ["cut", "zeroed", "gone"])
  func `a row that the state counts and the table lacks is refused, and nothing is changed`(
    loss: (table: String, line: Int), damage: String
  ) throws {
    let killed = try killed()
    let path = "\(killed.directory.path)/\(loss.table)"
    var lines = try lines(path)
    switch damage {
    case "cut": lines = Array(lines[..<loss.line])
    case "zeroed": lines[loss.line] = Data(count: lines[loss.line].count)
    default: lines.remove(at: loss.line)
    }
    try write(lines, to: path)
    let (table, record) = try (
      Data(contentsOf: URL(filePath: path)),
      Data(contentsOf: URL(filePath: killed.directory.record))
    )
    let isEpoch = loss.table == "metrics.csv"
    #expect(
      throws: TrainingError.table(
        .incomplete(
          path: path, unit: isEpoch ? "epoch" : "step",
          number: isEpoch ? loss.line - 1 : loss.line, last: isEpoch ? 1 : 6))
    ) { try killed.train(resuming: killed.resumePoint()) }
    #expect(try Data(contentsOf: URL(filePath: path)) == table)
    #expect(try Data(contentsOf: URL(filePath: killed.directory.record)) == record)
  }

  /// What a person may have written, and in place of which line it is; nil for after the last.
  static let notes: [(table: String, line: Int?, text: String)] = [
    ("metrics.csv", 2, "# a note\n"), ("steps.csv", 4, "1,banana\n"),
    ("metrics.csv", nil, "# a note\n"), ("steps.csv", nil, "seen, 3\n"),
    ("steps.csv", nil, "# without an end"), ("steps.csv", 3, "3,1,0.5,0.1,0.2,mine\n"),
    ("steps.csv", 3, "3,1,0.5,0.1,0.2,7\n"), ("steps.csv", 9, "9,2,0.5,0.1,0.2,7\n"),
  ]

  @Test(arguments: notes)
  func `what a person wrote into a table is refused by its line, and nothing is changed`(
    note: (table: String, line: Int?, text: String)
  ) throws {
    let killed = try killed()
    let path = "\(killed.directory.path)/\(note.table)"
    var lines = try lines(path)
    let line = note.line ?? lines.count
    lines.replaceSubrange(line..<min(line + 1, lines.count), with: [Data(note.text.utf8)])
    try write(lines, to: path)
    let table = try Data(contentsOf: URL(filePath: path))
    #expect(throws: TrainingError.table(.written(path: path, line: line + 1))) {
      try killed.train(resuming: killed.resumePoint())
    }
    #expect(try Data(contentsOf: URL(filePath: path)) == table)
  }

  @Test func `torn lines and double rows between whole rows are dropped, and told of`() throws {
    let killed = try killed()
    let path = killed.directory.steps
    var lines = try lines(path)
    lines.insert(lines[3].prefix(9) + lines[2], at: 4)
    lines.insert(lines[4].prefix(3) + Data("\n".utf8), at: 6)
    lines.insert(lines[1], at: 2)
    try write(lines, to: path)
    try killed.train(resuming: killed.resumePoint())
    try expectWhole(killed)
    let events = try String(contentsOfFile: killed.directory.events, encoding: .utf8)
    #expect(events.contains(#""damaged_lines":"3","event":"repair","file":"steps.csv""#))
  }

  @Test func `a torn last event does not swallow the next one`() throws {
    let killed = try killed()
    let path = killed.directory.events
    let lines = try lines(path)
    for tail in [Data(#"{"event":"che"#.utf8), Data(count: 50)] {
      try write(lines + [tail], to: path)
      try killed.train(stopAfter: 1, resuming: killed.resumePoint())
      for line in try self.lines(path) { _ = try JSONSerialization.jsonObject(with: line) }
    }
  }
}
