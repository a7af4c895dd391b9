import Foundation
import TestSupport
import Testing

/// What `--budget` chooses, keeps and refuses.
@Suite struct BudgetCommandTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func train(_ name: String, _ options: [String]) throws -> Tool.Outcome {
    try Tool.run(["train", Tool.sketches, "--name", name] + options, in: folder)
  }

  private func choices(_ name: String) throws -> [String: Any] {
    let record = try JSONSerialization.jsonObject(with: Data(folder.read("runs/\(name)/run.json")))
    return try #require((record as? [String: Any])?["configuration"] as? [String: Any])
  }

  @Test func `a run with a budget says what it chose`() throws {
    let outcome = try train("a", ["--budget", "2s"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("budget 2.0 s for 19 images at "), "\(outcome.errors)")
    #expect(outcome.errors.contains("model  kitten at 64×64"))
    let choices = try choices("a")
    #expect(choices["budget"] as? Double == 2)
    #expect(choices["optimizer"] as? String == "muon:iterations=3")
  }

  @Test func `what is given is kept`() throws {
    let given = [
      "--optimizer", "lion", "--image-size", "32", "--batch-size", "7", "--augmentation", "none",
      "--schedule", "constant", "--label-smoothing", "0.2", "--architecture",
      "conv 4 3x3, relu, flatten, dense",
    ]
    #expect(try train("a", ["--budget", "1s"] + given).code == 0)
    let choices = try choices("a")
    #expect(choices["optimizer"] as? String == "lion" && choices["image_size"] as? Int == 32)
    #expect(choices["batch_size"] as? Int == 7 && choices["augmentation"] as? String == "none")
    #expect(choices["schedule"] as? String == "constant" && choices["model"] == nil)
    #expect(choices["image_sizes"] == nil)
  }

  @Test func `a learning rate is meant for the usual optimizer`() throws {
    #expect(try train("a", ["--budget", "1s", "--learning-rate", "0.003"]).code == 0)
    #expect(try choices("a")["optimizer"] as? String == "adam")
  }

  @Test func `a run is repeated with its choices and its clock`() throws {
    let options =
      ["--budget", "2s", "--balance", "--image-sizes", "16:0.5,24"] + Tool.tiny.prefix(2)
    #expect(try train("a", options).code == 0)
    let repeated = try Tool.run(["train", "--repeat", "runs/a", "--name", "b"], in: folder)
    #expect(repeated.code == 0, "\(repeated.errors)")
    #expect(try folder.read("runs/a/steps.csv") == folder.read("runs/b/steps.csv"))
    #expect(try folder.read("runs/a/clock.csv") == folder.read("runs/b/clock.csv"))
    #expect(try Tool.metrics("runs/a", in: folder) == Tool.metrics("runs/b", in: folder))
  }

  @Test(arguments: [
    (["--budget", "1m", "--epochs", "3"], "--budget and --epochs both say how long"),
    (["--budget", "0.5s"], "expected a time of at least a second"),
    (["--budget", "soon"], "expected a time of at least a second"),
    (["--image-sizes", "64:0.5"], "expected sizes such as 64,128"),
    (["--image-sizes", "4,64"], "--image-sizes is 4, expected 8 to 1024"),
    (["--mix-until", "0.5"], "--mix-until says when --mixup and --cutmix end"),
    (["--repeat", "runs/a"], "leave out DATA"),
  ])
  func `what cannot be is refused`(options: [String], words: String) throws {
    expect(try train("x", options), code: 64, words)
  }

  @Test func `choices beside those of a repeated run are refused`() throws {
    try Tool.train("a", in: folder)
    expect(
      try Tool.run(["train", "--repeat", "runs/a", "--epochs", "3"], in: folder), code: 64,
      "--epochs cannot be used with --repeat")
    expect(try Tool.run(["train", "--repeat", "runs/no"], in: folder), code: 66, "runs/no")
  }

  @Test func `a run with a budget is not given a number of epochs`() throws {
    #expect(try train("a", ["--budget", "1s"] + Tool.tiny).code == 0)
    expect(
      try Tool.run(["train", "--resume", "runs/a", "--epochs", "3"], in: folder), code: 64,
      "--epochs cannot be used: runs/a has a budget")
  }

  @Test func `images are averaged with their mirror images`() throws {
    try Tool.train("a", in: folder)
    func logits(_ options: [String]) throws -> [[Double]] {
      let outcome = try Tool.run(
        ["predict", "runs/a", Tool.sketches, "--json"] + options, in: folder)
      let predictions = try #require(try Tool.json(outcome)["predictions"] as? [[String: Any]])
      return predictions.compactMap { $0["logits"] as? [Double] }
    }
    let (once, twice) = (try logits([]), try logits(["--tta"]))
    #expect(once.count == 24 && twice.count == 24 && once != twice)
  }

  // MARK: Initial weights

  @Test func `weights are taken over, and for other classes the last layer is drawn anew`() throws {
    try Tool.train("a", in: folder)
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/other", withIntermediateDirectories: true)
    for (name, other) in [("cat", "cat"), ("dog", "hound")] {
      try FileManager.default.copyItem(
        atPath: "\(Tool.sketches)/\(name)", toPath: "\(folder.path)/other/\(other)")
    }
    let same = try Tool.run(
      ["train", Tool.sketches, "--initial-weights", "runs/a", "--epochs", "1", "--name", "b"],
      in: folder)
    #expect(same.code == 0 && !same.errors.contains("drawn anew"), "\(same.errors)")
    #expect(same.errors.contains("own at 16×16"))
    // Epoch 0 is the network of the other run.
    let rows = try Tool.metrics("runs/b", in: folder)
    let before = try Tool.metrics("runs/a", in: folder)
    #expect(before.dropFirst().contains { $0[5] == rows[1][5] })
    let other = try Tool.run(
      ["train", "other", "--initial-weights", "runs/a", "--epochs", "1", "--name", "c"],
      in: folder)
    #expect(other.code == 0 && other.errors.contains("the last layer is drawn anew for 2"))
  }

  @Test func `weights of another network are refused`() throws {
    try Tool.train("a", in: folder)
    expect(
      try Tool.run(
        ["train", Tool.sketches, "--initial-weights", "runs/a", "--model", "kitten"], in: folder),
      code: 64, "runs/a is of another network")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/runs").count == 2)
    expect(
      try Tool.run(["train", Tool.sketches, "--initial-weights", "no.safetensors"], in: folder),
      code: 66, "no.safetensors")
  }

  @Test func `a finished run is continued on a folder that has grown`() throws {
    let manager = FileManager.default
    try manager.copyItem(atPath: Tool.sketches, toPath: "\(folder.path)/photos")
    let late = ["photos/cat/cat-0001.jpg", "photos/dog/dog-0001.jpg"]
    for file in late {
      try manager.moveItem(
        atPath: "\(folder.path)/\(file)",
        toPath: "\(folder.path)/\(file.replacing("/", with: "-"))")
    }
    let first = try Tool.run(["train", "photos", "--name", "a"] + Tool.briefly, in: folder)
    #expect(first.code == 0, "\(first.errors)")
    for file in late {
      try manager.moveItem(
        atPath: "\(folder.path)/\(file.replacing("/", with: "-"))",
        toPath: "\(folder.path)/\(file)")
    }
    let outcome = try Tool.run(
      ["train", "--continue", "runs/a", "--epochs", "1", "--name", "b"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("2 images not known to the earlier run"))
    func parts(_ run: String) throws -> [String: String] {
      let split = try JSONSerialization.jsonObject(
        with: Data(folder.read("runs/\(run)/split.json")))
      let entries = try #require((split as? [String: Any])?["entries"] as? [[String: String]])
      return Dictionary(entries.map { ($0["path"] ?? "", $0["split"] ?? "") }) { $1 }
    }
    let (before, after) = (try parts("a"), try parts("b"))
    #expect(before.count == 22 && after.count == 24)
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    #expect(late.allSatisfy { after[String($0.dropFirst(7))] == "train" })
    // Epoch 0 is the best network of the earlier run; normalization differs a little.
    func losses(_ run: String) throws -> [Double] {
      try Tool.metrics("runs/\(run)", in: folder).dropFirst().compactMap { Double($0[5]) }
    }
    let best = try #require(losses("a").min())
    #expect(try abs(losses("b")[0] - best) < 0.02)
    let resumed = try Tool.run(["train", "--resume", "runs/b", "--epochs", "2"], in: folder)
    #expect(resumed.code == 0, "\(resumed.errors)")
  }

  @Test func `only one earlier run is taken`() throws {
    expect(
      try Tool.run(["train", "--continue", "a", "--repeat", "b"], in: folder), code: 64,
      "--repeat and --continue: give one of them")
  }
}
