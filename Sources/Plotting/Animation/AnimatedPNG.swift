internal import Foundation

/// An animated PNG: a poster that every viewer shows, then a background that pictures come and go on.
///
/// - Source: "APNG specification", now part of PNG, third edition, 2025.
public struct AnimatedPNG {
  /// Pixels.
  public let width: Int, height: Int
  private var frames: [Frame] = []

  private struct Frame {
    var picture: EncodedPicture
    var milliseconds: Int
    /// Whether it lies on what is there and is taken off again, or replaces all of it.
    var isOverlay: Bool
  }

  /// Begins with the poster, which is shown first, too.
  ///
  /// - Parameter milliseconds: How long.
  public init(poster: CairoCanvas, milliseconds: Int) {
    let picture = poster.encodedPicture(croppingToContent: false)
    (width, height) = (picture.width, picture.height)
    frames.append(Frame(picture: picture, milliseconds: milliseconds, isOverlay: false))
  }

  /// Replaces everything by a picture of the poster's size.
  public mutating func add(background: CairoCanvas, milliseconds: Int) {
    frames.append(
      Frame(
        picture: background.encodedPicture(croppingToContent: false), milliseconds: milliseconds,
        isOverlay: false))
  }

  /// Lays a picture with see-through ground on the background; it is gone in the next frame.
  public mutating func add(overlay: EncodedPicture, milliseconds: Int) {
    frames.append(Frame(picture: overlay, milliseconds: milliseconds, isOverlay: true))
  }

  /// How many pictures it shows.
  public var frameCount: Int { frames.count }

  /// The bytes of the file; it plays for ever.
  public var bytes: [UInt8] {
    var file = PNGChunk.signature
    file += frames[0].picture.header.bytes
    file += PNGChunk("acTL", number(frames.count) + number(0)).bytes
    var sequence = 0
    for (index, frame) in frames.enumerated() {
      file += control(frame, sequence).bytes
      sequence += 1
      for data in frame.picture.data {
        if index == 0 {
          file += PNGChunk("IDAT", data).bytes
        } else {
          file += PNGChunk("fdAT", number(sequence) + data).bytes
          sequence += 1
        }
      }
    }
    return file + PNGChunk("IEND", []).bytes
  }

  private func control(_ frame: Frame, _ sequence: Int) -> PNGChunk {
    let picture = frame.picture
    // Overlays are mixed in and taken off again; others replace and stay.
    let (dispose, blend): (UInt8, UInt8) = frame.isOverlay ? (2, 1) : (0, 0)
    return PNGChunk(
      "fcTL",
      number(sequence) + number(picture.width) + number(picture.height) + number(picture.x)
        + number(picture.y) + short(frame.milliseconds) + short(1000) + [dispose, blend])
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: `PictureError.unwritable`.
  public func write(to path: String) throws(PictureError) {
    let temporary = temporaryName(beside: path)
    do {
      try Data(bytes).write(to: URL(filePath: temporary))
    } catch {
      removeFile(temporary)
      throw .unwritable(path: path, reason: "the file cannot be created")
    }
    try moveFile(temporary, to: path)
  }
}

/// A picture as PNG keeps it, and its place on a larger one.
public struct EncodedPicture: Sendable {
  /// Pixels.
  let x: Int, y: Int, width: Int, height: Int
  let header: PNGChunk
  /// The contents of its data chunks.
  let data: [[UInt8]]

  /// Takes a PNG file apart.
  init(file: [UInt8], x: Int, y: Int, width: Int, height: Int) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
    let chunks = PNGChunk.chunks(of: file)
    guard let header = chunks.first(where: { $0.name == "IHDR" }) else {
      preconditionFailure("a PNG of Cairo without a header")
    }
    self.header = header
    data = chunks.filter { $0.name == "IDAT" }.map(\.content)
  }
}

/// A part of a PNG file: length, name, content, checksum.
struct PNGChunk: Sendable {
  let name: String
  let content: [UInt8]

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  init(_ name: String, _ content: [UInt8]) {
    self.name = name
    self.content = content
  }

  static func chunks(of file: [UInt8]) -> [PNGChunk] {
    var chunks: [PNGChunk] = []
    var place = signature.count
    while place + 12 <= file.count {
      let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let name = String(decoding: file[place + 4..<place + 8], as: UTF8.self)
      chunks.append(PNGChunk(name, Array(file[place + 8..<place + 8 + length])))
      place += 12 + length
    }
    return chunks
  }

  var bytes: [UInt8] {
    let checked = Array(name.utf8) + content
    return number(content.count) + checked + number(Int(Self.checksum(checked)))
  }

  /// CRC-32 of the polynomial 0xEDB88320.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }
}

/// Big-endian.
func number(_ value: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

private func short(_ value: Int) -> [UInt8] { Array(number(value).suffix(2)) }
