import ImageLoading
import Testing

@Suite struct DamagedImageTests {
  private let decoder = ImageDecoder()
  /// Large enough for many rows and steps: 96×192.
  private let scene = pattern(96, 192)

  enum Kind: CaseIterable { case jpeg, png }

  private func encoded(_ kind: Kind) -> [UInt8] {
    kind == .jpeg
      ? ImageEncoder.jpeg(scene, quality: 80) : ImageEncoder.png(scene, level: 6)
  }

  @Test(arguments: Kind.allCases)
  func `a file cut anywhere is an error or says that it is cut`(kind: Kind) {
    let bytes = encoded(kind)
    for count in stride(from: 1, to: bytes.count, by: 97) {
      do {
        let image = try decoder.decode(Array(bytes.prefix(count)))
        #expect(
          image.remarks.contains { $0.isProblem || $0 == .missingEndMarker }, "\(count) bytes")
        // A PNG that is cut after its last row is whole; any other is refused.
        #expect(kind == .jpeg || image.pixels == scene)
      } catch ImageDecodingError.truncated(let rows, let height) {
        #expect(height == 192)
        #expect(rows < height)
      } catch {
        #expect(count < 700, "only headers and tables may be \(error)")
      }
    }
  }

  @Test(arguments: [(0.97, true), (0.80, false), (0.30, false)])
  func `nine rows in ten are enough of a JPEG`(part: Double, isKept: Bool) throws {
    let bytes = encoded(.jpeg)
    let count = Int(Double(bytes.count) * part)
    let remarks = try? decoder.decode(Array(bytes.prefix(count))).remarks
    #expect((remarks != nil) == isKept)
    if let remarks {
      guard case .truncated(let row, of: 192) = remarks.first else {
        Issue.record("\(remarks)")
        return
      }
      #expect((173..<192).contains(row))
      #expect(remarks.contains(.missingEndMarker))
    }
  }

  @Test func `rows that arrived are those of the whole image`() throws {
    let bytes = encoded(.jpeg)
    let whole = try decoder.decode(bytes).pixels
    let part = try decoder.decode(Array(bytes.prefix(bytes.count * 97 / 100)))
    guard case .truncated(let row, of: 192) = part.remarks.first else {
      Issue.record("\(part.remarks)")
      return
    }
    // Fancy upsampling looks one chroma row, which is two rows, ahead.
    let count = (row - 2) * 96 * 3
    #expect(part.pixels.bytes.prefix(count) == whole.bytes.prefix(count))
    #expect(part.pixels.bytes != whole.bytes)
  }

  @Test func `a missing end marker alone changes no pixel`() throws {
    let bytes = encoded(.jpeg)
    let image = try decoder.decode(Array(bytes.dropLast(2)))
    #expect(image.remarks == [.missingEndMarker])
    #expect(try image.pixels == decoder.decode(bytes).pixels)
  }

  @Test(arguments: Kind.allCases)
  func `bytes after the end are remarked and harmless`(kind: Kind) throws {
    let bytes = encoded(kind)
    let image = try decoder.decode(bytes + [1, 2, 3])
    #expect(image.remarks == [.extraBytes])
    #expect(try image.pixels == decoder.decode(bytes).pixels)
  }

  @Test func `a PNG without its end chunk is whole`() throws {
    let image = try decoder.decode(Array(encoded(.png).dropLast(12)))
    #expect(image.remarks == [.missingEndMarker])
    #expect(image.pixels == scene)
  }

  @Test func `a wrong checksum is corruption`() {
    var bytes = encoded(.png)
    bytes[bytes.count - 13] ^= 1
    let error = #expect(throws: ImageDecodingError.self) { try decoder.decode(bytes) }
    #expect(error == .corrupt(reason: "IDAT: CRC error"))
  }

  /// 13 intervals of 16 rows each; the fifth begins after RST3.
  @Test func `damage to one restart interval leaves the rest`() throws {
    let bytes = try Reference.bytes("restart-long.jpg")
    let whole = try decoder.decode(bytes)
    #expect(whole.remarks.isEmpty)
    let start = try position(of: 0xD3, in: bytes) + 2
    let end = try position(of: 0xD4, in: bytes)
    let damaged = try decoder.decode(Array(bytes[..<(start + 2)] + bytes[end...]))
    #expect(damaged.remarks == [.damagedData])
    // Chroma of the neighbors is interpolated, so a row on each side may differ.
    let strip = 16 * 16 * 3
    let after = 5 * strip + 16 * 3
    #expect(
      damaged.pixels.bytes.prefix(4 * strip - 16 * 3)
        == whole.pixels.bytes.prefix(4 * strip - 16 * 3))
    #expect(damaged.pixels.bytes.dropFirst(after) == whole.pixels.bytes.dropFirst(after))
    #expect(damaged.pixels != whole.pixels)
  }

  @Test func `damage to two restart intervals of thirteen is too much`() throws {
    var bytes = try Reference.bytes("restart-long.jpg")
    for marker: UInt8 in [0xD5, 0xD1] {
      let start = try position(of: marker, in: bytes) + 4
      let end = try position(of: marker + 1, in: bytes)
      bytes.removeSubrange(start..<end)
    }
    #expect(throws: ImageDecodingError.truncated(rows: 168, of: 200)) { try decoder.decode(bytes) }
  }

  private func position(of marker: UInt8, in bytes: [UInt8]) throws -> Int {
    try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == marker })
  }

  /// Pillow writes four scans before every coefficient has appeared once, and refines them after.
  @Test(arguments: 1..<5)
  func `a progressive JPEG that lacks whole scans has no row`(scans: Int) throws {
    let bytes = try Reference.bytes("progressive.jpg")
    let starts = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA }
    #expect(throws: ImageDecodingError.truncated(rows: 0, of: 17)) {
      try decoder.decode(Array(bytes[..<starts[scans]]))
    }
  }

  @Test func `a progressive JPEG that lacks refinement is kept`() throws {
    let bytes = try Reference.bytes("progressive.jpg")
    let image = try decoder.decode(Array(bytes.dropLast(6)))
    #expect(image.remarks == [.truncated(row: 17, of: 17), .missingEndMarker])
  }

  @Test func `a JPEG with more than 500 scans is refused`() throws {
    let bytes = try Reference.bytes("gray-progressive.jpg")
    let starts = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA }
    let last = try #require(starts.last)
    // Refining again is against the rules, which libjpeg only warns of.
    let scans = repeatElement(bytes[last..<(bytes.count - 2)], count: 501).joined()
    let many = Array(bytes.dropLast(2)) + Array(scans) + [0xFF, 0xD9]
    #expect(throws: ImageDecodingError.corrupt(reason: "the JPEG has more than 500 scans")) {
      try decoder.decode(many)
    }
  }
}
