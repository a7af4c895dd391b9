import Foundation
import ImageLoading
import Support
import Tensors
import TestSupport
import Testing

/// A cache makes room by removing what it has written itself, and nothing else.
@Suite struct CacheEvictionTests {
  let data: TemporaryFolder, caches: TemporaryFolder

  init() throws {
    (data, caches) = (try TemporaryFolder(), try TemporaryFolder())
    for (index, name) in ["cat/a.png", "cat/b.png", "dog/a.png", "dog/b.png"].enumerated() {
      let bytes = (0..<16 * 16 * 3).map { UInt8(truncatingIfNeeded: $0 * (index + 3)) }
      try data.write(
        ImageEncoder.png(PixelBuffer(width: 16, height: 16, bytes: bytes), level: 1), to: name)
    }
  }

  func load(size: Int) throws {
    let cache = ImageCache(folder: caches.path, limit: 3000)
    let geometry = ImageGeometry(imageSize: size, fit: .crop)
    _ = try DatasetLoader(workers: Workers(count: 1), cache: cache)
      .load(DatasetLister.list(data.path), geometry: geometry)
  }

  @Test func `folders and files of the user are never removed, whatever they are called`() throws {
    let digits = String(repeating: "0", count: 24)
    let own = [
      "holiday.pictures/cat.jpg", "\(digits).pictures/cat.jpg", "notes.pictures",
      "\(digits.dropLast())1.pictures", "\(digits).part", "x.0123456789abcdef.part",
    ]
    for name in own { try caches.write([UInt8](repeating: 7, count: 5000), to: name) }
    for size in 8...12 { try load(size: size) }
    for name in own { #expect(try caches.read(name).count == 5000, "\(name)") }
    // Only the last set fits.
    #expect(caches.contents.count { $0.hasSuffix(".pictures") } == 5)
  }

  @Test func `what a killed writer of a cache left is cleared away`() throws {
    let name = String(repeating: "0", count: 24) + ".pictures.0123456789abcdef.part"
    try caches.write([UInt8](repeating: 7, count: 5000), to: name)
    try load(size: 8)
    #expect(caches.contents.count == 1 && !caches.contents.contains(name))
  }
}
