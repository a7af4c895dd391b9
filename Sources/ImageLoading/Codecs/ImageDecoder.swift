internal import CImageCodecs
public import Support

/// A decoded image and the decoder's remarks.
public struct DecodedImage: Sendable {
  /// Upright 8-bit RGB, composited over white where the file is transparent.
  public let pixels: PixelBuffer
  /// The format of the bytes, whatever the file's name.
  public let format: ImageFormat
  /// Pixels, upright, before any scaling while decoding.
  public let sourceWidth: Int
  /// Pixels, upright, before any scaling while decoding.
  public let sourceHeight: Int
  /// Worst first; empty for an ordinary image.
  public let remarks: [DecodingRemark]
}

/// Decodes the bytes of a JPEG or PNG into an upright image.
///
/// Color profiles and gamma are ignored, as is usual for training. A JPEG that lost at most a tenth
/// of its rows is decoded, with a remark; the lost rows are gray or repeat damaged data.
public struct ImageDecoder: Sendable {
  /// Images with more pixels are refused before memory is allocated for them.
  public static let pixelLimit = Int(MRB_PIXEL_LIMIT)

  /// Creates a decoder; it has no state and can be used from any number of threads.
  public init() {}

  /// Decodes a file.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - minimumSide: Pixels. A JPEG may be decoded at a half or a quarter of its size as long as
  ///     its shorter side stays at least twice this, so that a later resize still averages;
  ///     nil decodes at full size.
  /// - Throws: The reason why there is no image.
  public func decode(
    _ bytes: [UInt8], atLeast minimumSide: Int? = nil
  ) throws(ImageDecodingError) -> DecodedImage {
    if bytes.isEmpty { throw .empty }
    let format = ImageFormat.detect(bytes)
    switch format {
    case .jpeg, .png: break
    case .unknown:
      if let count = bytesBeforeJPEG(bytes) {
        throw .corrupt(reason: "\(count) bytes before the start of a JPEG")
      }
      if LargeFilePointer.isOne(bytes) {
        throw .unsupported(feature: "a Git LFS pointer in place of the image; use 'git lfs pull'")
      }
      throw .notAnImage(startsWith: hexadecimal(bytes.prefix(8)))
    default: throw .unsupportedFormat(format)
    }
    let codec = ImageCodec(format: format)
    let info = try codec.information(bytes)
    let denominator = format == .jpeg ? scaleDenominator(info, minimumSide) : 1
    let (image, report) = try codec.pixels(bytes, info, denominator: denominator)
    let blocks = MetadataBlocks(bytes, format: format)
    let orientation = Orientation(blocks)
    let isTurned = orientation.swapsSides
    return DecodedImage(
      pixels: orientation.applied(to: image), format: format,
      sourceWidth: Int(isTurned ? info.height : info.width),
      sourceHeight: Int(isTurned ? info.width : info.height),
      remarks: remarks(info, report, orientation) + (blocks.isAnimation ? [.firstFrame] : []))
  }

  /// Bytes that the pixels of a file take while it is decoded; 0 for one that cannot be.
  package func pixelBytes(of bytes: [UInt8], atLeast minimumSide: Int?) -> Int {
    let format = ImageFormat.detect(bytes)
    guard format == .jpeg || format == .png,
      let info = try? ImageCodec(format: format).information(bytes)
    else { return 0 }
    let denominator = format == .jpeg ? scaleDenominator(info, minimumSide) : 1
    return Int(info.width) / denominator * (Int(info.height) / denominator) * 4
  }

  /// How many bytes precede a JPEG; beyond 63 it may be part of another format.
  private func bytesBeforeJPEG(_ bytes: [UInt8]) -> Int? {
    (1..<64).first { bytes.dropFirst($0).starts(with: [0xFF, 0xD8, 0xFF]) }
  }

  private func scaleDenominator(_ info: mrb_image_info, _ minimumSide: Int?) -> Int {
    guard let minimumSide, minimumSide > 0 else { return 1 }
    let side = Int(min(info.width, info.height))
    return [4, 2].first { side / $0 >= 2 * minimumSide } ?? 1
  }

  private func remarks(
    _ info: mrb_image_info, _ report: mrb_decode_report, _ orientation: Orientation
  ) -> [DecodingRemark] {
    var remarks: [DecodingRemark] = []
    if report.truncated != 0 {
      remarks.append(.truncated(row: Int(report.rows), of: Int(info.height)))
    }
    if report.damaged > 0 { remarks.append(.damagedData) }
    if report.extra_bytes != 0 { remarks.append(.extraBytes) }
    if report.missing_end != 0 { remarks.append(.missingEndMarker) }
    if orientation != .upright { remarks.append(.orientationApplied(orientation.rawValue)) }
    if let form = form(info) { remarks.append(.converted(from: form)) }
    return remarks
  }

  /// How the pixels were stored; nil for plain 8-bit color.
  private func form(_ info: mrb_image_info) -> String? {
    var words: [String] = []
    if info.depth != 8 { words.append("\(info.depth)-bit") }
    switch info.color {
    case MRB_COLOR_GRAY: words.append("gray")
    case MRB_COLOR_CMYK: words.append("CMYK")
    case MRB_COLOR_YCCK: words.append("YCCK")
    case MRB_COLOR_PALETTE: words.append("palette")
    default: if info.depth != 8 || info.alpha != 0 { words.append("RGB") }
    }
    if info.alpha != 0 { words.append("with transparency") }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  private func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
      .joined(separator: " ")
  }
}
