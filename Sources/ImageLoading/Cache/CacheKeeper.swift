internal import Foundation
internal import Support

/// Updates the cache of one folder of images while the folder is loaded.
struct CacheKeeper {
  /// The cache as it was found.
  let known: CacheSet
  /// Images decoded and reused so far.
  private(set) var use = CacheUse()

  private let cache: ImageCache
  private let root: String, path: String
  private let geometry: ImageGeometry
  private var byteCount: Int { geometry.byteCount }
  private let start = Date()
  private var images: [CachedImage] = []
  private var hasChanges = false

  init(_ cache: ImageCache, root: String, _ geometry: ImageGeometry) {
    self.cache = cache
    self.root = root
    path = cache.path(root: root, geometry)
    self.geometry = geometry
    known = CacheSet(contentsOf: path, geometry) ?? CacheSet(geometry)
  }

  /// Adds an image; images come in the order of the pixels passed to `finish`.
  mutating func add(_ image: ImageReader.Image, path: String) {
    switch image.origin {
    case .decoded: use.decoded += 1
    case .sameContent, .unchangedFile: use.reused += 1
    }
    if image.origin != .unchangedFile {
      use.opened += 1
      hasChanges = true
    }
    let stamp = image.stamp.flatMap { $0.isSettled(at: start) ? $0 : nil }
    images.append(CachedImage(image, path: path, stamp: stamp))
  }

  /// Images as all processes of a host have them, in the cache that one of them has written.
  func shared(_ images: [LoadedImage]) -> ImageSource? {
    CacheSet(contentsOf: path, geometry).flatMap { ImageSource($0, images) }
  }

  /// Writes the cache if it changed; entries of other files that still exist are kept.
  mutating func finish(_ pixels: [UInt8]) {
    guard hasChanges else {
      cache.touch(path)
      return
    }
    let own = images.count
    let paths = Set(images.map(\.path.pathBytes))
    let others = known.images.indices.filter { index in
      let image = known.images[index]
      return !paths.contains(image.path.pathBytes) && image.stamp != nil
        && FileStamp("\(root)/\(image.path)") == image.stamp
    }
    let size = (own + others.count) * byteCount
    guard size <= cache.limit else {
      use.problem =
        "\(cache.folder): not written: the images take \(size) bytes, "
        + "more than the limit of \(cache.limit)"
      return
    }
    for index in 0..<own {
      images[index].pixelHash = ContentHash.sha256(
        Array(pixels[index * byteCount..<(index + 1) * byteCount]))
    }
    cache.makeRoom(for: size, keeping: path)
    do throws(FileError) {
      try CacheSet.write(images + others.map { known.images[$0] }, to: path) { index in
        // Pixels that no longer match their hash are rejected when they are read.
        index < own
          ? Array(pixels[index * byteCount..<(index + 1) * byteCount])
          : known.pixels(others[index - own]) ?? [UInt8](repeating: 0, count: byteCount)
      }
    } catch {
      use.problem = error.description
    }
  }
}
