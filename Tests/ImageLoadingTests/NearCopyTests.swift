import Foundation
import ImageLoading
import Support
import Tensors
import TestSupport
import Testing

@Suite struct NearCopyTests {
  /// Soft blobs at places that depend on the number: large shapes, as photographs have.
  func drawing(_ number: Int, size: Int = 96, brightness: Double = 0) -> PixelBuffer {
    var generator = SeededGenerator(seed: UInt64(number))
    let blobs = (0..<12).map { _ in
      (
        x: generator.nextUniform(), y: generator.nextUniform(),
        weight: generator.nextUniform() - 0.5
      )
    }
    let bytes = (0..<size * size).flatMap { position -> [UInt8] in
      let x = Double(position % size) / Double(size)
      let y = Double(position / size) / Double(size)
      let sum = blobs.reduce(0.5) { sum, blob in
        sum + blob.weight * exp(-20 * (pow(x - blob.x, 2) + pow(y - blob.y, 2)))
      }
      let value = UInt8(min(max((sum + brightness) * 255, 0), 255))
      return [value, value, value]
    }
    return PixelBuffer(width: size, height: size, bytes: bytes)
  }

  func image(_ path: String, _ hash: PerceptualHash?, _ classIndex: Int = 0) -> LoadedImage {
    LoadedImage(
      path: path, sha256: ContentHash.sha256(Array(path.utf8)), classIndex: classIndex,
      assignedPart: nil, width: 96, height: 96, format: .png, perceptualHash: hash)
  }

  func split(_ images: [LoadedImage]) -> Split {
    Split.make(
      images: images, classNames: ["a", "b"], validationFraction: 0.3, testFraction: 0.2, seed: 1)
  }

  @Test(arguments: [1, 2, 3, 4, 5])
  func `an image saved again, resized or brightened is near`(number: Int) throws {
    let hash = try #require(PerceptualHash(drawing(number)))
    let saved = try ImageDecoder().decode(ImageEncoder.jpeg(drawing(number), quality: 60)).pixels
    #expect(PerceptualHash(saved).map(hash.isNear) == true)
    #expect(PerceptualHash(drawing(number, size: 60)).map(hash.isNear) == true)
    #expect(PerceptualHash(drawing(number, brightness: 0.04)).map(hash.isNear) == true)
  }

  @Test(arguments: [8, 16, 32, 64])
  func `a large photo and its small copy are near at any image size`(imageSize: Int) throws {
    let folder = try TemporaryFolder()
    let (large, small) = (drawing(3, size: 400), drawing(3, size: 150))
    let paths = try zip(["large.jpg", "small.jpg"], [large, small]).map { name, image in
      try folder.write(ImageEncoder.jpeg(image, quality: 90), to: name)
      return "\(folder.path)/\(name)"
    }
    let geometry = ImageGeometry(imageSize: imageSize, fit: .crop)
    let images = try ImageReader(geometry: geometry, workers: Workers()).read(paths)
    let scanned = try ImageReader(geometry: nil, workers: Workers()).read(paths)
    let hashes = try (images + scanned).map { try #require(try $0.get().perceptualHash) }
    #expect(hashes.allSatisfy(hashes[0].isNear))
  }

  @Test func `different images are not near`() {
    let hashes = (0..<60).compactMap { PerceptualHash(drawing($0)) }
    #expect(hashes.count > 50)
    for (index, hash) in hashes.enumerated() {
      #expect(!hashes.dropFirst(index + 1).contains(where: hash.isNear))
    }
  }

  @Test func `a flat image has no hash`() {
    let flat = [UInt8](repeating: 200, count: 50 * 50 * 3)
    #expect(PerceptualHash(PixelBuffer(width: 50, height: 50, bytes: flat)) == nil)
    let noisy: [UInt8] = (0..<50 * 50 * 3).map { (index: Int) -> UInt8 in
      UInt8(199 + index * 7919 % 3)
    }
    #expect(PerceptualHash(PixelBuffer(width: 50, height: 50, bytes: noisy)) == nil)
  }

  @Test func `near copies fall on one side, also along a chain`() {
    var images: [LoadedImage] = []
    var generator = SeededGenerator(seed: 7)
    for group in 0..<60 {
      let (across, down) = (generator.next(), generator.next())
      // Each differs from the one before by four bits, the first and the last by eight.
      for (member, change) in [UInt64(0), 0xF, 0xFF].enumerated() {
        images.append(
          image(
            "\(group) \(member)", PerceptualHash(across: across ^ change, down: down),
            group % 2))
      }
    }
    let entries = split(images).entries
    for group in 0..<60 {
      #expect(Set((0..<3).map { entries[group * 3 + $0].split }).count == 1, "\(group)")
    }
    #expect(Set(entries.map(\.split)).count == 3)
  }

  @Test func `five bits apart is another image`() {
    let base = PerceptualHash(across: 0x0F0F_3333_5555_00FF, down: 0x1234_5678_9ABC_DEF0)
    #expect(base.isNear(PerceptualHash(across: base.across ^ 0xF, down: base.down ^ 0xF0)))
    #expect(!base.isNear(PerceptualHash(across: base.across ^ 0x1F, down: base.down)))
    #expect(!base.isNear(PerceptualHash(across: base.across, down: base.down ^ 0x1F)))
  }

  @Test func `every pair of near hashes is found, wherever the bits differ`() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<300 {
      let base = PerceptualHash(across: generator.next(), down: generator.next())
      func flipped(_ word: UInt64) -> UInt64 {
        var word = word
        for _ in 0..<4 {
          let place = UInt64.random(in: 0..<64, using: &generator)
          word ^= UInt64(1) << place
        }
        return word
      }
      let near = PerceptualHash(across: flipped(base.across), down: flipped(base.down))
      // Enough others that a group of two is not most of the class.
      let entries = (0..<20).map { image("\($0)", nil) } + [image("x", base), image("y", near)]
      let parts = Dictionary(
        uniqueKeysWithValues: split(entries).entries.map { ($0.path, $0.split) })
      #expect(parts["x"] == parts["y"])
    }
  }

  @Test func `the report lists near copies but not plain copies`() throws {
    let folder = try TemporaryFolder()
    for number in 0..<3 {
      try folder.write(ImageEncoder.png(drawing(number), level: 1), to: "cat/\(number).png")
      try folder.write(ImageEncoder.png(drawing(9 + number), level: 1), to: "dog/\(number).png")
    }
    try folder.write(ImageEncoder.jpeg(drawing(1), quality: 70), to: "cat/saved again.jpg")
    try folder.write(ImageEncoder.png(drawing(2), level: 1), to: "cat/copy of 2.png")
    let report = try DatasetLoader(workers: Workers(count: 2)).scan(DatasetLister.list(folder.path))
    #expect(report.nearDuplicates == [["cat/1.png", "cat/saved again.jpg"]])
    #expect(report.duplicates == [["cat/2.png", "cat/copy of 2.png"]])
  }

  @Test func `images that look alike in two classes are listed as conflicts while they are few`() {
    let hashes = (0..<8).compactMap { PerceptualHash(drawing($0)) }
    var images = (0..<8).map { image("cat \($0)", hashes[$0]) }
    images += (0..<8).map { image("dog \($0)", $0 == 3 ? hashes[3] : nil, 1) }
    let listing = DatasetListing(root: "", layout: .list, classNames: ["a", "b"], files: [])
    let report = DataReport.Log().report(listing, images, seconds: 0)
    #expect(report.nearConflicts == [["cat 3", "dog 3"]] && report.nearDuplicates.isEmpty)
    let alike = images.map { image($0.path, hashes[0], $0.classIndex) }
    #expect(DataReport.Log().report(listing, alike, seconds: 0).nearConflicts.isEmpty)
  }
}
