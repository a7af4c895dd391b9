internal import CImageCodecs

/// The blocks of a file that say how its image is to be seen, in the order of the file.
struct MetadataBlocks {
  /// TIFF blocks, without what is written before them.
  private(set) var exif: [ArraySlice<UInt8>] = []
  /// Texts in XML.
  private(set) var xmp: [ArraySlice<UInt8>] = []
  /// Whether more frames follow the image.
  private(set) var isAnimation = false

  private static let xmpName = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
  /// Bytes a compressed text may inflate to; an orientation stands at its beginning.
  private static let textLimit = 1 << 20

  /// Walks through the segments of a JPEG or the chunks of a PNG.
  init(_ bytes: [UInt8], format: ImageFormat) {
    if format == .png { readChunks(bytes) } else { readSegments(bytes) }
    // A long block is continued in the next segment.
    if exif.count > 1 { exif.insert(Array(exif.joined())[...], at: 0) }
  }

  /// Adds what stands in an APP1 segment, or in text that holds a whole one.
  private mutating func add(segment content: ArraySlice<UInt8>) {
    if content.starts(with: "Exif\0".utf8) {
      add(exif: content)
    } else if content.starts(with: Self.xmpName) {
      xmp.append(content.dropFirst(Self.xmpName.count))
    }
  }

  /// Adds a TIFF block; some writers put its name before it once more, or where it is not due.
  private mutating func add(exif content: ArraySlice<UInt8>) {
    var content = content
    // The second of the two bytes after the name is a zero, or whatever stood there.
    while content.starts(with: "Exif\0".utf8) { content = content.dropFirst(6) }
    exif.append(content)
  }

  // MARK: JPEG

  private mutating func readSegments(_ bytes: [UInt8]) {
    var position = 2
    while position + 4 <= bytes.count {
      let marker = bytes[position + 1]
      // Fill bytes and garbage between segments: look for the next marker.
      guard bytes[position] == 0xFF, marker != 0xFF, marker != 0 else {
        position += 1
        continue
      }
      if marker == 0xDA || marker == 0xD9 { return }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      guard length >= 2, end <= bytes.count else { return }
      if marker == 0xE1 { add(segment: bytes[(position + 4)..<end]) }
      position = end
    }
  }

  // MARK: PNG

  private mutating func readChunks(_ bytes: [UInt8]) {
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
      let end = position + 12 + length
      guard end <= bytes.count else { return }
      let content = bytes[(position + 8)..<(end - 4)]
      switch String(decoding: bytes[(position + 4)..<(position + 8)], as: UTF8.self) {
      case "eXIf": add(exif: content)
      // The number of frames, big-endian.
      case "acTL": isAnimation = content.prefix(4).reduce(0) { $0 << 8 | Int($1) } > 1
      case "tEXt": read(content) { $0 }
      case "zTXt": read(content) { Self.inflated($0.dropFirst()) }
      case "iTXt": read(content, Self.international)
      default: break
      }
      position = end
    }
  }

  /// Reads a keyword, a zero and, if the keyword is one of metadata, the text after it.
  private mutating func read(
    _ content: ArraySlice<UInt8>, _ text: (ArraySlice<UInt8>) -> ArraySlice<UInt8>
  ) {
    guard let zero = content.firstIndex(of: 0) else { return }
    switch String(decoding: content[..<zero], as: UTF8.self).lowercased() {
    case "xml:com.adobe.xmp": xmp.append(text(content[(zero + 1)...]))
    case "raw profile type exif": add(exif: Self.profile(text(content[(zero + 1)...])))
    case "raw profile type app1": add(segment: Self.profile(text(content[(zero + 1)...])))
    case "raw profile type xmp": xmp.append(Self.profile(text(content[(zero + 1)...])))
    default: break
    }
  }

  /// The text of an iTXt chunk: two bytes on compression, two names that end with a zero, the text.
  private static func international(_ content: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isCompressed = content.first == 1
    var rest = content.dropFirst(2)
    for _ in 0..<2 {
      guard let zero = rest.firstIndex(of: 0) else { return [] }
      rest = rest[(zero + 1)...]
    }
    return isCompressed ? inflated(rest) : rest
  }

  /// The bytes of a block that ImageMagick and others write as text: a line feed, its name, its
  /// length, and hexadecimal digits in lines.
  private static func profile(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let lines = text.split(separator: 0x0A, omittingEmptySubsequences: true).dropFirst(2)
    let digits = lines.joined().compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2)
      .map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }[...]
  }

  private static func inflated(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    unsafe [UInt8](unsafeUninitializedCapacity: textLimit) { output, count in
      unsafe bytes.withUnsafeBufferPointer { input in
        count = unsafe mrb_inflate(
          input.baseAddress, input.count, output.baseAddress, textLimit)
      }
    }[...]
  }
}
