import ImageLoading
import Support
import Tensors
import Testing

@Suite struct MemoryDatasetTests {
  let geometry = ImageGeometry(imageSize: 8, fit: .stretch)

  /// Noise, so that no two images are near copies.
  func image(_ number: Int, _ classIndex: Int, width: Int = 8) -> LabeledImage {
    var generator = SeededGenerator(seed: 7, stream: UInt64(number))
    let bytes = (0..<width * 8 * 3).map { _ in UInt8.random(in: 0...255, using: &generator) }
    return LabeledImage(
      name: "image \(number)", pixels: PixelBuffer(width: width, height: 8, bytes: bytes),
      classIndex: classIndex)
  }

  func load(
    _ images: [LabeledImage], classes: [String] = ["cat", "dog"], threads: Int = 2
  ) throws -> LoadedDataset {
    try LoadedDataset(
      images, classNames: classes, geometry: geometry, workers: Workers(count: threads))
  }

  @Test func `images in memory are resized and ordered class by class`() throws {
    let images = [image(0, 1, width: 20), image(1, 0), image(2, 1), image(3, 0)]
    let data = try load(images)
    #expect(data.images.map(\.path) == ["image 1", "image 3", "image 0", "image 2"])
    #expect(data.images.map(\.classIndex) == [0, 0, 1, 1])
    let batch = try data.images(at: [0, 2])
    #expect(batch.pixels[..<192].elementsEqual(images[1].pixels.bytes))
    #expect(
      batch.pixels[384..<576].elementsEqual(geometry.apply(to: images[0].pixels).bytes))
    #expect(data.images[2].width == 20)
    #expect(data.report.layout == .memory && data.report.usableCount == 4)
  }

  @Test func `a dataset in memory does not depend on the number of workers`() throws {
    let images = (0..<20).map { image($0, $0 % 2, width: 5 + $0) }
    let (one, three) = (try load(images, threads: 1), try load(images, threads: 3))
    #expect(one.images == three.images && one.pixels == three.pixels)
  }

  @Test func `copies in memory are reported and stay in one part of a split`() throws {
    var images = (0..<20).map { image($0, $0 % 2) }
    for number in 0..<4 {
      var copy = images[number]
      copy.name = "copy of \(number)"
      images.append(copy)
    }
    let data = try load(images)
    #expect(data.report.duplicates.count == 4)
    let split = Split.make(
      images: data.images, classNames: data.classNames, validationFraction: 0.3, testFraction: 0.2,
      seed: 1)
    let parts = Dictionary(uniqueKeysWithValues: split.entries.map { ($0.path, $0.split) })
    for number in 0..<4 { #expect(parts["image \(number)"] == parts["copy of \(number)"]) }
  }

  @Test func `an assigned part is kept`() throws {
    var images = (0..<8).map { image($0, $0 % 2) }
    for index in images.indices { images[index].assignedPart = index < 6 ? .train : .validation }
    let data = try load(images)
    let split = Split.make(
      images: data.images, classNames: data.classNames, validationFraction: 0.3, testFraction: 0,
      seed: 1)
    #expect(split.indices(of: .validation).map { data.images[$0].path } == ["image 6", "image 7"])
  }

  @Test func `one class, or a class without images, is an error`() {
    #expect(throws: DatasetError.singleClass(path: "memory", name: "cat")) {
      _ = try load([image(0, 0)], classes: ["cat"])
    }
    #expect(throws: DatasetError.emptyClass(path: "memory", name: "dog", example: nil)) {
      _ = try load([image(0, 0)])
    }
  }

  @Test func `a name that occurs twice stops the program`() async {
    await #expect(processExitsWith: .failure) {
      let tests = MemoryDatasetTests()
      _ = try tests.load([tests.image(0, 0), tests.image(0, 1)])
    }
  }
}
