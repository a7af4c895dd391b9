/// Where we mean to differ from Pillow, and why.
struct KnownDeviation {
  private var file: String
  /// In words a user would accept.
  var reason: String

  private init(_ file: String, _ reason: String) {
    self.file = file
    self.reason = reason
  }

  private static let checksum = "a wrong checksum in the image's data, which Pillow skips over"
  private static let ancillary = "chunks that cannot change a pixel are not looked into"
  private static let all = [
    KnownDeviation("png-variants/image-png--x_interlaced_chck.png", checksum),
    KnownDeviation(
      "exif/Pillow--hopper_bad_exif.jpg", "more than a tenth of its rows follow damaged data"),
    KnownDeviation(
      "exif/Pillow--exif_imagemagick_orientation.png",
      "Exif as hexadecimal text, from before PNG had a chunk for it"),
    KnownDeviation(
      "corrupt-jpeg/TwelveMonkeys--jfif-bogus-empty-jfif-segment.jpg",
      "its JFIF segment is empty, its image is whole"),
    KnownDeviation("corrupt-png/Pillow--png_decompression_dos.png", ancillary),
    KnownDeviation("corrupt-png/Pillow--unknown_compression_method.png", ancillary),
    KnownDeviation("corrupt-png/image-png--cicp_pq.png", ancillary),
    KnownDeviation("corrupt-png/image-png--issue_430.png", ancillary),
    KnownDeviation("corrupt-png/libpng--empty_ancillary_chunks.png", ancillary),
    KnownDeviation("corrupt-png/oxipng--fix_errors.png", ancillary),
  ]

  /// The deviation a file is known for.
  static func of(_ entry: Corpus.Entry) -> KnownDeviation? {
    all.first { $0.file == "\(entry.corpus)/\(entry.file)" }
  }
}
