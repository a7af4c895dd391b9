import ImageLoading
import Support
import TestSupport
import Tensors
import Testing

/// Near copies are believed only as far as they are plausible.
@Suite struct CopyGroupLimitTests {
  /// Stripes, with a square of a color at a place.
  func drawing(
    _ color: [UInt8], x: Int = 40, y: Int = 40, side: Int = 20
  ) -> PixelBuffer {
    let bytes = (0..<96 * 96).flatMap { position -> [UInt8] in
      let (column, row) = (position % 96, position / 96)
      if (x..<x + side).contains(column), (y..<y + side).contains(row) { return color }
      let value = UInt8((column * column / 30 + row * row / 40) % 200 + 20)
      return [value, value, value]
    }
    return PixelBuffer(width: 96, height: 96, bytes: bytes)
  }

  func image(
    _ path: String, _ hash: PerceptualHash?, _ classIndex: Int, sha256: String? = nil
  ) -> LoadedImage {
    LoadedImage(
      path: path, sha256: sha256 ?? ContentHash.sha256(Array(path.utf8)), classIndex: classIndex,
      assignedPart: nil, width: 96, height: 96, format: .png, perceptualHash: hash)
  }

  func split(_ images: [LoadedImage], test: Double = 0.1) -> Split {
    Split.make(
      images: images, classNames: ["a", "b"], validationFraction: 0.1, testFraction: test, seed: 1)
  }

  @Test func `a color or a small mark makes another image`() throws {
    let gray = try #require(PerceptualHash(drawing([110, 110, 110])))
    let again = try ImageDecoder().decode(
      ImageEncoder.jpeg(drawing([110, 110, 110]), quality: 80)
    ).pixels
    #expect(PerceptualHash(again).map(gray.isNear) == true)
    #expect(PerceptualHash(drawing([150, 90, 110])).map(gray.isNear) == false)
    #expect(PerceptualHash(drawing([110, 110, 110], x: 52)).map(gray.isNear) == false)
    #expect(PerceptualHash(drawing([110, 110, 110], side: 26)).map(gray.isNear) == false)
  }

  @Test func `images that look alike in two classes are no copies`() throws {
    let hash = PerceptualHash(drawing([110, 110, 110]))
    let images =
      (0..<20).map { image("\($0)", $0 < 2 ? hash : nil, 0) }
      + (20..<40).map { image("\($0)", $0 < 22 ? hash : nil, 1) }
    let parts = (1...40).map { seed in
      let split = Split.make(
        images: images, classNames: ["a", "b"], validationFraction: 0.3, testFraction: 0.2,
        seed: UInt64(seed))
      #expect(split.entries[0].split == split.entries[1].split)
      #expect(split.entries[20].split == split.entries[21].split)
      return split.entries[0].split == split.entries[20].split
    }
    #expect(parts.contains(false))
  }

  @Test func `a class that looks alike throughout is divided, and that is said`() {
    let hash = PerceptualHash(drawing([110, 110, 110]))
    let images = (0..<32).map { image("\($0)", hash, $0 / 16) }
    let split = split(images)
    for (part, count) in [(Split.Part.train, 24), (.validation, 4), (.test, 4)] {
      #expect(split.indices(of: part).count == count, "\(part)")
    }
    let listing = DatasetListing(root: "", layout: .list, classNames: ["a", "b"], files: [])
    let report = DataReport.Log().report(listing, images, seconds: 0)
    #expect(report.nearDuplicates.isEmpty)
    #expect(report.notes.count == 2 && report.notes[0].hasPrefix("all 16 images of 'a' look"))
  }

  @Test func `a group of copies does not take over a small part`() {
    for seed in UInt64(1)...30 {
      let images = (0..<40).map { image("\($0)", nil, $0 / 20, sha256: $0 < 13 ? "same" : nil) }
      let split = Split.make(
        images: images, classNames: ["a", "b"], validationFraction: 0.1, testFraction: 0.1,
        seed: seed)
      #expect(split.indices(of: .test).count == 4 && split.indices(of: .validation).count == 4)
    }
  }

  @Test func `a class of large groups still has an image in every part`() {
    let images = (0..<24).map { image("\($0)", nil, $0 / 12, sha256: "group \($0 / 4)") }
    let split = split(images)
    for part in Split.Part.allCases {
      #expect(Set(split.indices(of: part).map { images[$0].classIndex }).count == 2, "\(part)")
    }
  }

  @Test func `the order of images that look alike decides nothing`() {
    var generator = SeededGenerator(seed: 5)
    let base = PerceptualHash(across: 0x0F0F_3333_5555_00FF, down: 0x1234_5678_9ABC_DEF0)
    let images = (0..<400).map { number in
      image(
        "\(number)",
        PerceptualHash(
          across: base.across ^ (1 << UInt64.random(in: 0..<64, using: &generator)),
          down: base.down ^ (number % 3 == 0 ? 0 : generator.next())), number % 2)
    }
    let parts = Dictionary(
      uniqueKeysWithValues: split(images).entries.map { ($0.path, $0.split) })
    #expect(split(images.reversed()).entries.allSatisfy { parts[$0.path] == $0.split })
  }
}
