internal import Foundation
internal import Support

/// Keeps the cache of one folder of images true while the folder is loaded.
struct CacheKeeper {
  /// What was known before.
  let known: CacheSet
  /// What was done so far.
  private(set) var use = CacheUse()

  private let cache: ImageCache
  private let root: String, path: String
  private let byteCount: Int
  private let start = Date()
  private var images: [CachedImage] = []
  private var hasNews = false

  init(_ cache: ImageCache, root: String, _ geometry: ImageGeometry) {
    self.cache = cache
    self.root = root
    path = cache.path(root: root, geometry)
    byteCount = geometry.byteCount
    known = CacheSet(contentsOf: path, geometry) ?? CacheSet(geometry)
  }

  /// Notes an image; they come in the order of the pixels given at the end.
  mutating func add(_ image: ImageReader.Image, path: String) {
    switch image.origin {
    case .decoded: use.decoded += 1
    case .sameContent, .unchangedFile: use.reused += 1
    }
    if image.origin != .unchangedFile {
      use.opened += 1
      hasNews = true
    }
    let stamp = image.stamp.flatMap { $0.isSettled(at: start) ? $0 : nil }
    images.append(
      CachedImage(
        path: path, stamp: stamp, sha256: image.sha256,
        pixelHash: "", width: image.width,
        height: image.height, format: image.format, perceptualHash: image.perceptualHash,
        remarks: image.remarks))
  }

  /// Writes what is new; what was known of other files that are still there is kept.
  mutating func finish(_ pixels: [UInt8]) {
    guard hasNews else {
      cache.touch(path)
      return
    }
    let own = images.count
    let paths = Set(images.map(\.path))
    let others = known.images.indices.filter { index in
      let image = known.images[index]
      return !paths.contains(image.path) && image.stamp != nil
        && FileStamp("\(root)/\(image.path)") == image.stamp
    }
    let size = (own + others.count) * byteCount
    guard size <= cache.limit else {
      use.problem =
        "\(cache.folder): not written: the images take \(size) bytes, more than the limit of \(cache.limit)"
      return
    }
    for index in 0..<own {
      images[index].pixelHash = ContentHash.sha256(
        Array(pixels[index * byteCount..<(index + 1) * byteCount]))
    }
    cache.makeRoom(for: size, keeping: path)
    do {
      try CacheSet.write(images + others.map { known.images[$0] }, to: path) { index in
        // What does not match its hash any more is left out when it is read.
        index < own
          ? Array(pixels[index * byteCount..<(index + 1) * byteCount])
          : known.pixels(others[index - own]) ?? [UInt8](repeating: 0, count: byteCount)
      }
    } catch {
      use.problem = (error as? FileError ?? FileError(path: path, error)).description
    }
  }
}
