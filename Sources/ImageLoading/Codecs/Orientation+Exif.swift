extension Orientation {
  /// Reads the orientation a file states in Exif or else in XMP; upright otherwise.
  init(_ blocks: MetadataBlocks) {
    self =
      blocks.exif.lazy.compactMap { Self(exif: $0) }.first
      ?? blocks.xmp.lazy.compactMap { Self(xmp: $0) }.first ?? .upright
  }

  /// Reads `tiff:Orientation`, an attribute in either kind of quotes or an element.
  private init?(xmp text: ArraySlice<UInt8>) {
    let name = Array("tiff:Orientation".utf8)
    let blanks = Array(" \t\r\n".utf8)
    for start in text.indices where text[start] == name[0] && text[start...].starts(with: name) {
      var rest = text[start...].dropFirst(name.count).drop { blanks.contains($0) }
      if rest.first == UInt8(ascii: "=") {
        rest = rest.dropFirst().drop { blanks.contains($0) }
        guard let quote = rest.popFirst(), Array("\"'".utf8).contains(quote) else { continue }
      } else if rest.popFirst() != UInt8(ascii: ">") {
        continue
      }
      rest = rest.drop { blanks.contains($0) }
      guard let digit = rest.first else { return nil }
      self.init(rawValue: Int(digit) - 0x30)
      return
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
