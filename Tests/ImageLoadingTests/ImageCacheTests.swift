import Foundation
import ImageLoading
import Support
import Tensors
import TestSupport
import Testing

@Suite struct ImageCacheTests {
  let data: TemporaryFolder, caches: TemporaryFolder

  init() throws {
    (data, caches) = (try TemporaryFolder(), try TemporaryFolder())
    for index in 0..<4 {
      try data.write(ImageEncoder.png(image(index), level: 1), to: "cat/\(index).png")
      try data.write(
        ImageEncoder.jpeg(image(10 + index), quality: 90) + [0, 0, 0], to: "dog/\(index).jpg")
    }
    // As if they had been there for a while.
    for path in data.contents { try age(path, by: 60) }
  }

  func image(_ number: Int) -> PixelBuffer {
    var generator = SeededGenerator(seed: UInt64(number))
    return PixelBuffer(
      width: 24, height: 20,
      bytes: (0..<24 * 20 * 3).map { _ in UInt8.random(in: 0...255, using: &generator) })
  }

  func age(_ path: String, by seconds: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -seconds)],
      ofItemAtPath: "\(data.path)/\(path)")
  }

  func load(size: Int = 8, limit: Int = 1_000_000, isCached: Bool = true) throws -> LoadedDataset {
    try DatasetLoader(
      workers: Workers(count: 2),
      cache: isCached ? ImageCache(folder: caches.path, limit: limit) : nil
    ).load(
      DatasetLister.list(data.path), geometry: ImageGeometry(imageSize: size, fit: .crop))
  }

  /// The one file of the cache.
  func cacheFile() throws -> String {
    let names = caches.contents
    #expect(names.count == 1)
    return try #require(names.first)
  }

  func expectSame(_ a: LoadedDataset, _ b: LoadedDataset) {
    #expect(a.pixels == b.pixels)
    #expect(a.images == b.images)
    var (first, second) = (a.report, b.report)
    (first.seconds, second.seconds) = (0, 0)
    #expect(first == second)
  }

  @Test func `a second load decodes and opens nothing, and gives the same bits`() throws {
    let plain = try load(isCached: false)
    let first = try load()
    #expect(first.cacheUse == CacheUse(decoded: 8, reused: 0, opened: 8))
    let second = try load()
    #expect(second.cacheUse == CacheUse(decoded: 0, reused: 8, opened: 0))
    expectSame(plain, first)
    expectSame(plain, second)
  }

  @Test func `a changed file is decoded again, the others are not`() throws {
    _ = try load()
    try data.write(ImageEncoder.png(image(99), level: 1), to: "cat/2.png")
    let changed = try load()
    #expect(changed.cacheUse == CacheUse(decoded: 1, reused: 7, opened: 1))
    expectSame(changed, try load(isCached: false))
  }

  @Test func `a file with another name or time and the same content is not decoded`() throws {
    _ = try load()
    try FileManager.default.moveItem(
      atPath: "\(data.path)/cat/1.png", toPath: "\(data.path)/cat/9.png")
    try age("dog/2.jpg", by: 30)
    let moved = try load()
    #expect(moved.cacheUse == CacheUse(decoded: 0, reused: 8, opened: 2))
    expectSame(moved, try load(isCached: false))
    #expect(try load().cacheUse.opened == 0)
  }

  @Test func `a file changed a moment ago is looked into, whatever its stamp says`() throws {
    try data.write(ImageEncoder.png(image(50), level: 1), to: "cat/0.png")
    _ = try load()
    #expect(try load().cacheUse == CacheUse(decoded: 0, reused: 8, opened: 1))
  }

  @Test(arguments: [0, 20, 80, 120, -300, -1])
  func `a damaged cache is noticed, and what is lost decoded again`(place: Int) throws {
    let plain = try load(isCached: false)
    _ = try load()
    let file = try cacheFile()
    var bytes = try caches.read(file)
    bytes[place < 0 ? bytes.count + place : place] ^= 0x10
    try caches.write(bytes, to: file)
    let repaired = try load()
    #expect(repaired.cacheUse.decoded > 0)
    expectSame(repaired, plain)
    #expect(try load().cacheUse.decoded == 0)
  }

  @Test(arguments: [0, 50, 500])
  func `a cache that was cut short is rebuilt`(length: Int) throws {
    _ = try load()
    let file = try cacheFile()
    try caches.write(try caches.read(file).prefix(length), to: file)
    let rebuilt = try load()
    #expect(rebuilt.cacheUse.decoded == 8)
    expectSame(rebuilt, try load(isCached: false))
    #expect(try load().cacheUse.opened == 0)
  }

  @Test func `another size is another file, and the limit removes the longest unused`() throws {
    _ = try load(size: 8)
    let oldest = try cacheFile()
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -60)],
      ofItemAtPath: "\(caches.path)/\(oldest)")
    _ = try load(size: 9)
    #expect(caches.contents.count == 2)
    // Room for the images of one size and its index.
    _ = try load(size: 10, limit: 6000)
    #expect(!caches.contents.contains(oldest))
  }

  @Test func `images beyond the limit are loaded but not kept, which is said`() throws {
    let loaded = try load(limit: 100)
    #expect(loaded.images.count == 8)
    #expect(loaded.cacheUse.problem?.contains("limit") == true)
    #expect(caches.contents.isEmpty)
  }

  @Test func `a cache that cannot be written costs no image`() throws {
    let file = try data.write([], to: "plain")
    let loader = DatasetLoader(
      workers: Workers(count: 1), cache: ImageCache(folder: "\(file)/below"))
    let loaded = try loader.load(
      DatasetLister.list(data.path), geometry: ImageGeometry(imageSize: 8, fit: .crop))
    #expect(loaded.images.count == 8)
    #expect(loaded.cacheUse.problem?.contains("cannot write") == true)
  }
}
