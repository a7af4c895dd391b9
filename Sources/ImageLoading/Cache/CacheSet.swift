internal import Foundation
internal import Support

/// One file of a cache, mapped into memory.
///
/// Layout: eight letters; the SHA-256 of the index, 64 hexadecimal digits; the length of the
/// index, 16 hexadecimal digits; the index, JSON; the pixels, in the order of the index.
struct CacheSet: Sendable {
  static let signature = "MRBCACH1"
  private static let headerSize = 8 + 64 + 16

  /// Every image in the file.
  let images: [CachedImage]
  private let pixels: Data
  private let byteCount: Int
  private let byPath: [[UInt8]: Int]
  private let byContent: [String: Int]

  /// Whether a path names a plain file that begins as a set does, and no link to one.
  static func isOne(_ path: String) -> Bool {
    let file = try? PlainFile.mapped(path, followsLinks: false)
    return file?.starts(with: Data(signature.utf8)) ?? false
  }

  /// A set without images.
  init(_ geometry: ImageGeometry) {
    images = []
    pixels = Data()
    byteCount = geometry.byteCount
    (byPath, byContent) = ([:], [:])
  }

  /// Maps a file; nil when it is missing or damaged, or no file but a link.
  init?(contentsOf path: String, _ geometry: ImageGeometry) {
    guard let file = try? PlainFile.mapped(path, followsLinks: false),
      file.count >= Self.headerSize
    else { return nil }
    func text(_ range: Range<Int>) -> String { String(decoding: file[range], as: UTF8.self) }
    guard text(0..<8) == Self.signature, let length = Int(text(72..<88), radix: 16),
      length >= 0, length <= file.count - Self.headerSize
    else { return nil }
    let index = file[Self.headerSize..<Self.headerSize + length]
    guard ContentHash.sha256(Array(index)) == text(8..<72),
      let images = try? JSONDecoder().decode([CachedImage].self, from: Data(index)),
      file.count == Self.headerSize + length + images.count * geometry.byteCount
    else { return nil }
    self.images = images
    byteCount = geometry.byteCount
    pixels = file[(Self.headerSize + length)...]
    let places = images.enumerated()
    byPath = Dictionary(places.map { ($1.path.pathBytes, $0) }) { first, _ in first }
    byContent = Dictionary(places.map { ($1.sha256, $0) }) { first, _ in first }
  }

  /// Returns the image of an unchanged file, without opening the file.
  func image(path: String, stamp: FileStamp) -> ImageReader.Image? {
    guard let index = byPath[path.pathBytes], images[index].stamp == stamp else { return nil }
    return image(index, stamp, .unchangedFile)
  }

  /// Returns the image of a file with the same content.
  func image(sha256: String, stamp: FileStamp?) -> ImageReader.Image? {
    byContent[sha256].flatMap { image($0, stamp, .sameContent) }
  }

  /// Whether the pixels of a file with this content are there.
  func holds(sha256: String) -> Bool { byContent[sha256] != nil }

  /// Returns the pixels of a file with this content; nil when they are not there, or differ.
  func pixels(sha256: String) -> [UInt8]? { byContent[sha256].flatMap { pixels($0) } }

  /// Returns the pixels of an image; nil when they do not match their hash.
  func pixels(_ index: Int) -> [UInt8]? {
    let start = pixels.startIndex + index * byteCount
    let bytes = [UInt8](pixels[start..<start + byteCount])
    return ContentHash.sha256(bytes) == images[index].pixelHash ? bytes : nil
  }

  private func image(
    _ index: Int, _ stamp: FileStamp?, _ origin: ImageReader.Image.Origin
  ) -> ImageReader.Image? {
    guard let bytes = pixels(index) else { return nil }
    return ImageReader.Image(images[index], pixels: bytes, origin: origin, stamp: stamp)
  }

  /// Writes a set atomically.
  ///
  /// - Throws: `FileError`, also for what is not a plain file.
  static func write(
    _ images: [CachedImage], to path: String, pixels: (_ index: Int) -> [UInt8]
  ) throws(FileError) {
    // Strings and integers only, which cannot fail.
    let index = (try? JSONEncoder().encode(images)) ?? Data()
    let length = String(index.count, radix: 16)
    let padding = String(repeating: "0", count: 16 - length.count)
    let header = Self.signature + ContentHash.sha256(Array(index)) + padding + length
    try Folder.create(AtomicFile.folder(of: path))
    try AtomicFile.write(to: path) { file throws(FileError) in
      try file.write(Data(header.utf8))
      try file.write(index)
      for image in images.indices { try file.write(Data(pixels(image))) }
    }
  }
}
