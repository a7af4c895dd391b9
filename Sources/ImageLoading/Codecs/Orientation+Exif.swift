extension Orientation {
  /// Finds the orientation a JPEG's APP1 segment or a PNG's eXIf chunk states; upright otherwise.
  init(ofFile bytes: [UInt8], format: ImageFormat) {
    let block = format == .png ? Self.chunk(in: bytes) : Self.segment(in: bytes)
    self = block.flatMap { Self(exif: $0) } ?? .upright
  }

  private static func segment(in bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var position = 2
    while position + 4 <= bytes.count {
      let marker = bytes[position + 1]
      // Fill bytes and garbage between segments: look for the next marker.
      guard bytes[position] == 0xFF, marker != 0xFF, marker != 0 else {
        position += 1
        continue
      }
      if marker == 0xDA || marker == 0xD9 { return nil }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      guard length >= 2, end <= bytes.count else { return nil }
      let content = bytes[(position + 4)..<end]
      if marker == 0xE1, content.starts(with: "Exif\0\0".utf8) { return content.dropFirst(6) }
      position = end
    }
    return nil
  }

  private static func chunk(in bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
      let end = position + 12 + length
      guard end <= bytes.count else { return nil }
      if bytes[(position + 4)...].starts(with: "eXIf".utf8) {
        return bytes[(position + 8)..<(end - 4)]
      }
      position = end
    }
    return nil
  }

  /// Reads tag 0x0112 of the first directory of a TIFF block, whose offsets nobody may trust.
  private init?(exif block: ArraySlice<UInt8>) {
    let isLittleEndian = block.starts(with: "II".utf8)
    guard isLittleEndian || block.starts(with: "MM".utf8) else { return nil }
    func number(at offset: Int, bytes count: Int) -> Int? {
      let start = block.startIndex + offset
      guard offset >= 0, start + count <= block.endIndex else { return nil }
      let digits = block[start..<(start + count)]
      return isLittleEndian
        ? digits.reversed().reduce(0) { $0 << 8 | Int($1) } : digits.reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(at: 2, bytes: 2) == 42, let directory = number(at: 4, bytes: 4),
      let entries = number(at: directory, bytes: 2)
    else { return nil }
    for entry in 0..<entries {
      let offset = directory + 2 + entry * 12
      guard let tag = number(at: offset, bytes: 2) else { return nil }
      guard tag == 0x0112 else { continue }
      // SHORT by the book; some programs write BYTE or LONG.
      let size = [1: 1, 3: 2, 4: 4][number(at: offset + 2, bytes: 2) ?? 0]
      guard let size, let value = number(at: offset + 8, bytes: size) else { return nil }
      self.init(rawValue: value)
      return
    }
    return nil
  }
}
