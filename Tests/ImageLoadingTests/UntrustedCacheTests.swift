import Foundation
import ImageLoading
import Support
import Tensors
import TestSupport
import Testing

@Suite struct UntrustedCacheTests {
  @Test func `a file dated centuries away is loaded with a cache as without`() throws {
    let (data, caches) = (try TemporaryFolder(), try TemporaryFolder())
    for (index, name) in ["cat/a", "cat/b", "dog/a", "dog/b"].enumerated() {
      let image = PixelBuffer(
        width: 8, height: 8, bytes: (0..<192).map { UInt8($0 * (index + 1) % 251) })
      try data.write(ImageEncoder.png(image, level: 1), to: "\(name).png")
    }
    for name in ["cat/a", "dog/b"] {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1e10)],
        ofItemAtPath: "\(data.path)/\(name).png")
    }
    func load(_ cache: ImageCache?) throws -> LoadedDataset {
      try DatasetLoader(workers: Workers(count: 2), cache: cache).load(
        DatasetLister.list(data.path), geometry: ImageGeometry(imageSize: 8, fit: .crop))
    }
    let cache = ImageCache(folder: caches.path, limit: 1_000_000)
    let plain = try load(nil)
    for _ in 0..<2 { #expect(try load(cache).pixels == plain.pixels) }
  }
}
