/// A set of colours that fit together.
public enum Theme: String, CaseIterable, Sendable {
  /// Dark lines on white, for slides and pages.
  case light
  /// Neon on a night sky, for a dark room.
  case synthwave
  /// Ink and greys on white, for a black-and-white printer.
  case print

  /// The colours of the theme.
  public var palette: Palette {
    switch self {
    case .light: .light
    case .synthwave: .synthwave
    case .print: .print
    }
  }
}

extension Theme {
  /// Pens of lines in one pair of axes: each colour, then each again with dashes; greys are told
  /// apart by dashes alone.
  func pens(_ count: Int) -> [Pen] {
    let colors = palette.series
    let dashes: [[Double]] = [[], [8, 4], [2, 3], [12, 3, 2, 3], [5, 2]]
    return (0..<count).map { index in
      let isAgain = index >= colors.count
      let dash = self == .print ? dashes[index % dashes.count] : isAgain ? [7, 4] : []
      return Pen(colors[index % colors.count], dashes: dash)
    }
  }
}

/// The colours of a theme, named by what they are used for.
///
/// Every series colour stands at least 3:1 against the background and is told apart from its
/// neighbours by people with each kind of colour blindness (CIEDE2000 of at least 11).
public struct Palette: Hashable, Sendable {
  /// What everything is drawn on.
  public let background: Color
  /// Titles and labels.
  public let text: Color
  /// Tick labels, notes, reference lines.
  public let secondaryText: Color
  /// Decorative lines behind the data.
  public internal(set) var grid: Color
  /// Lines of which only the crowd matters.
  public let context: Color
  /// Colours of series, in the order they are handed out.
  public let series: [Color]
  /// Grounds of a map from low to high, pale enough beside the background for every series to stand on.
  let heights: [Color]
  /// Lines of equal height on a map.
  let contour: Color
  /// For each family of optimizers its place in `series`.
  let marbleOrder: [Int]

  static let light = Palette(
    background: .white, text: Color(hex: 0x1A1026), secondaryText: Color(hex: 0x5A5366),
    grid: Color(hex: 0xE6E3EA), context: Color(hex: 0x8F8A99),
    series: [0x2E5BFF, 0xC75300, 0x2EA28B, 0x1A1026, 0x8E2BA0, 0x004A1F].map(Color.init(hex:)),
    heights: [0xCFDDF2, 0xE3ECF8, 0xF3F6FB, 0xFFFFFF].map(Color.init(hex:)),
    contour: Color(hex: 0xB4C3DC), marbleOrder: [0, 1, 2, 3, 4, 5])

  static let synthwave = Palette(
    background: Color(hex: 0x120A2A), text: Color(hex: 0xF4F0FF),
    secondaryText: Color(hex: 0xB9AEDB), grid: Color(hex: 0x3A2B66),
    context: Color(hex: 0x8F83B8),
    series: [0xFF9E3D, 0x45A2FF, 0x8BFFD0, 0xFFD0FF, 0xE717A2, 0x5C8B5C].map(Color.init(hex:)),
    heights: [0x0B0620, 0x160C36, 0x22124A, 0x2F185C].map(Color.init(hex:)),
    contour: Color(hex: 0x4F3A86), marbleOrder: [1, 0, 2, 3, 4, 5])

  static let print = Palette(
    background: .white, text: .black, secondaryText: Color(hex: 0x444444),
    grid: Color(hex: 0xDDDDDD), context: Color(hex: 0x8C8C8C),
    series: [0x000000, 0x6E6E6E, 0x3A3A3A, 0x8C8C8C, 0x555555, 0x7A7A7A].map(Color.init(hex:)),
    heights: [0xE4E4E4, 0xEFEFEF, 0xF8F8F8, 0xFFFFFF].map(Color.init(hex:)),
    contour: Color(hex: 0xC4C4C4), marbleOrder: [0, 1, 2, 3, 4, 5])
}
