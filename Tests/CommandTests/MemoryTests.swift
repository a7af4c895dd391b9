import Foundation
import TestSupport
import Testing

/// How much memory training takes: announced, limited, refused.
@Suite struct MemoryTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Large enough that maps are most of the memory.
  static let network = ["--model", "tabby", "--image-size", "96", "--batch-size", "16"]

  private func train(_ name: String, _ options: [String] = []) throws -> Tool.Outcome {
    try Tool.run(
      ["train", Tool.sketches, "--name", name, "--epochs", "2", "--json"] + Self.network + options,
      in: folder)
  }

  /// The expected and the measured peak of a run or a benchmark.
  private func memory(_ outcome: Tool.Outcome) throws -> (expected: Double, measured: Double) {
    let report = try Tool.json(outcome)
    let found = report["memory"] as? [String: Any] ?? report
    return (
      try #require(found["expected"] as? Double), try #require(found["measured"] as? Double)
    )
  }

  /// The limit that a refusal names as the least, bytes.
  private func least(_ outcome: Tool.Outcome) throws -> Int {
    let words = try #require(outcome.complaints.first?.firstMatch(of: /at least ([0-9,]+) MB/))
    return try #require(Int(words.1.filter(\.isNumber))) * 1_000_000
  }

  @Test func `training announces the memory that it takes`() throws {
    let outcome = try train("a")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let memory = try memory(outcome)
    #expect(
      outcome.errors.contains("\nmemory about \(Int(memory.expected / 1e6))"),
      "\(outcome.errors)")
    #expect(abs(memory.measured / memory.expected - 1) < 0.12, "\(memory)")
  }

  @Test func `a run in the least memory is the run in any, also resumed`() throws {
    let refused = try train("x", ["--memory-limit", "20MB"])
    expect(refused, code: 64, "--memory-limit is 20.0 MB, but training takes at least ")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/runs/x"))
    let limit = ["--memory-limit", "\(try least(refused) / 1_000_000)MB"]
    let (free, limited) = (try train("a"), try train("b", limit))
    #expect(free.code == 0 && limited.code == 0, "\(limited.errors)")
    #expect(try memory(limited).expected < memory(free).expected)
    #expect(try memory(limited).measured <= Double(least(refused)) * 1.05)
    #expect(try folder.read("runs/a/steps.csv") == folder.read("runs/b/steps.csv"))
    #expect(try Tool.metrics("runs/a", in: folder) == Tool.metrics("runs/b", in: folder))
    for (name, options) in [("a", []), ("b", limit)] {
      let resumed = try Tool.run(
        ["train", "--resume", "runs/\(name)", "--epochs", "3", "--quiet"] + options, in: folder)
      #expect(resumed.code == 0, "\(resumed.errors)")
    }
    #expect(try folder.read("runs/a/steps.csv") == folder.read("runs/b/steps.csv"))
  }

  @Test func `a budget chooses among what the memory allows`() throws {
    let outcome = try Tool.run(
      ["train", Tool.sketches, "--name", "a", "--budget", "1s", "--memory-limit", "1GB"],
      in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let refused = try Tool.run(
      ["train", Tool.sketches, "--budget", "1s", "--memory-limit", "10MB"], in: folder)
    expect(refused, code: 64, "--memory-limit is 10.0 MB")
  }

  @Test(arguments: ["500", "500mb", "0.5 MB", "0MB", "nan GB", "1e3MB", "9999999TB", "-1GB"])
  func `what is no size of memory is refused`(size: String) throws {
    let outcome = try train("x", ["--memory-limit=\(size)"])
    expect(outcome, code: 64, "expected a size of at least a megabyte, such as 500MB")
  }

  @Test(arguments: [[], ["--memory-limit", "106MB"]])
  func `a few steps take the memory that is expected of them`(options: [String]) throws {
    let outcome = try Tool.run(
      ["bench", "memory", "--json"] + Self.network + options,
      in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let memory = try memory(outcome)
    #expect(abs(memory.measured / memory.expected - 1) < 0.08, "\(memory)")
    let operations = try #require(try Tool.json(outcome)["operations"] as? [[String: Any]])
    let isRepeated = operations.contains { $0["is_repeated"] as? Bool == true }
    #expect(isRepeated != options.isEmpty)
  }
}
