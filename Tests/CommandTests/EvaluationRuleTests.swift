import Foundation
import TestSupport
import Testing

/// What is measured on folders that do not have what the network was trained on.
@Suite struct EvaluationRuleTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Tool.train("a", epochs: 1, in: folder)
  }

  /// Copies sketches into `data`.
  private func copy(_ files: [String], into data: String) throws {
    for file in files {
      let bytes = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(file)"))
      try folder.write(bytes, to: "\(data)/\(file)")
    }
  }

  private func evaluate(_ data: String) throws -> [String: Any] {
    let outcome = try Tool.run(["evaluate", "runs/a", data, "--json"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try Tool.json(outcome)
  }

  @Test func `a folder with one of the classes is measured, and the other called absent`() throws {
    try copy(["cat/cat-0001.jpg", "cat/cat-0002.jpg"], into: "one")
    let report = try evaluate("one")
    #expect(report["count"] as? Int == 2)
    #expect(report["absent"] as? [String] == ["dog"])
    #expect(report["balanced_accuracy"] as? Double == report["accuracy"] as? Double)
    let text = try Tool.run(["evaluate", "runs/a", "one"], in: folder).output
    #expect(text.contains("absent    no image of dog: nothing is known about it"), "\(text)")
  }

  @Test func `an empty class, and an empty folder of another name, change nothing`() throws {
    try copy(["cat/cat-0001.jpg"], into: "some")
    for name in ["dog", "fox"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/some/\(name)", withIntermediateDirectories: true)
    }
    #expect(try evaluate("some")["absent"] as? [String] == ["dog"])
  }

  @Test func `a class the network does not know, and a folder without images, end with 65`() throws
  {
    let bytes = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/cat/cat-0001.jpg"))
    try folder.write(bytes, to: "other/fox/1.jpg")
    try folder.write(Array("no image".utf8), to: "text/cat/1.jpg")
    for data in ["other", "text"] {
      let outcome = try Tool.run(["evaluate", "runs/a", data], in: folder)
      #expect(outcome.code == 65 && outcome.complaints.count == 1, "\(outcome.errors)")
    }
  }

  @Test func `images the run was trained on are warned of and counted apart`() throws {
    let all = try evaluate(Tool.sketches)
    let record =
      try JSONSerialization.jsonObject(
        with: Data(folder.read("runs/a/run.json"))) as? [String: Any]
    #expect(all["trained_on"] as? Int == record?["training_count"] as? Int)
    #expect(all["validated_on"] as? Int == record?["validation_count"] as? Int)
    let unseen = try #require(all["unseen"] as? [String: Any])
    #expect(unseen["count"] as? Int == record?["test_count"] as? Int)
    let result = record?["result"] as? [String: Any]
    #expect(unseen["accuracy"] as? Double == result?["test_accuracy"] as? Double)
    let outcome = try Tool.run(["evaluate", "runs/a", Tool.sketches], in: folder)
    #expect(outcome.errors.contains("warning: the run was trained on"))
    #expect(outcome.output.contains("\nunseen "))
    let own = try Tool.run(["evaluate", "runs/a"], in: folder)
    #expect(!own.errors.contains("warning"))
  }

  @Test func `lopsided classes are warned of before training, and measured by balanced accuracy`()
    throws
  {
    for (name, count) in [("cat", 12), ("dog", 2)] {
      let files = try FileManager.default.contentsOfDirectory(atPath: "\(Tool.sketches)/\(name)")
      try copy(files.sorted().prefix(count).map { "\(name)/\($0)" }, into: "lopsided")
    }
    let outcome = try Tool.run(
      ["train", "lopsided", "--name", "b", "--epochs", "1"] + Tool.tiny, in: folder)
    #expect(outcome.code == 0)
    #expect(outcome.errors.contains("'cat' has 6.0 times the images of 'dog'"), "\(outcome.errors)")
    // Two dogs are too few for a test image.
    #expect(outcome.output.contains("no test image of 'dog'"), "\(outcome.output)")
  }
}
