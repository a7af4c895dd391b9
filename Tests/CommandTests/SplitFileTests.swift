import Foundation
import ImageLoading
import TestSupport
import Testing

/// `data split`, `train --split-file`, and runs that replay their own split.
@Suite struct SplitFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func makeSplit(_ options: String...) throws -> Tool.Outcome {
    try Tool.run(["data", "split", Tool.sketches, "--out", "split.json"] + options, in: folder)
  }

  func entries(_ file: String) throws -> [[String: String]] {
    let object = try JSONSerialization.jsonObject(with: Data(folder.read(file)))
    return try #require((object as? [String: Any])?["entries"] as? [[String: String]])
  }

  func change(_ file: String, _ body: (inout [[String: String]]) -> Void) throws {
    var changed = try entries(file)
    body(&changed)
    try folder.write(
      JSONSerialization.data(withJSONObject: ["seed": 1, "entries": changed]), to: file)
  }

  @Test func `a run uses the parts of the split file`() throws {
    #expect(try makeSplit("--test-split", "0.3", "--seed", "5").code == 0)
    let trained = try Tool.train("a", ["--split-file", "split.json"], in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(try entries("runs/a/split.json") == entries("split.json"))
    let counts = try Tool.json(makeSplit("--test-split", "0.3", "--seed", "5", "--json"))
    #expect((counts["test"] as? Int).map { $0 >= 6 } == true)
    try Tool.train("b", in: folder)
    #expect(try entries("runs/b/split.json") != entries("split.json"))
  }

  @Test func `classes of which more is held out than was asked for are noted`() throws {
    let many = try makeSplit("--test-split", "0.01")
    #expect(many.errors.contains("2 classes of few images ('cat', …)"), "\(many.errors)")
    let enough = try makeSplit("--test-split", "0.2", "--validation-split", "0.2")
    #expect(enough.code == 0 && !enough.errors.contains("of few images"), "\(enough.errors)")
  }

  @Test func `a run that replays its split goes on and is evaluated as before`() throws {
    _ = try makeSplit("--test-split", "0.3", "--seed", "5")
    try Tool.train("whole", ["--split-file", "split.json"], epochs: 3, in: folder)
    try Tool.train(
      "cut", ["--split-file", "split.json", "--schedule", "constant"], epochs: 1, in: folder)
    try FileManager.default.removeItem(atPath: "\(folder.path)/split.json")
    let resumed = try Tool.run(
      ["train", "--resume", "runs/cut", "--epochs", "2"], in: folder)
    #expect(resumed.code == 0, "\(resumed.errors)")
    let evaluated = try Tool.run(["evaluate", "runs/whole", "--json"], in: folder)
    let count = try entries("runs/whole/split.json").count { $0["split"] == "test" }
    #expect(try Tool.json(evaluated)["count"] as? Int == count)
  }

  @Test func `an image with other content than in the split file is named`() throws {
    _ = try makeSplit()
    try change("split.json") { $0[0]["sha256"] = "0" }
    let outcome = try Tool.train("a", ["--split-file", "split.json"], in: folder)
    expect(
      outcome, code: 65, "1 is in it, but not among the readable images, or with other content",
      "cat/cat-0001")
    #expect(!folder.contents.contains("runs/a"))
  }

  @Test func `a split file that names some of the images repeats their run`() throws {
    try Tool.train("a", ["--limit", "16"], in: folder)
    let replayed = try Tool.train("b", ["--split-file", "runs/a/split.json"], in: folder)
    #expect(replayed.code == 0, "\(replayed.errors)")
    #expect(replayed.errors.contains("8 images of \(Tool.sketches) not in the split file"))
    #expect(try folder.read("runs/a/split.json") == folder.read("runs/b/split.json"))
    #expect(try folder.read("runs/a/steps.csv") == folder.read("runs/b/steps.csv"))
    #expect(try Tool.metrics("runs/a", in: folder) == Tool.metrics("runs/b", in: folder))
    let evaluated = try ["a", "b"].map {
      try Tool.json(Tool.run(["evaluate", "runs/\($0)", "--json"], in: folder))["loss"] as? Double
    }
    #expect(evaluated[0] != nil && evaluated[0] == evaluated[1])
    let resumed = try Tool.run(["train", "--resume", "runs/b", "--epochs", "3"], in: folder)
    #expect(resumed.code == 0, "\(resumed.errors)")
  }

  @Test func `a limit beside a split file is refused with the reason`() throws {
    _ = try makeSplit()
    expect(
      try Tool.train("a", ["--split-file", "split.json", "--limit", "9"], in: folder), code: 64,
      "--limit", "--split-file, which names the images to use")
  }

  @Test func `an image that is gone is an error that names it`() throws {
    _ = try makeSplit()
    try change("split.json") { entries in
      entries.append(["path": "cat/gone.jpg", "sha256": "0", "class": "cat", "split": "test"])
    }
    let outcome = try Tool.train("a", ["--split-file", "split.json"], in: folder)
    #expect(outcome.code == 65)
    #expect(outcome.errors.contains("1 is in it, but not") && outcome.errors.contains("gone.jpg"))
  }

  @Test func `an image that is in a split file twice is named for that`() throws {
    _ = try makeSplit()
    try change("split.json") { $0.append($0[0]) }
    let outcome = try Tool.train("a", ["--split-file", "split.json"], in: folder)
    expect(outcome, code: 65, "1 is in it more than once, the first is cat/cat-0001")
  }

  @Test func `a split file that is missing or none at all ends with its own code`() throws {
    let missing = try Tool.train("a", ["--split-file", "no.json"], in: folder)
    #expect(missing.code == 66 && missing.errors.contains("no.json"))
    try folder.write(Array("{}".utf8), to: "bad.json")
    let bad = try Tool.train("a", ["--split-file", "bad.json"], in: folder)
    #expect(bad.code == 65 && bad.errors.contains("bad.json: not a split file"))
  }

  @Test func `a split file that is not UTF-8 is said to be`() throws {
    try folder.write(Array("{\n\"seed\": 1, \"m".utf8) + [0xE4, 0x7D], to: "latin.json")
    let outcome = try Tool.train("a", ["--split-file", "latin.json"], in: folder)
    #expect(outcome.code == 65 && outcome.errors.contains("latin.json: line 2: not UTF-8"))
  }

  @Test func `nothing is written among the images`() throws {
    let outcome = try Tool.run(
      ["data", "split", Tool.sketches, "--out", "\(Tool.sketches)/split.json"], in: folder)
    #expect(outcome.code == 64)
    #expect(!FileManager.default.fileExists(atPath: "\(Tool.sketches)/split.json"))
  }
}
