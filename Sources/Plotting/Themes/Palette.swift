/// The colors of a theme, named by what they are used for.
///
/// Every series color has a contrast of at least 3:1 with the background, and people with any kind
/// of color blindness can tell it from its neighbors (CIEDE2000 of at least 11).
public struct Palette: Hashable, Sendable {
  /// The background.
  public let background: Color
  /// Titles and labels.
  public let text: Color
  /// Tick labels, notes, reference lines.
  public let secondaryText: Color
  /// Decorative lines behind the data.
  public let grid: Color
  /// Lines that matter only as a crowd.
  public let context: Color
  /// Colors of series, in the order they are handed out.
  public let series: [Color]
  /// Colors of groups of series, of similar hue in every theme; none if all colors are gray.
  public let groups: [Color]
  /// Colors of a map from low to high, pale enough for every series to stand out.
  package let heights: [Color]
  /// Lines of equal height on a map.
  package let contour: Color
  /// Whether colors differ only in lightness.
  let isGray: Bool

  private init(
    background: UInt32, text: UInt32, secondaryText: UInt32, grid: UInt32, context: UInt32,
    series: [UInt32], groups: [UInt32], heights: [UInt32], contour: UInt32, isGray: Bool = false
  ) {
    self.background = Color(hex: background)
    self.text = Color(hex: text)
    self.secondaryText = Color(hex: secondaryText)
    self.grid = Color(hex: grid)
    self.context = Color(hex: context)
    self.series = series.map(Color.init(hex:))
    self.groups = groups.map(Color.init(hex:))
    self.heights = heights.map(Color.init(hex:))
    self.contour = Color(hex: contour)
    self.isGray = isGray
  }

  static let light = Palette(
    background: 0xFFFFFF, text: 0x1A1026, secondaryText: 0x5A5366, grid: 0xE6E3EA,
    context: 0x8F8A99,
    series: [0x2E5BFF, 0xC75300, 0x2EA28B, 0x1A1026, 0x8E2BA0, 0x004A1F],
    groups: [
      0x1A1026, 0x8E2BA0, 0x004A1F, 0x2EA28B, 0xC75300, 0x2E5BFF, 0x776655, 0xAA88BB,
    ],
    heights: [0xCFDDF2, 0xE3ECF8, 0xF3F6FB, 0xFFFFFF], contour: 0xB4C3DC)

  static let synthwave = Palette(
    background: 0x120A2A, text: 0xF4F0FF, secondaryText: 0xB9AEDB, grid: 0x3A2B66,
    context: 0x8F83B8,
    series: [0xFF9E3D, 0x45A2FF, 0x8BFFD0, 0xFFD0FF, 0xE717A2, 0x5C8B5C],
    groups: [
      0xFFD0FF, 0xE717A2, 0x5C8B5C, 0x8BFFD0, 0xFF9E3D, 0x45A2FF, 0xEE2211, 0xB8AD8A,
    ],
    heights: [0x0B0620, 0x160C36, 0x22124A, 0x2F185C], contour: 0x4F3A86)

  static let print = Palette(
    background: 0xFFFFFF, text: 0x000000, secondaryText: 0x444444, grid: 0xDDDDDD,
    context: 0x8C8C8C,
    series: [0x000000, 0x6E6E6E, 0x3A3A3A, 0x8C8C8C, 0x555555, 0x7A7A7A],
    groups: [],
    heights: [0xE4E4E4, 0xEFEFEF, 0xF8F8F8, 0xFFFFFF], contour: 0xC4C4C4, isGray: true)
}
