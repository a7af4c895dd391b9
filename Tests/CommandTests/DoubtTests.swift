import Foundation
import TestSupport
import Testing

/// `data doubt`, and `train --exclude`.
@Suite struct DoubtTests {
  let folder: TemporaryFolder
  /// Six sketches of each class that are in the folder of the other one.
  private let planted: Set<String>

  init() throws {
    folder = try TemporaryFolder()
    let drawn = try Tool.run(
      ["data", "sketch", "photos", "--count", "240", "--bias", "background=1"], in: folder)
    #expect(drawn.code == 0, "\(drawn.errors)")
    var planted: Set<String> = []
    for (label, other) in [("cat", "dog"), ("dog", "cat")] {
      let names = folder.contents.filter { $0.hasPrefix("photos/\(label)/\(label)-") }.sorted()
      for name in names.prefix(6) {
        let moved = "\(other)/\(name.split(separator: "/")[2])"
        try FileManager.default.moveItem(
          atPath: "\(folder.path)/\(name)", toPath: "\(folder.path)/photos/\(moved)")
        planted.insert(moved)
      }
    }
    self.planted = planted
  }

  private func doubt(_ words: String...) throws -> Tool.Outcome {
    try Tool.run(["data", "doubt"] + words, in: folder)
  }

  private func table(_ name: String) throws -> [[Substring]] {
    String(decoding: try folder.read(name), as: UTF8.self).split(separator: "\n")
      .map { $0.split(separator: ",") }
  }

  @Test func `planted wrong labels are found, listed and drawn, and no image is touched`() throws {
    let before = folder.contents.filter { $0.hasPrefix("photos/") }
    let outcome = try doubt(
      "photos", "--model", "kitten", "--image-size", "32", "--epochs", "12", "--folds", "3",
      "--out", "doubt.svg", "--count", "24")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("240 images judged by 3 networks that had not seen them\n"))
    #expect(outcome.output.hasSuffix("\ndoubt.svg\ndoubt.csv\n"))
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let rows = try table("doubt.csv")
    #expect(
      rows[0] == ["path", "label", "likely", "label_probability", "likely_probability", "doubted"])
    #expect(rows.count == 25)
    // A tenth of the images has most of the wrong labels.
    let found = rows.dropFirst().count { planted.contains(String($0[0])) }
    #expect(found >= 8, "\(found) of 12")
    let figure = String(decoding: try folder.read("doubt.svg"), as: UTF8.self)
    #expect(figure.contains("labeled cat, likely dog"))
    #expect(folder.contents.filter { $0.hasPrefix("photos/") } == before)
  }

  @Test func `the same for any number of threads, as one object`() throws {
    let outcomes = try ["1", "2"].map { threads in
      try Tool.run(
        ["data", "doubt", "photos", "--epochs", "1", "--folds", "2", "--json", "--overwrite"]
          + Tool.tiny + ["--threads", threads], in: folder)
    }
    #expect(outcomes[0].output == outcomes[1].output)
    let report = try Tool.json(outcomes[0])
    #expect(report["images"] as? Int == 240 && report["networks"] as? Int == 2)
    let listed = try #require(report["listed"] as? [[String: Any]])
    #expect(listed.count == report["doubted"] as? Int)
  }

  @Test func `a list is left out of training, when a run is resumed, and when it is judged`() throws
  {
    try folder.write(
      Array("path,label\ncat/cat-0100.jpg,cat\ncat/cat-0100.png,cat\ndog/none.jpg,dog\n".utf8),
      to: "wrong.csv")
    let trained = try Tool.run(
      ["train", "photos", "--name", "a", "--exclude", "wrong.csv", "--epochs", "1"] + Tool.tiny
        + ["--schedule", "constant"], in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(trained.errors.contains("2 images of wrong.csv not in photos"), "\(trained.errors)")
    let split = String(decoding: try folder.read("runs/a/split.json"), as: UTF8.self)
    #expect(!split.contains("cat-0100."))
    let report = String(decoding: try folder.read("runs/a/data-report.json"), as: UTF8.self)
    #expect(report.contains("excluded by wrong.csv"))
    try FileManager.default.removeItem(atPath: "\(folder.path)/wrong.csv")
    let resumed = try Tool.run(["train", "--resume", "runs/a", "--epochs", "2"], in: folder)
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try Tool.run(["evaluate", "runs/a"], in: folder).code == 0)
    // The run keeps what the list said, and its images.
    let repeated = try Tool.run(["train", "--repeat", "runs/a", "--name", "again"], in: folder)
    #expect(repeated.code == 0, "\(repeated.errors)")
    #expect(try folder.read("runs/again/split.json") == folder.read("runs/a/split.json"))
    let image = try #require(folder.contents.first { $0.hasPrefix("photos/dog/") })
    try FileManager.default.moveItem(
      atPath: "\(folder.path)/\(image)", toPath: "\(folder.path)/moved.jpg")
    expect(
      try Tool.run(["train", "--repeat", "runs/a", "--name", "other"], in: folder), code: 65,
      "not those that runs/a was trained on")
    try FileManager.default.moveItem(
      atPath: "\(folder.path)/moved.jpg", toPath: "\(folder.path)/\(image)")
    let judged = try doubt("runs/a", "--json")
    #expect(judged.code == 0, "\(judged.errors)")
    let record = try Tool.json(judged)
    #expect(record["networks"] as? Int == 1)
    #expect((record["images"] as? Int).map { (40...50).contains($0) } == true)
  }

  @Test func `what cannot be done is refused before training, in one line`() throws {
    try Tool.train("a", in: folder)
    expect(
      try doubt("runs/a", "--folds", "3"), code: 64, "--folds cannot be used with a run")
    expect(try doubt("nowhere"), code: 66, "nowhere")
    #expect(try doubt("photos", "--epochs", "1", "--budget", "3s").code == 64)
    #expect(try doubt("photos", "--test-split", "0.2").code == 64)
    #expect(try doubt("photos", "--folds", "1").code == 64)
    let cats = folder.contents.filter { $0.hasPrefix("photos/cat/") }
      .map { String($0.dropFirst("photos/".count)) }
    let everyCat = (["path"] + cats).joined(separator: "\n")
    for (text, words) in [
      ("path\nno/such.jpg\n", "has no image of photos"), ("label,path\n", "begins with path"),
      ("path\n\"cat/a.jpg\n", "a quote is not closed"), ("path,path\n", "column path twice"),
      (everyCat, "list.csv: excludes all images of class 'cat' of photos"),
    ] {
      try folder.write(Array(text.utf8), to: "list.csv")
      let outcome = try Tool.run(
        ["train", "photos", "--exclude", "list.csv", "--epochs", "1"] + Tool.tiny, in: folder)
      expect(outcome, code: 65, words)
    }
    #expect(!folder.contents.contains("doubt.csv"))
    expect(
      try Tool.run(["train", "runs/a", "--epochs", "1"] + Tool.tiny, in: folder), code: 64,
      "runs/a: is a run; give the folder of its images")
    for place in ["runs/a/checkpoints", "runs/a/more"] {
      expect(
        try Tool.run(["evaluate", "runs/a", Tool.sketches, "--out", place], in: folder), code: 64,
        "is in the run runs/a")
    }
  }
}
