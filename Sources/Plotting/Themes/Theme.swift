/// A set of matching colors.
public enum Theme: String, CaseIterable, Sendable {
  /// Dark lines on white, for slides and pages.
  case light
  /// Neon on a night sky, for a dark room.
  case synthwave
  /// Ink and grays on white, for a black-and-white printer.
  case print

  /// The colors of the theme.
  public var palette: Palette {
    switch self {
    case .light: .light
    case .synthwave: .synthwave
    case .print: .print
    }
  }
}
