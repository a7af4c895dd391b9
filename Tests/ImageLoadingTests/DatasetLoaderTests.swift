import Foundation
import ImageLoading
import Support
import Tensors
import TestSupport
import Testing

@Suite struct DatasetLoaderTests {
  let folder: TemporaryFolder
  let geometry = ImageGeometry(imageSize: 8, fit: .crop)

  init() throws { folder = try TemporaryFolder() }

  /// An image whose pixels depend on the number.
  func image(_ number: Int, width: Int = 12, height: Int = 10) -> PixelBuffer {
    var generator = SeededGenerator(seed: UInt64(number))
    return PixelBuffer(
      width: width, height: height,
      bytes: (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &generator) })
  }

  func png(_ number: Int) -> [UInt8] { ImageEncoder.png(image(number), level: 1) }

  func load(workers: Int = 2, strict: Bool = false) throws -> LoadedDataset {
    try DatasetLoader(workers: Workers(count: workers)).load(
      DatasetLister.list(folder.path), geometry: geometry, strict: strict)
  }

  func makeSome() throws {
    for index in 0..<5 {
      try folder.write(png(index), to: "cat/\(index).png")
      try folder.write(
        ImageEncoder.jpeg(image(10 + index), quality: 90), to: "dog/\(index).jpg")
    }
  }

  @Test func `pixels stand in the order of the images`() throws {
    try makeSome()
    let data = try load()
    #expect(data.images.map(\.classIndex) == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    #expect(data.pixels.count == 10 * 8 * 8 * 3)
    #expect(Array(data.pixels[2 * 192..<3 * 192]) == geometry.apply(to: image(2)).bytes)
    #expect(data.images[2].path == "cat/2.png")
    #expect(data.images[2].width == 12 && data.images[2].height == 10)
    #expect(data.images[2].sha256 == ContentHash.sha256(png(2)))
  }

  @Test(arguments: [1, 3, 7])
  func `the number of workers changes nothing`(workers: Int) throws {
    try makeSome()
    let (a, b) = (try load(workers: 2), try load(workers: workers))
    #expect(a.images == b.images)
    #expect(a.pixels == b.pixels)
  }

  @Test func `what cannot be read is skipped with its reason, the rest is used`() throws {
    try makeSome()
    try folder.write([], to: "cat/empty.jpg")
    try folder.write(Array("<html>Not found</html>".utf8), to: "cat/page.jpg")
    try folder.write(Array("GIF89a".utf8) + [1, 0, 1, 0], to: "dog/moving.jpg")
    try folder.write(png(1).prefix(60), to: "dog/short.png")
    let data = try load()
    #expect(data.images.count == 10)
    #expect(
      data.report.skipped.map(\.path)
        == ["cat/empty.jpg", "cat/page.jpg", "dog/moving.jpg", "dog/short.png"])
    #expect(data.report.skipped[0].reason.contains("0 bytes"))
    #expect(data.report.skipped[2].reason.contains("GIF"))
    #expect(data.report.classes.map(\.usable) == [5, 5])
    #expect(data.report.classes.map(\.files) == [7, 7])
  }

  @Test func `a truncated JPEG is used and listed when nearly all of it arrived`() throws {
    try makeSome()
    let whole = ImageEncoder.jpeg(image(3, width: 320, height: 320), quality: 90)
    try folder.write(whole.prefix(whole.count * 97 / 100), to: "cat/nearly.jpg")
    try folder.write(whole.prefix(whole.count / 2), to: "cat/half.jpg")
    let report = try load().report
    #expect(report.problems.map(\.path) == ["cat/nearly.jpg"])
    #expect(report.skipped.map(\.path) == ["cat/half.jpg"])
  }

  @Test func `a class of which nothing can be read is named with an example`() throws {
    try makeSome()
    try folder.write([1, 2, 3], to: "fox/a.jpg")
    let error = #expect(throws: DatasetError.self) { try load() }
    guard case .emptyClass(_, let name, let example)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(name == "fox")
    #expect(example?.hasPrefix("fox/a.jpg: ") == true)
  }

  @Test func `strict loading refuses what would be skipped`() throws {
    try makeSome()
    try folder.write([], to: "cat/empty.jpg")
    let error = #expect(throws: DatasetError.self) { try load(strict: true) }
    #expect(error?.description.contains("cat/empty.jpg") == true)
  }

  @Test func `copies and conflicts are found by their bytes`() throws {
    try makeSome()
    try folder.write(png(1), to: "cat/again.png")
    try folder.write(png(2), to: "dog/2 as well.png")
    let report = try load().report
    #expect(report.duplicates == [["cat/1.png", "cat/again.png"]])
    #expect(report.conflicts == [["cat/2.png", "dog/2 as well.png"]])
  }

  @Test func `the first two images of a conflict have different labels`() throws {
    try makeSome()
    try folder.write(png(2), to: "cat/2 again.png")
    try folder.write(png(2), to: "dog/wrong.png")
    let report = try load().report
    #expect(report.conflicts == [["cat/2 again.png", "dog/wrong.png", "cat/2.png"]])
  }

  @Test func `an unreadable file is skipped with the system's reason`() throws {
    try makeSome()
    // A link to nowhere cannot be opened even by root.
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/cat/gone.jpg", withDestinationPath: "/no/such/file.jpg")
    let report = try load().report
    #expect(report.skipped.map(\.path) == ["cat/gone.jpg"])
    #expect(report.skipped.first?.reason == "No such file or directory")
  }

  @Test func `files that vanish between listing and reading are counted as skipped`() throws {
    try makeSome()
    try folder.write(png(20), to: "cat/more/20.png")
    let listing = try DatasetLister.list(folder.path)
    for gone in ["cat/more", "dog/3.jpg"] {
      try FileManager.default.removeItem(atPath: "\(folder.path)/\(gone)")
    }
    let loader = DatasetLoader(workers: Workers(count: 2))
    let report = try loader.scan(listing)
    #expect(
      report.skipped.map(\.description) == [
        "cat/more/20.png: No such file or directory", "dog/3.jpg: No such file or directory",
      ])
    #expect(report.counts.found == 11 && report.counts.used == 9 && report.counts.skipped == 2)
    try FileManager.default.removeItem(atPath: "\(folder.path)/dog")
    #expect(
      throws: DatasetError.emptyClass(
        path: folder.path, name: "dog", example: "dog/0.jpg: No such file or directory")
    ) { try loader.load(listing, geometry: geometry) }
  }

  @Test func `a pipe among the images is not waited for`() throws {
    try makeSome()
    #expect(unsafe mkfifo("\(folder.path)/cat/pipe.jpg", 0o644) == 0)
    let report = try load().report
    #expect(report.skipped.map(\.path) == ["cat/pipe.jpg"])
    #expect(report.skipped.first?.reason == "not a plain file")
  }

  @Test func `loading leaves the folder as it was`() throws {
    try makeSome()
    try folder.write([], to: "cat/empty.jpg")
    func state() throws -> [String: [UInt8]] {
      try Dictionary(
        uniqueKeysWithValues: folder.contents.filter { $0.contains(".") }.map {
          ($0, try folder.read($0))
        })
    }
    let before = try state()
    _ = try load()
    #expect(try state() == before)
  }

  @Test func `a scan tells formats, sizes and even a class of which nothing can be read`() throws {
    try makeSome()
    try folder.write([1, 2, 3], to: "fox/a.jpg")
    let report = try DatasetLoader(workers: Workers(count: 2)).scan(DatasetLister.list(folder.path))
    #expect(report.formats == ["PNG": 5, "JPEG": 5])
    #expect(report.median == [12, 10])
    #expect(report.classes.map(\.usable) == [5, 5, 0])
  }
}
