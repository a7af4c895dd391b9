import Foundation
import TestSupport
import Testing

/// Whatever is wrong: one clear line, the documented exit code, and nothing lost.
@Suite struct BadInputTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func train(_ data: String, _ options: String...) throws -> Tool.Outcome {
    try Tool.run(["train", data] + Tool.briefly + options, in: folder)
  }

  /// Copies some of the sketches into class folders of this test's own.
  func copySketches(_ count: Int, as classes: [String] = ["cat", "dog"]) throws {
    for (original, name) in zip(["cat", "dog"], classes) {
      let files = try FileManager.default.contentsOfDirectory(
        atPath: "\(Tool.sketches)/\(original)")
      for file in files.sorted().prefix(count) {
        let bytes = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(original)/\(file)"))
        try folder.write(bytes, to: "data/\(name)/\(file)")
      }
    }
  }

  // MARK: Folders

  @Test func `a missing folder`() throws {
    expect(try train("nowhere"), code: 66, "nowhere", "no such folder")
  }

  @Test func `a file in place of the folder`() throws {
    try folder.write([1], to: "data")
    expect(try train("data"), code: 66, "data", "not a folder")
  }

  @Test func `an empty folder`() throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/data", withIntermediateDirectories: true)
    expect(try train("data"), code: 65, "no images found", "one folder per class")
  }

  @Test func `one class only`() throws {
    try copySketches(4, as: ["cat"])
    expect(try train("data"), code: 65, "only one class, 'cat'")
  }

  @Test func `a class folder without a readable image`() throws {
    try copySketches(4)
    try folder.write(Array("hello".utf8), to: "data/fox/a.jpg")
    expect(try train("data"), code: 65, "class 'fox' has no readable image", "fox/a.jpg")
  }

  @Test func `three images`() throws {
    try copySketches(1)
    let more = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/cat/cat-0005.jpg"))
    try folder.write(more, to: "data/cat/more.jpg")
    expect(try train("data"), code: 65, "no class has more than 2 images")
  }

  @Test func `runs inside the folder of images`() throws {
    try copySketches(4)
    expect(try train("data", "--out", "data/runs"), code: 64, "--out")
    expect(try train("data", "--out", "data/../data"), code: 64, "--out")
    #expect(!folder.contents.contains("data/runs"))
  }

  // MARK: Files: skipped and listed, or an error with --strict

  @Test(arguments: [
    ("text.jpg", "not an image"), ("half.jpg", "of 2"), ("nothing.jpg", "0 bytes"),
  ])
  func `a broken file is skipped and listed, and an error when strict`(
    file: (name: String, reason: String)
  ) throws {
    try copySketches(12)
    let jpeg = try [UInt8](
      Data(contentsOf: URL(filePath: "\(Tool.sketches)/cat/cat-0005.jpg")))
    let contents: [String: [UInt8]] = [
      "text.jpg": Array("this is no image".utf8), "half.jpg": Array(jpeg.prefix(jpeg.count / 2)),
      "nothing.jpg": [],
    ]
    try folder.write(contents[file.name] ?? [], to: "data/cat/\(file.name)")
    let outcome = try train("data", "--epochs", "1", "--name", "a")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(folder.read("runs/a/data-report.json")))
        as? [String: Any])
    let skipped = try #require(report["skipped"] as? [[String: String]])
    #expect(skipped.count == 1 && skipped[0]["path"] == "cat/\(file.name)")
    #expect(skipped[0]["reason"]?.contains(file.reason) == true, "\(skipped)")
    expect(try train("data", "--strict"), code: 65, "cat/\(file.name)", file.reason)
  }

  // MARK: Options

  @Test(arguments: [
    (["--learnin-rate", "1"], "Did you mean '--learning-rate'"),
    (["--learning-rate", "banana"], "--learning-rate is 'banana': expected"),
    (["--learning-rate", "-1"], "--learning-rate"),
    (["--learning-rate", "nan"], "--learning-rate"),
    (["--epochs", "0"], "--epochs is 0, expected 1"), (["--batch-size", "0"], "--batch-size"),
    (["--image-size", "4"], "--image-size is 4, expected 8 to 1024"),
    (["--validation-split", "1.5"], "--validation-split"), (["--threads", "0"], "--threads"),
    (["--optimizer", "adams"], "--optimizer"), (["--name", "a/b"], "--name"),
    (["--architecture", "conv 8, dence"], "architecture"),
    (["--architecture", "conv 8, dense"], "needs a vector"), (["--model", "tiger"], "--model"),
  ])
  func `a wrong option`(options: [String], words: String) throws {
    let outcome = try Tool.run(["train", Tool.sketches] + options, in: folder)
    expect(outcome, code: 64, words)
    #expect(!folder.contents.contains("runs"))
  }

  @Test func `no folder at all, or one too many`() throws {
    expect(try Tool.run(["train"], in: folder), code: 64, "<data>")
    expect(try Tool.run(["train", "a", "b"], in: folder), code: 64, "b")
    expect(try Tool.run(["train", "a", "--resume", "b"], in: folder), code: 64, "--resume")
    expect(try Tool.run(["trane"], in: folder), code: 64, "trane")
  }

  // MARK: Checkpoints

  @Test func `a checkpoint that is not there, cut, or of other shapes`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let best = "runs/a/checkpoints/best.safetensors"
    let bytes = try folder.read(best)
    for command in [["evaluate"], ["predict"]] {
      let rest = [Tool.sketches]
      expect(try Tool.run(command + ["no.safetensors"] + rest, in: folder), code: 66, "no such")
      try folder.write(bytes.prefix(bytes.count / 2), to: "half.safetensors")
      expect(
        try Tool.run(command + ["half.safetensors"] + rest, in: folder), code: 65,
        "\(bytes.count / 2) bytes")
      // The header now claims a network with other channels; as long as before.
      let text = String(decoding: bytes.prefix(4000), as: UTF8.self)
      #expect(text.contains("conv 4 3x3, pool 2"))
      let changed = bytes.replacing(
        Array("conv 4 3x3, pool 2".utf8), with: Array("conv 5 3x3, pool 2".utf8))
      try folder.write(changed.withoutChecksum, to: "other.safetensors")
      expect(
        try Tool.run(command + ["other.safetensors"] + rest, in: folder), code: 65, "0.weight",
        "[4, 3, 3, 3]", "[5, 3, 3, 3]")
    }
  }

  @Test func `a run that is not there, or that changed its images`() throws {
    expect(try Tool.run(["train", "--resume", "runs/no"], in: folder), code: 66, "runs/no")
    expect(try Tool.run(["plot", "runs/no"], in: folder), code: 66, "runs/no")
    try copySketches(12)
    #expect(try train("data", "--epochs", "1", "--name", "a").code == 0)
    try FileManager.default.removeItem(atPath: "\(folder.path)/data/cat/cat-0001.jpg")
    expect(
      try Tool.run(["train", "--resume", "runs/a", "--epochs", "2"], in: folder), code: 65,
      "images changed")
    // What was trained on is not measured.
    #expect(try Tool.run(["evaluate", "runs/a"], in: folder).code == 0)
  }

  @Test func `a run that has all its epochs`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    expect(
      try Tool.run(["train", "--resume", "runs/a"], in: folder), code: 64, "all its 1 epochs")
  }

  @Test func `images of classes the checkpoint does not know`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    try copySketches(3, as: ["cat", "wolf"])
    expect(
      try Tool.run(["evaluate", "runs/a", "data"], in: folder), code: 65, "'wolf'", "cat, dog")
  }

  // MARK: Output

  @Test func `an output folder that cannot be written`() throws {
    try folder.write([1], to: "file")
    expect(
      try Tool.train("a", ["--out", "file/runs"], in: folder), code: 73, "file/runs",
      "cannot write")
    expect(
      try Tool.run(["data", "sketch", "/dev/null/a", "--count", "2"], in: folder), code: 73,
      "/dev/null/a")
    try Tool.train("a", epochs: 1, in: folder)
    expect(
      try Tool.run(["plot", "runs/a", "--out", "file/plots"], in: folder), code: 73, "file/plots")
  }

  @Test func `a name that is taken`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let before = try folder.read("runs/a/run.json")
    expect(
      try Tool.train("a", epochs: 1, in: folder), code: 73, "runs/a: exists", "--name", "--resume")
    #expect(try folder.read("runs/a/run.json") == before)
  }

  @Test func `a full disk`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let outcome = try Tool.run(
      ["evaluate", "runs/a", "--part", "train", "--predictions", "/dev/full"], in: folder)
    expect(outcome, code: 73, "/dev/full", "No space left")
  }

  @Test func `a rate far too high`() throws {
    let outcome = try Tool.train(
      "a", ["--optimizer", "sgd", "--learning-rate", "1e30", "--warmup", "0"], in: folder)
    expect(outcome, code: 2, "diverged at step", "--learning-rate")
    #expect(folder.contents.contains("runs/a/plots/loss.png"))
  }
}
