/// Something worth knowing about an image that could be decoded.
public enum DecodingRemark: Hashable, Codable, Sendable, CustomStringConvertible {
  /// The data ended early; `row` rows of `of` are undamaged.
  case truncated(row: Int, of: Int)
  /// The codec met data that cannot be right, and carried on.
  case damagedData
  /// Bytes that belong to nothing, inside or after the image.
  case extraBytes
  /// The file stops without saying that it ends.
  case missingEndMarker
  /// Turned or mirrored as Exif orientation 2…8 asks.
  case orientationApplied(Int)
  /// Stored in another form than 8-bit color, which is named.
  case converted(from: String)

  /// Whether pixels may be wrong.
  public var isProblem: Bool {
    switch self {
    case .truncated, .damagedData: true
    case .extraBytes, .missingEndMarker, .orientationApplied, .converted: false
    }
  }

  public var description: String {
    switch self {
    case .truncated(let row, let height): "truncated after row \(row) of \(height)"
    case .damagedData: "damaged data"
    case .extraBytes: "extra bytes"
    case .missingEndMarker: "no end marker"
    case .orientationApplied(let orientation): "Exif orientation \(orientation) applied"
    case .converted(let form): "converted from \(form)"
    }
  }
}
