import Foundation
import ImageLoading
import Support
import Tensors
import TestSupport
import Testing

/// `data view`, `data show` and `data mean`: what is written is what is there.
@Suite struct DataImageTests {
  let folder: TemporaryFolder
  let photo = "\(Tool.sketches)/cat/cat-0001.jpg"

  init() throws { folder = try TemporaryFolder() }

  func data(_ arguments: String...) throws -> Tool.Outcome {
    try Tool.run(["data"] + arguments, in: folder)
  }

  func image(_ name: String) throws -> PixelBuffer {
    try ImageDecoder().decode(folder.read(name)).pixels
  }

  func original(atLeast side: Int? = nil) throws -> PixelBuffer {
    try ImageDecoder().decode([UInt8](Data(contentsOf: URL(filePath: photo))), atLeast: side).pixels
  }

  @Test func `view writes exactly what the decoder gave`() throws {
    #expect(try data("view", photo, "--stage", "decoded", "--out", "a.png").code == 0)
    #expect(try image("a.png") == original())
  }

  @Test(arguments: ImageGeometry.Fit.allCases)
  func `view writes exactly what the network gets`(fit: ImageGeometry.Fit) throws {
    let outcome = try data(
      "view", photo, "--image-size", "24", "--fit", fit.rawValue, "--out", "a.png")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let geometry = ImageGeometry(imageSize: 24, fit: fit)
    #expect(try image("a.png") == geometry.apply(to: original(atLeast: 64)))
  }

  @Test func `view takes size and fit from a checkpoint`() throws {
    try Tool.train("a", ["--fit", "stretch"], epochs: 1, in: folder)
    #expect(try data("view", photo, "--checkpoint", "runs/a", "--out", "a.png").code == 0)
    let geometry = ImageGeometry(imageSize: 16, fit: .stretch)
    #expect(try image("a.png") == geometry.apply(to: original(atLeast: 64)))
  }

  @Test func `view of nothing, of no image and to nowhere end with their codes`() throws {
    try folder.write(Array("hello".utf8), to: "text.jpg")
    #expect(try data("view", "no.jpg", "--out", "a.png").code == 66)
    #expect(try data("view", "text.jpg", "--out", "a.png").code == 65)
    #expect(try data("view", photo, "--out", "no/a.png").code == 73)
    #expect(
      try data("view", photo, "--stage", "decoded", "--fit", "crop", "--out", "a.png").code == 64)
    #expect(!folder.contents.contains("a.png"))
  }

  @Test func `a sheet is 1600 pixels wide and leaves out what cannot be read`() throws {
    for name in ["cat", "dog"] {
      for file in try FileManager.default.contentsOfDirectory(atPath: "\(Tool.sketches)/\(name)") {
        try folder.write(
          Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(name)/\(file)")),
          to: "data/\(name)/\(file)")
      }
    }
    try folder.write([1, 2, 3], to: "data/cat/broken.jpg")
    let report = try Tool.json(data("show", "data", "--out", "a.png", "--count", "40", "--json"))
    #expect(report["count"] as? Int == 24)
    #expect(report["skipped"] as? Int == 1)
    #expect(try image("a.png").width == 1600)
  }

  @Test func `a sheet shows only the part of a split that is asked for`() throws {
    #expect(try data("split", Tool.sketches, "--out", "s.json", "--test-split", "0.25").code == 0)
    let report = try Tool.json(
      data(
        "show", Tool.sketches, "--out", "a.png", "--split-file", "s.json", "--part", "test",
        "--json"))
    #expect(report["count"] as? Int == 6)
    #expect(try data("show", Tool.sketches, "--out", "a.png", "--part", "test").code == 64)
  }

  @Test func `a sheet of a part finds its images by content, and says which are gone`() throws {
    for name in ["cat", "dog"] {
      try FileManager.default.copyItem(
        atPath: "\(Tool.sketches)/\(name)", toPath: folder.path + "/data-\(name)")
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/data", withIntermediateDirectories: true)
      try FileManager.default.moveItem(
        atPath: "\(folder.path)/data-\(name)", toPath: "\(folder.path)/data/\(name)")
    }
    #expect(try data("split", "data", "--out", "s.json", "--test-split", "0.25").code == 0)
    let split = try JSONSerialization.jsonObject(with: Data(folder.read("s.json")))
    let entries = (split as? [String: Any])?["entries"] as? [[String: String]] ?? []
    let test = entries.filter { $0["split"] == "test" }.compactMap { $0["path"] }
    let path = "\(folder.path)/data/\(test[0])"
    try FileManager.default.moveItem(atPath: path, toPath: path + ".jpg")
    let show = [
      "show", "data", "--out", "a.png", "--split-file", "s.json", "--part", "test", "--json",
    ]
    let moved = try Tool.run(["data"] + show, in: folder)
    #expect(moved.code == 0, "\(moved.errors)")
    #expect(try Tool.json(moved)["count"] as? Int == 6)
    try FileManager.default.removeItem(atPath: path + ".jpg")
    let gone = try Tool.run(["data"] + show + ["--overwrite"], in: folder)
    #expect(gone.code == 65 && gone.complaints.count == 1)
    #expect(
      gone.errors.contains(
        "1 is in it, but not among the readable images, the first is \(test[0])"),
      "\(gone.errors)")
  }

  @Test func `augmented images differ from epoch to epoch unless nothing is changed`() throws {
    for (choice, name) in [("light", "light.png"), ("none", "none.png")] {
      let outcome = try data(
        "show", Tool.sketches, "--out", name, "--augmented", "--augmentation", choice, "--count",
        "2", "--image-size", "64")
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    func cells(_ name: String) throws -> [[UInt8]] {
      let sheet = try image(name)
      // Eight squares of 84.25 units 10 apart, from 28 units on; the first row begins at 116.
      return (0..<8).map { column in
        let left = Int((28 + Double(column) * 94.25) * 2) + 60
        let start = (300 * sheet.width + left) * 3
        return Array(sheet.bytes[start..<start + 120])
      }
    }
    #expect(try Set(cells("light.png")).count > 2)
    let same = try cells("none.png")
    for cell in same.dropFirst() {
      let pairs = zip(cell, same[0])
      #expect(pairs.reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) } < 120 * 12)
    }
  }

  @Test func `the mean image lies between the images of its class`() throws {
    for (name, levels) in [("cat", [0, 100]), ("dog", [200, 240])] {
      for level in levels {
        let flat = [UInt8](repeating: UInt8(level), count: 300)
        try folder.write(
          ImageEncoder.png(PixelBuffer(width: 10, height: 10, bytes: flat), level: 1),
          to: "flat/\(name)/\(level).png")
      }
    }
    #expect(try data("mean", "flat", "--out", "mean.png").code == 0)
    let sheet = try image("mean.png")
    func level(_ x: Double) -> Int { Int(sheet.bytes[(400 * sheet.width + Int(x * 2)) * 3]) }
    #expect(level(100) == 50)
    #expect(level(28 + 1.5 * 377) == 220)
  }

  @Test func `stats draws, tabulates and tells what mean color gives away`() throws {
    var generator = SeededGenerator(seed: 1)
    for (name, level) in [("cat", 80), ("dog", 170)] {
      for index in 0..<20 {
        let bytes = (0..<300).map { _ in
          UInt8(level + Int.random(in: -30...30, using: &generator))
        }
        try folder.write(
          ImageEncoder.png(PixelBuffer(width: 10, height: 10, bytes: bytes), level: 1),
          to: "noisy/\(name)/\(index).png")
      }
    }
    let report = try Tool.json(data("stats", "noisy", "--out", "stats.png", "--json"))
    let rows = try #require(report["classifiers"] as? [[String: Any]])
    let accuracies = Dictionary(
      uniqueKeysWithValues: rows.compactMap { row in
        (row["seen"] as? String).flatMap { seen in
          (row["accuracy"] as? Double).map { (seen, $0) }
        }
      })
    #expect(accuracies["nothing"] == 0.5)
    #expect(accuracies["mean color"] == 1)
    #expect((accuracies["size in pixels"] ?? 1) <= 0.5)
    let figure = try image("stats.png")
    #expect(figure.width == 1600 && figure.height == 1000)
    let table = String(decoding: try folder.read("stats.csv"), as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: ",") }
    #expect(table.count == 1 + 4 * 2 * 256)
    let parts = table.filter { $0[0] == "cat" && $0[1] == "brightness" }
    #expect(abs(parts.reduce(0) { $0 + (Double($1[3]) ?? 0) } - 1) < 1e-9)
    #expect(parts.filter { Int($0[2]) ?? 0 > 115 }.allSatisfy { Double($0[3]) == 0 })
  }
}
