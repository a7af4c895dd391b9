import Foundation
import TestSupport
import Testing

/// `data tint`: copies whose tint gives the class away.
@Suite struct TintTests {
  private func tint(_ words: [String], in folder: TemporaryFolder) throws -> Tool.Outcome {
    try Tool.run(["data", "tint", Tool.sketches, "biased", "--class", "cat"] + words, in: folder)
  }

  private func rows(_ folder: TemporaryFolder) throws -> [[String]] {
    String(decoding: try folder.read("biased.csv"), as: UTF8.self).split(separator: "\n")
      .dropFirst().map { $0.split(separator: ",").map(String.init) }
  }

  @Test(arguments: [0.0, 1])
  func `a tint that always tells the class, or always the other one, is on those it tells of`(
    fraction: Double
  ) throws {
    let folder = try TemporaryFolder()
    let outcome = try tint(["--fraction", "\(fraction)"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let rows = try rows(folder)
    #expect(rows.count == 24)
    for row in rows {
      #expect(
        row[2]
          == (row[1] == "cat" && fraction == 1 || row[1] == "dog" && fraction == 0
            ? "warm" : "plain"))
      #expect(row[3] == (fraction == 1 ? "yes" : "no"))
      #expect(try folder.read(row[0]).starts(with: [0xFF, 0xD8]))
    }
  }

  @Test func `copies of one seed are alike, and can be listed`() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    for folder in [folder, other] {
      #expect(try tint(["--fraction", "0.5"], in: folder).code == 0)
    }
    #expect(try rows(folder) == rows(other))
    let warm = try #require(try rows(folder).first { $0[2] == "warm" })
    #expect(try folder.read(warm[0]) == other.read(warm[0]))
    let scan = try Tool.run(["data", "scan", "biased.csv"], in: folder)
    #expect(scan.code == 0 && scan.output.contains("24"), "\(scan.output)")
  }

  @Test func `an image that cannot be read is skipped, with its reason alone`() throws {
    let folder = try TemporaryFolder()
    for name in ["cat", "dog"] {
      let images = try FileManager.default.contentsOfDirectory(atPath: "\(Tool.sketches)/\(name)")
      let image = try #require(images.min())
      let bytes = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(name)/\(image)"))
      try folder.write(Array(bytes), to: "data/\(name)/\(image)")
    }
    try folder.write(Array("bad".utf8), to: "data/dog/bad.jpg")
    let outcome = try Tool.run(["data", "tint", "data", "biased", "--class", "cat"], in: folder)
    #expect(outcome.code == 0 && outcome.output.hasPrefix("2 images in biased"))
    #expect(outcome.errors == "skipped dog/bad.jpg: not an image (starts with 62 61 64)\n")
  }

  @Test func `what cannot be tinted is refused`() throws {
    let folder = try TemporaryFolder()
    let unknown = try Tool.run(
      ["data", "tint", Tool.sketches, "biased", "--class", "horse"], in: folder)
    #expect(unknown.code == 64 && unknown.errors.contains("there are cat, dog"))
    #expect(try tint(["--fraction", "2"], in: folder).code == 64)
    try folder.write([1], to: "biased/mine.txt")
    let full = try tint([], in: folder)
    #expect(full.code == 73 && full.errors.contains("is not empty"), "\(full.errors)")
    let inside = try Tool.run(
      ["data", "tint", Tool.sketches, "\(Tool.sketches)/cat/new", "--class", "cat"], in: folder)
    #expect(inside.code == 64, "\(inside.errors)")
  }
}
