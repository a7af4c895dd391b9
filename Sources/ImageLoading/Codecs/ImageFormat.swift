/// The format of a file, recognized by its first bytes and not by its name.
public enum ImageFormat: String, Codable, CaseIterable, Sendable {
  case jpeg, png, gif, bmp, webp, tiff, heic, avif, unknown

  /// The usual spelling: `JPEG`, `WebP`.
  public var name: String {
    switch self {
    case .webp: "WebP"
    case .unknown: "unknown format"
    case .jpeg, .png, .gif, .bmp, .tiff, .heic, .avif: rawValue.uppercased()
    }
  }

  /// Recognizes a file by its signature.
  public static func detect(_ bytes: [UInt8]) -> ImageFormat {
    let start = bytes.prefix(32)
    if start.starts(with: [0xFF, 0xD8, 0xFF]) || start == [0xFF, 0xD8] { return .jpeg }
    if start.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
    if start.starts(with: "GIF87a".utf8) || start.starts(with: "GIF89a".utf8) { return .gif }
    if start.starts(with: "RIFF".utf8), start.dropFirst(8).starts(with: "WEBP".utf8) {
      return .webp
    }
    // 42 is classic TIFF, 43 BigTIFF.
    for tail: [UInt8] in [[0x49, 0x49, 42, 0], [0x4D, 0x4D, 0, 42], [0x49, 0x49, 43, 0]]
    where start.starts(with: tail) {
      return .tiff
    }
    // Two letters prove little: the four reserved bytes of a bitmap must be zero as well.
    if start.starts(with: "BM".utf8), start.dropFirst(6).starts(with: [0, 0, 0, 0]) { return .bmp }
    return detectBrand(start)
  }

  /// ISO media files name their brand after `ftyp`.
  private static func detectBrand(_ start: ArraySlice<UInt8>) -> ImageFormat {
    guard start.dropFirst(4).starts(with: "ftyp".utf8) else { return .unknown }
    let brand = String(decoding: start.dropFirst(8).prefix(4), as: UTF8.self)
    if brand.hasPrefix("avi") { return .avif }
    let isHEIC = ["hei", "hev", "mif1", "msf1"].contains { brand.hasPrefix($0) }
    return isHEIC ? .heic : .unknown
  }
}
