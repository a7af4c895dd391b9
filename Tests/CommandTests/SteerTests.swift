import Foundation
import TestSupport
import Testing

/// `marbles steer`, and what it leaves for a reader who wants the same run.
@Suite(.serialized) struct SteerTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let words =
    [Tool.sketches, "--name", "a", "--epochs", "300", "--learning-rate=0.01"] + Tool.tiny

  private func wait(_ seconds: Double = 60, until isSo: () throws -> Bool) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      if try isSo() { return }
      usleep(20_000)
    }
    Issue.record("waited for \(seconds) seconds in vain")
  }

  private func begin(_ words: [String] = words) throws -> Process {
    let process = try Tool.start(["train", "--quiet"] + words, in: folder)
    try wait { (try? Tool.metrics("runs/a", in: folder).count) ?? 0 > 3 }
    return process
  }

  /// In a process beside the training, whose outputs go elsewhere.
  private func steer(_ words: [String]) throws -> Tool.Outcome {
    try Tool.run(["steer", "\(folder.path)/runs/a"] + words, in: TemporaryFolder())
  }

  private func same(_ other: TemporaryFolder) throws {
    #expect(try Tool.metrics("runs/a", in: folder) == Tool.metrics("runs/a", in: other))
    for file in [
      "steps.csv", "layers.csv", "worst-images.json", "checkpoints/best.safetensors",
      "checkpoints/last.safetensors",
    ] {
      #expect(try folder.read("runs/a/\(file)") == other.read("runs/a/\(file)"), "\(file)")
    }
  }

  @Test func `the command of a run that was steered gives it again, byte for byte`() throws {
    let process = try begin()
    let first = try steer(["--learning-rate", "0.002"])
    #expect(first.code == 0, "\(first.errors)")
    let change = try #require(first.output.firstMatch(of: /--learning-rate-at (\d+)=0\.002/))
    let second = try steer(["--learning-rate", "0.03", "--json"])
    #expect(second.code == 0 && second.output.contains(#""is_done":true"#), "\(second)")
    // Killed at any moment, it goes on with both.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let resumed = try Tool.run(["train", "--resume", "runs/a", "--quiet"], in: folder)
    #expect(resumed.code == 0, "\(resumed.errors)")
    struct Record: Decodable { var command: [String] }
    let record = try JSONDecoder().decode(Record.self, from: Data(folder.read("runs/a/run.json")))
    #expect(record.command.contains("--learning-rate-at=\(change.1)=0.002"))
    let other = try TemporaryFolder()
    let again = try Tool.run(Array(record.command.dropFirst()), in: other)
    #expect(again.code == 0, "\(again.errors)")
    try same(other)
    let repeated = try TemporaryFolder()
    let repetition = try Tool.run(
      ["train", "--repeat", "\(folder.path)/runs/a", "--name", "a", "--quiet"], in: repeated)
    #expect(repetition.code == 0, "\(repetition.errors)")
    try same(repeated)
    let report = try Tool.run(["report", "runs/a", "--out", "r.html"], in: folder)
    #expect(report.code == 0)
    #expect(
      String(decoding: try folder.read("r.html"), as: UTF8.self)
        .contains("--learning-rate-at=\(change.1)=0.002"))
  }

  @Test func `a run pauses, goes on, and is the run that did not`() throws {
    let process = try begin()
    expect(try steer(["--continue"]), code: 64, "it does not pause")
    let paused = try steer(["--pause"])
    #expect(paused.code == 0 && paused.output.hasPrefix("paused"), "\(paused)")
    let rows = try Tool.metrics("runs/a", in: folder).count
    usleep(500_000)
    #expect(try Tool.metrics("runs/a", in: folder).count == rows)
    let record = String(decoding: try folder.read("runs/a/run.json"), as: UTF8.self)
    #expect(record.contains(#""status" : "paused""#))
    let report = try Tool.run(["report", "\(folder.path)/runs/a"], in: TemporaryFolder())
    #expect(report.code == 0, "\(report.errors)")
    #expect(try steer(["--continue"]).output.hasPrefix("goes on"))
    let outcome = try Tool.outcome(of: process, in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let other = try TemporaryFolder()
    #expect(try Tool.run(["train", "--quiet"] + Self.words, in: other).code == 0)
    try same(other)
  }

  @Test func `a run that pauses and is interrupted, or killed, goes on with resume`() throws {
    let words = Self.words.map { $0 == "300" ? "60" : $0 }
    for signal in [SIGINT, SIGKILL] {
      try? FileManager.default.removeItem(atPath: "\(folder.path)/runs")
      let process = try begin(words)
      #expect(try steer(["--pause"]).code == 0)
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      let resumed = try Tool.run(["train", "--resume", "runs/a", "--quiet"], in: folder)
      #expect(resumed.code == 0, "\(resumed.errors)")
      let record = String(decoding: try folder.read("runs/a/run.json"), as: UTF8.self)
      #expect(record.contains(#""status" : "finished""#))
    }
  }

  @Test(arguments: [
    (["--learning-rate", "0"], 64 as Int32, "--learning-rate is 0.0, expected a number above 0"),
    ([], 64, "give one of"), (["--pause", "--continue"], 64, "give one of"),
  ])
  func `what cannot be asked is refused`(words: [String], code: Int32, text: String) throws {
    expect(try Tool.run(["steer", "runs/a"] + words, in: folder), code: code, text)
  }

  @Test func `a run that nobody trains is not steered`() throws {
    expect(try steer(["--pause"]), code: 66, "no such")
    #expect(
      try Tool.run(["train", Tool.sketches, "--name", "a", "--quiet"] + Tool.briefly, in: folder)
        .code == 0)
    expect(
      try steer(["--pause"]), code: 64, "trains it now; it has finished"
    )
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/runs/a")
    #expect(!files.contains("pause.request"))
  }

  @Test(arguments: [
    ("5", "such as 120=0.001"), ("0=0.1", "such as 120=0.001"), ("5=-1", "such as 120=0.001"),
    ("5=x", "such as 120=0.001"), ("99999=0.1", "the run has only"),
  ])
  func `a change at no step or to no rate is refused`(text: String, words: String) throws {
    let outcome = try Tool.run(
      ["train", Tool.sketches, "--learning-rate-at", text] + Tool.briefly, in: folder)
    expect(outcome, code: 64, words)
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/runs"))
  }
}
