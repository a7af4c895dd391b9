import ImageLoading
import Support
import Tensors
import TestSupport
import Testing

/// A limit is a number of usable images, of every class and ready-made part.
@Suite struct LimitTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func write(_ names: [String]) throws {
    for name in names {
      let pixels = PixelBuffer(
        width: 8, height: 8,
        bytes: (0..<3).flatMap { _ in Array(ContentHash.sha256(Array(name.utf8)).utf8) })
      try folder.write(ImageEncoder.png(pixels, level: 1), to: name)
    }
  }

  func load(_ limit: Int) throws -> LoadedDataset {
    try DatasetLoader(workers: Workers(count: 2)).load(
      DatasetLister.list(folder.path), geometry: ImageGeometry(imageSize: 8, fit: .crop),
      limit: limit)
  }

  func count(_ data: LoadedDataset, _ part: Split.Part?, _ name: String) -> Int {
    data.images.count { $0.assignedPart == part && data.classNames[$0.classIndex] == name }
  }

  @Test(arguments: [6, 9, 20, 30])
  func `a limit takes a share of every ready-made part`(limit: Int) throws {
    for (part, count) in [("train", 20), ("val", 3), ("test", 2)] {
      for name in ["cat", "dog"] { try write((0..<count).map { "\(part)/\(name)/\($0).png" }) }
    }
    let data = try load(limit)
    #expect(data.images.count == limit)
    for part in Split.Part.allCases {
      for name in ["cat", "dog"] { #expect(count(data, part, name) > 0, "\(part) \(name)") }
    }
    if limit == 30 { #expect(count(data, .train, "cat") == 12) }
  }

  @Test func `a class of few training images keeps one within a limit`() throws {
    for name in ["cat", "dog"] {
      try write((0..<5).map { "train/\(name)/\($0).png" })
      try write((5..<20).map { "test/\(name)/\($0).png" })
    }
    for limit in 4...40 {
      let data = try load(limit)
      #expect(data.images.count == limit)
      let (training, test) = (count(data, .train, "cat"), count(data, .test, "cat"))
      #expect(
        training > 0 && abs(8 * training - limit) <= 8 && abs(2 * (training + test) - limit) < 2)
    }
  }

  @Test func `files that cannot be used do not use up a limit`() throws {
    try write((0..<6).map { "cat/a\($0).png" } + (0..<12).map { "dog/b\($0).png" })
    for index in 0..<6 { try folder.write([1, 2, 3], to: "cat/x\(index).png") }
    for limit in 2...12 {
      let data = try load(limit)
      #expect(data.images.count == limit)
      #expect(count(data, nil, "cat") == (limit + 1) / 2 || count(data, nil, "cat") == limit / 2)
      let counts = data.report.counts
      #expect(counts.found == counts.used + counts.skipped + counts.ignored && counts.found == 24)
    }
    // Two more of the other class, where there are no more of one.
    let data = try load(14)
    #expect(count(data, nil, "cat") == 6 && count(data, nil, "dog") == 8)
    let used = Set(data.images.map(\.path))
    let listed = try DatasetLister.list(folder.path).files.map(\.path).filter(used.contains)
    #expect(data.images.map(\.path) == listed)
    #expect(Array(data.pixels.prefix(192)) == (try pixels(of: data.images[0].path)))
  }

  func pixels(of path: String) throws -> [UInt8] {
    try ImageDecoder().decode(folder.read(path)).pixels.bytes
  }

  @Test func `names that look the same are counted as the files they are`() throws {
    for index in 0..<4 {
      try write(["cat/\u{E9}\(index).png", "cat/e\u{301}\(index).png", "dog/\(index).png"])
    }
    for limit in 3...11 {
      let counts = try load(limit).report.counts
      #expect([counts.found, counts.used, counts.ignored] == [12, limit, 12 - limit])
    }
  }
}
