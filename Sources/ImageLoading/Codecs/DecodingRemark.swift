/// A remark about an image that could be decoded.
public enum DecodingRemark: Hashable, Codable, Sendable, CustomStringConvertible {
  /// The data ended early; `row` rows of `of` are undamaged.
  case truncated(row: Int, of: Int)
  /// The codec met invalid data and continued.
  case damagedData
  /// There are stray bytes inside or after the image.
  case extraBytes
  /// The file has no end marker.
  case missingEndMarker
  /// The image was rotated or mirrored by Exif orientation 2…8.
  case orientationApplied(Int)
  /// The image was stored in a form other than 8-bit color.
  case converted(from: String)
  /// The image is the first frame of an animation.
  case firstFrame

  /// Whether pixels may be wrong.
  public var isProblem: Bool {
    switch self {
    case .truncated, .damagedData: true
    case .extraBytes, .missingEndMarker, .orientationApplied, .converted, .firstFrame: false
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
    case .firstFrame: "first frame of an animation"
    }
  }
}
