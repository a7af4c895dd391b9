import Foundation
import TestSupport
import Testing

/// What `marbles train` says of a run that diverges.
@Suite struct DivergenceCommandTests {
  private static let tooHigh = [
    "--optimizer", "sgd", "--learning-rate", "1e30", "--warmup", "0",
  ]

  @Test func `a diverged run ends with 2 and one line that says where, on what and what helps`()
    throws
  {
    let folder = try TemporaryFolder()
    let outcome = try Tool.train("x", Self.tooHigh, epochs: 20, in: folder)
    expect(
      outcome, code: 2, "training diverged at step ", "first in the output of layer ",
      "; images cat/", "; --learning-rate 0.1 stays finite: 40 steps after step 0, loss ",
      "; the last good network is runs/x/checkpoints/best.safetensors")
    let evaluated = try Tool.run(
      ["evaluate", "runs/x/checkpoints/best.safetensors", Tool.sketches], in: folder)
    #expect(evaluated.code == 0, "\(evaluated.errors)")
  }

  @Test func `with --json the divergence is in the record, in numbers`() throws {
    let outcome = try Tool.train("x", Self.tooHigh + ["--json"], in: TemporaryFolder())
    #expect(outcome.code == 2)
    let record = try Tool.json(outcome)
    let divergence = try #require(record["divergence"] as? [String: Any])
    #expect((divergence["files"] as? [String])?.isEmpty == false)
    #expect(divergence["gradient_norms"] is [Double])
    let trials = try #require(divergence["trials"] as? [[String: Any]])
    #expect(trials.last?["is_stable"] as? Bool == true)
  }

  @Test func `a run that may retry says each retry in a line`() throws {
    let outcome = try Tool.train(
      "x", Self.tooHigh + ["--on-divergence", "retry"], in: TemporaryFolder())
    #expect(outcome.code == 2)
    for number in 1...3 {
      let line = "\nretry  \(number) of 3, from step 0 on, with 0.3 times the rate\n"
      #expect(outcome.errors.contains(line))
    }
  }

  @Test func `a diverged run can be resumed with --on-divergence retry`() throws {
    let folder = try TemporaryFolder()
    try Tool.train("x", Self.tooHigh, in: folder)
    let outcome = try Tool.run(
      ["train", "--resume", "runs/x", "--on-divergence", "retry"], in: folder)
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("retry  3 of 3"))
  }
}
