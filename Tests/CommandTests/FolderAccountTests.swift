import Foundation
import TestSupport
import Testing

/// Every file of a folder is accounted for, by `scan`, by `train` and in `data-report.json`.
@Suite struct FolderAccountTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Copies sketches to `path`, whose `#` becomes their number.
  func copy(_ animal: String, _ range: Range<Int>, to path: String) throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(Tool.sketches)/\(animal)")
    for (index, file) in files.sorted().enumerated() where range.contains(index) {
      let bytes = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(animal)/\(file)"))
      try folder.write(bytes, to: path.replacing("#", with: "\(index)"))
    }
  }

  func makeKaggle() throws {
    try copy("cat", 0..<8, to: "data/train/cat.#.jpg")
    try copy("dog", 0..<8, to: "data/train/dog.#.jpg")
    try copy("cat", 8..<11, to: "data/test1/#.jpg")
    try folder.write([1, 2, 3], to: "data/train/cat.99.jpg")
    try folder.write([], to: "data/.DS_Store")
  }

  func counts(_ report: [String: Any]) throws -> [String: Int] {
    let counts = try #require(report["counts"] as? [String: Int])
    #expect(counts["found"] == ["used", "skipped", "ignored"].reduce(0) { $0 + (counts[$1] ?? 0) })
    #expect((report["skipped"] as? [Any])?.count == counts["skipped"])
    #expect((report["ignored"] as? [Any])?.count == counts["ignored"])
    let classes = try #require(report["classes"] as? [[String: Any]])
    #expect(classes.reduce(0) { $0 + ($1["usable"] as? Int ?? 0) } == counts["used"])
    let groups = try #require(report["groups"] as? [[String: Any]])
    #expect(groups.reduce(0) { $0 + ($1["usable"] as? Int ?? 0) } == counts["used"])
    return counts
  }

  @Test func `the sums of a scan and of a run agree`() throws {
    try makeKaggle()
    let scanned = try Tool.run(["data", "scan", "data", "--json"], in: folder)
    #expect(scanned.code == 0, "\(scanned.errors)")
    let expected = ["found": 21, "used": 16, "skipped": 1, "ignored": 4]
    #expect(try counts(Tool.json(scanned)) == expected)
    let trained = try Tool.run(
      ["train", "data", "--name", "a", "--epochs", "1"] + Tool.tiny, in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(trained.errors.contains("16 images of 2 classes"))
    #expect(trained.errors.contains("1 skipped, 4 ignored (see data-report.json)"))
    let report = try JSONSerialization.jsonObject(
      with: Data(folder.read("runs/a/data-report.json")))
    #expect(try counts(#require(report as? [String: Any])) == expected)
    let limited = try Tool.run(
      ["train", "data", "--name", "b", "--epochs", "1", "--limit", "12"] + Tool.tiny, in: folder)
    #expect(limited.code == 0, "\(limited.errors)")
    let part = try JSONSerialization.jsonObject(
      with: Data(folder.read("runs/b/data-report.json")))
    #expect(try counts(#require(part as? [String: Any]))["found"] == 21)
  }

  @Test func `a scan shows the counts first, then the reading as a tree`() throws {
    try makeKaggle()
    let lines = try Tool.run(["data", "scan", "data"], in: folder).output
      .split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("data · class folders inside ready-made splits · 21 files in "))
    #expect(lines[1] == "  16 used · 1 skipped · 4 ignored")
    #expect(lines[2] == "  train/")
    #expect(lines[3] == "    cat         8 usable of 9 files · train")
    #expect(lines[4] == "    dog         8 usable · train")
    #expect(lines.contains { $0.hasPrefix("  3 in test1/, which has no class folders (test1/") })
  }

  @Test func `a scan cuts paths, not reasons, and shows both files of a pair`() throws {
    let long = String(repeating: "long-", count: 20)
    try copy("cat", 0..<4, to: "data/\(long)cat/#\(long).jpg")
    try copy("dog", 0..<4, to: "data/dog/#.jpg")
    try copy("cat", 0..<1, to: "data/dog/\(long)copy.jpg")
    try folder.write([1, 2, 3], to: "data/dog/\(long)broken.jpg")
    try copy("cat", 5..<6, to: "data/\(long)stray.jpg")
    let output = try Tool.run(["data", "scan", "data"], in: folder).output
    let lines = output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(output)")
    #expect(lines.contains { $0.hasSuffix("broken.jpg: not an image (starts with 01 02 03)") })
    #expect(lines.contains { $0.contains("beside the class folders") }, "\(output)")
    #expect(
      lines.contains { $0.contains("copy.jpg = long-") && $0.hasSuffix("long-.jpg") }, "\(output)")
  }

  @Test func `strict refuses images that were left out, not what systems made`() throws {
    try copy("cat", 0..<4, to: "data/cat/#.jpg")
    try copy("dog", 0..<4, to: "data/dog/#.jpg")
    try copy("cat", 0..<1, to: "data/@eaDir/#.jpg")
    try folder.write([], to: "data/notes.txt")
    #expect(try Tool.run(["data", "scan", "data", "--strict"], in: folder).code == 0)
    try copy("cat", 5..<6, to: "data/stray.jpg")
    let outcome = try Tool.run(["data", "scan", "data", "--strict"], in: folder)
    #expect(outcome.code == 65 && outcome.complaints.count == 1)
    #expect(outcome.errors.contains("stray.jpg: beside the class folders"))
  }

  @Test func `what can be read in two ways ends in one line with both`() throws {
    try copy("cat", 0..<4, to: "data/cat/#.jpg")
    try copy("dog", 0..<4, to: "data/dog/#.jpg")
    try copy("cat", 4..<6, to: "data/test/#.jpg")
    for command in [["train", "data"], ["data", "scan", "data"]] {
      let outcome = try Tool.run(command, in: folder)
      #expect(outcome.code == 65 && outcome.complaints.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("'test' as a class beside 'cat'"), "\(outcome.errors)")
    }
  }

  @Test func `evaluate measures the recorded test images after others came or went`() throws {
    try copy("cat", 0..<10, to: "data/cat/#.jpg")
    try copy("dog", 0..<10, to: "data/dog/#.jpg")
    let trained = try Tool.run(
      ["train", "data", "--name", "a", "--epochs", "1", "--test-split", "0.2"] + Tool.tiny,
      in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    let before = try Tool.json(Tool.run(["evaluate", "runs/a", "--json"], in: folder))
    try copy("cat", 10..<12, to: "data/cat/new#.jpg")
    try copy("dog", 10..<12, to: "data/fox/#.jpg")
    let split = try #require(
      JSONSerialization.jsonObject(with: Data(folder.read("runs/a/split.json")))
        as? [String: Any])
    let entries = try #require(split["entries"] as? [[String: Any]])
    func path(of part: String) throws -> String {
      let entry = try #require(entries.first { $0["split"] as? String == part })
      return "\(folder.path)/data/\(try #require(entry["path"] as? String))"
    }
    try FileManager.default.removeItem(atPath: path(of: "train"))
    let after = try Tool.run(["evaluate", "runs/a", "--json"], in: folder)
    #expect(after.code == 0, "\(after.errors)")
    #expect(after.errors.contains("4 images not in the run's split and not measured"))
    #expect(after.errors.contains("1 image of the run is gone"))
    let values = try Tool.json(after)
    #expect(values["loss"] as? Double == before["loss"] as? Double)
    #expect(values["count"] as? Int == before["count"] as? Int)
    try FileManager.default.removeItem(atPath: path(of: "test"))
    let missing = try Tool.run(["evaluate", "runs/a"], in: folder)
    #expect(missing.code == 65 && missing.errors.contains("1 of the run's test images is gone"))
  }
}
