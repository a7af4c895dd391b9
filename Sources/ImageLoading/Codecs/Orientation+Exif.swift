extension Orientation {
  /// Reads the orientation a file states in Exif or else in XMP; upright otherwise.
  init(ofFile bytes: [UInt8], format: ImageFormat) {
    let xmp = "http://ns.adobe.com/xap/1.0/\0"
    let isPNG = format == .png
    let exif = isPNG ? Self.chunk("eXIf", "", bytes) : Self.segment("Exif\0\0", bytes)
    if let stated = exif.flatMap({ Self(exif: $0) }) {
      self = stated
      return
    }
    let text = isPNG ? Self.chunk("iTXt", "XML:com.adobe.xmp\0", bytes) : Self.segment(xmp, bytes)
    self = text.flatMap { Self(xmp: $0) } ?? .upright
  }

  /// The bytes after `start` in the APP1 segment that begins with it.
  private static func segment(_ start: String, _ bytes: [UInt8]) -> ArraySlice<UInt8>? {
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
      if marker == 0xE1, content.starts(with: start.utf8) {
        return content.dropFirst(start.utf8.count)
      }
      position = end
    }
    return nil
  }

  /// The bytes after `start` in the chunk of that name that begins with it.
  private static func chunk(
    _ name: String, _ start: String, _ bytes: [UInt8]
  ) -> ArraySlice<UInt8>? {
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
      let end = position + 12 + length
      guard end <= bytes.count else { return nil }
      let content = bytes[(position + 8)..<(end - 4)]
      if bytes[(position + 4)...].starts(with: name.utf8), content.starts(with: start.utf8) {
        return content.dropFirst(start.utf8.count)
      }
      position = end
    }
    return nil
  }

  /// Reads `tiff:Orientation`, an attribute or an element, as Pillow does.
  private init?(xmp text: ArraySlice<UInt8>) {
    let name = Array("tiff:Orientation".utf8)
    for start in text.indices where text[start] == name[0] && text[start...].starts(with: name) {
      let value = text[start...].dropFirst(name.count)
      for opening in ["=\"", ">"] where value.starts(with: opening.utf8) {
        guard let digit = value.dropFirst(opening.utf8.count).first else { return nil }
        self.init(rawValue: Int(digit) - 0x30)
        return
      }
    }
    return nil
  }

  /// Reads tag 0x0112 of the first directory of a TIFF block, checking every offset.
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
      // The standard says SHORT; some programs write BYTE or LONG.
      let size = [1: 1, 3: 2, 4: 4][number(at: offset + 2, bytes: 2) ?? 0]
      guard let size, let value = number(at: offset + 8, bytes: size) else { return nil }
      self.init(rawValue: value)
      return
    }
    return nil
  }
}
