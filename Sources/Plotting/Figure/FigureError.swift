internal import Support

/// Why a figure could not be made.
public enum FigureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file could not be written; `reason` is the system's message.
  case unwritable(path: String, reason: String)
  /// The figure is too large to be drawn; `reason` is Cairo's message.
  case undrawable(size: Size, reason: String)

  public var description: String {
    switch self {
    case .unwritable(let path, let reason): "\(path): cannot write the figure: \(reason)"
    case .undrawable(let size, _):
      "a figure of \(Int(size.width).grouped)×\(Int(size.height).grouped) units is too large to "
        + "be drawn; draw less in one figure, or name a file that ends in .svg or .pdf"
    }
  }
}
