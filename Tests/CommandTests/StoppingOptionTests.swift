import Foundation
import TestSupport
import Testing

/// How a run is told when to stop and what to reach.
@Suite struct StoppingOptionTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func record(_ run: String) throws -> [String: Any] {
    try #require(
      JSONSerialization.jsonObject(with: Data(folder.read("\(run)/run.json"))) as? [String: Any])
  }

  @Test func `a run stops at its target accuracy, and goes on with a higher one`() throws {
    let first = try Tool.train("a", ["--target-accuracy", "0.01"], epochs: 5, in: folder)
    #expect(first.code == 0 && first.errors.contains("--target-accuracy 0.01"), "\(first.errors)")
    #expect(try Tool.metrics("runs/a", in: folder).count < 6)
    expect(
      try Tool.run(["train", "--resume", "runs/a"], in: folder), code: 64, "has finished",
      "--target-accuracy 0.01")
    let more = try Tool.run(
      ["train", "--resume", "runs/a", "--target-accuracy", "1"], in: folder)
    #expect(more.code == 0, "\(more.errors)")
    try Tool.train("b", epochs: 5, in: folder)
    let whole = try Tool.metrics("runs/b", in: folder)
    #expect(
      try Array(whole.prefix(Tool.metrics("runs/a", in: folder).count))
        == Tool.metrics("runs/a", in: folder))
  }

  @Test func `a result that is worse than required exits with 3, and is kept`() throws {
    let reached = try Tool.train(
      "a", ["--require", "test_accuracy>=0", "--require", "validation_loss<=100"], in: folder)
    #expect(reached.code == 0, "\(reached.errors)")
    let missed = try Tool.train("b", ["--require", "test_loss<=0.0001"], in: folder)
    #expect(missed.code == 3 && missed.complaints.count == 1, "\(missed.errors)")
    #expect(missed.errors.contains("test_loss is 0.") && missed.errors.contains("<= 0.0001"))
    #expect(try record("runs/b")["status"] as? String == "finished")
  }

  @Test(arguments: [
    ["--target-accuracy", "0"], ["--target-accuracy", "1.5"], ["--target-accuracy", "nan"],
    ["--require", "accuracy>=0.9"], ["--require", "test_accuracy>=0.9", "--test-split", "0"],
    ["--target-accuracy", "0.9", "--validation-split", "0"],
  ])
  func `what can never be decided is refused`(options: [String]) throws {
    let outcome = try Tool.train("a", options, in: folder)
    #expect(outcome.code == 64 && outcome.complaints.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains(options[0]))
    #expect(!folder.contents.contains { $0.hasPrefix("runs/a") })
  }
}
