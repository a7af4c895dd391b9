import Foundation
import TestSupport
import Testing

/// What runs are called in a figure that they share.
@Suite struct PlotLabelTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func labels(_ runs: [String], _ more: [String] = []) throws -> [String] {
    let outcome = try Tool.run(
      ["plot"] + runs.map { "runs/\($0)" } + ["--out", "both", "--json"] + more, in: folder)
    return try #require(try Tool.json(outcome)["labels"] as? [String])
  }

  @Test func `runs are told apart by the choices in which they differ`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    try Tool.train("b", ["--seed", "2"], epochs: 1, in: folder)
    try Tool.train("c", ["--seed", "2", "--learning-rate", "0.01"], epochs: 1, in: folder)
    try Tool.train("again", epochs: 1, in: folder)
    #expect(try labels(["a"]) == ["adam"])
    #expect(try labels(["a", "b"]) == ["seed 1", "seed 2"])
    #expect(
      try labels(["a", "b", "c"])
        == ["rate 0.004, seed 1", "rate 0.004, seed 2", "rate 0.01, seed 2"])
    #expect(try labels(["a", "again"]) == ["a", "again"])
    #expect(try labels(["a", "again", "b"]) == ["seed 1, a", "seed 1, again", "seed 2"])
    #expect(try labels(["a", "b"], ["--label", "first, second"]) == ["first", "second"])
  }

  @Test func `labels are as short as the figure has room for`() throws {
    let averaged = ["--optimizer", "rmsprop:momentum=0.9,ema=0.9"]
    try Tool.train("a", averaged, epochs: 1, in: folder)
    try Tool.train(
      "b", ["--optimizer", "rmsprop:momentum=0.9,ema=0.99", "--objective", "focal"], epochs: 1,
      in: folder)
    #expect(try labels(["a", "b"]) == ["rmsprop:ema=0.9", "rmsprop:ema=0.99"])
    try Tool.train("c", averaged + ["--objective", "focal"], epochs: 1, in: folder)
    #expect(try labels(["a", "b", "c"]) == ["a", "b", "c"])
    try Tool.train("d", averaged + ["--augmentation", "none"], epochs: 1, in: folder)
    #expect(try labels(["a", "d"]) == ["light augmentation", "no augmentation"])
  }

  @Test func `own networks are called by the layers in which they differ`() throws {
    for (name, own) in [("a", "conv 8, relu"), ("b", "conv 12, gelu")] {
      let layers = "conv 4, batchnorm, relu, \(own), pool 2, global-pool, flatten, dense"
      try Tool.train(name, ["--architecture", layers], epochs: 1, in: folder)
    }
    #expect(try labels(["a", "b"]) == ["conv 8 3x3, relu", "conv 12 3x3, gelu"])
  }

  @Test func `names that are too long are called by their ends`() throws {
    for name in ["the first of two equal runs", "the second of two equal runs: again"] {
      try Tool.train(name, epochs: 1, in: folder)
    }
    let names = ["the first of two equal runs", "the second of two equal runs: again"]
    #expect(try labels(names) == ["…wo equal runs", "…l runs: again"])
  }

  @Test func `as many labels as runs are needed`() throws {
    let outcome = try Tool.run(
      ["plot", "runs/a", "runs/b", "--out", "both", "--label", "one"], in: folder)
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("1 name for 2 runs"))
  }
}
