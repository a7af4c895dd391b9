internal import Foundation
internal import Support

/// Keeps the cache of one folder of pictures true while the folder is loaded.
struct CacheKeeper {
  /// What was known before.
  let known: CacheSet
  /// What was done so far.
  private(set) var use = CacheUse()

  private let cache: PictureCache
  private let root: String, path: String
  private let byteCount: Int
  private let start = Date()
  private var pictures: [CachedPicture] = []
  private var hasNews = false

  init(_ cache: PictureCache, root: String, _ geometry: ImageGeometry) {
    self.cache = cache
    self.root = root
    path = cache.path(root: root, geometry)
    byteCount = geometry.byteCount
    known = CacheSet(contentsOf: path, geometry) ?? CacheSet(geometry)
  }

  /// Notes a picture; they come in the order of the pixels given at the end.
  mutating func add(_ picture: PictureReader.Picture, path: String) {
    switch picture.origin {
    case .decoded: use.decoded += 1
    case .sameContent, .unchangedFile: use.reused += 1
    }
    if picture.origin != .unchangedFile {
      use.opened += 1
      hasNews = true
    }
    let stamp = picture.stamp.flatMap { $0.isSettled(at: start) ? $0 : nil }
    pictures.append(
      CachedPicture(
        path: path, stamp: stamp, sha256: picture.sha256,
        pixelHash: "", width: picture.width,
        height: picture.height, format: picture.format, perceptualHash: picture.perceptualHash,
        remarks: picture.remarks))
  }

  /// Writes what is new; what was known of other files that are still there is kept.
  mutating func finish(_ pixels: [UInt8]) {
    guard hasNews else {
      cache.touch(path)
      return
    }
    let own = pictures.count
    let paths = Set(pictures.map(\.path))
    let others = known.pictures.indices.filter { index in
      let picture = known.pictures[index]
      return !paths.contains(picture.path) && picture.stamp != nil
        && FileStamp("\(root)/\(picture.path)") == picture.stamp
    }
    let size = (own + others.count) * byteCount
    guard size <= cache.limit else {
      use.problem =
        "\(cache.folder): not written: the pictures take \(size) bytes, more than the limit of \(cache.limit)"
      return
    }
    for index in 0..<own {
      pictures[index].pixelHash = ContentHash.sha256(
        Array(pixels[index * byteCount..<(index + 1) * byteCount]))
    }
    cache.makeRoom(for: size, keeping: path)
    do {
      try CacheSet.write(pictures + others.map { known.pictures[$0] }, to: path) { index in
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
