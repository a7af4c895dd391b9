/// What files made by Marbles carry, so that a person finds out where they come from.
package enum Provenance {
  /// The program, as metadata name it.
  package static let program = "Marbles"

  /// The text chunk `Software` of a PNG file: length, name, content and checksum.
  package static let pngChunk: [UInt8] =
    [0, 0, 0, 16] + Array("tEXtSoftware".utf8) + [0] + Array(program.utf8)
    + [0xD1, 0x0C, 0x70, 0x5F]

  /// An element of an SVG file.
  package static let svgElement = "<metadata>made by \(program)</metadata>"

  /// A PNG file with the text chunk behind its header.
  package static func marked(png file: [UInt8]) -> [UInt8] {
    // Signature, and a header of fixed length.
    let headerEnd = 8 + 25
    return file.prefix(headerEnd) + pngChunk + file.dropFirst(headerEnd)
  }
}
