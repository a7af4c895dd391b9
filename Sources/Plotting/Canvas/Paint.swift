/// What an area or a line is filled with.
public enum Paint: Hashable, Sendable {
  case color(Color)
  /// Colors along the line between two points, at fractions `0...1` of it.
  case linear(from: Point, to: Point, stops: [Stop])
  /// Colors from the center outward, at fractions `0...1` of the radius.
  case radial(center: Point, radius: Double, stops: [Stop])

  /// A color at a fraction of a gradient.
  public struct Stop: Hashable, Sendable {
    /// `0` at the start, `1` at the end.
    public var position: Double
    /// The color there.
    public var color: Color

    /// Creates a stop.
    public init(_ position: Double, _ color: Color) {
      self.position = position
      self.color = color
    }
  }
}

/// How a line is drawn.
public struct Stroke: Hashable, Sendable {
  /// How a line ends.
  public enum Cap: Hashable, Sendable { case butt, round }

  /// Canvas units.
  public var width: Double
  /// Lengths of dashes and gaps in turn, canvas units; empty for a solid line.
  public var dashes: [Double]
  /// Ends of lines and of dashes; joins are always round.
  public var cap: Cap

  /// Creates a line style.
  public init(width: Double, dashes: [Double] = [], cap: Cap = .round) {
    self.width = width
    self.dashes = dashes
    self.cap = cap
  }
}

/// How text is set.
public struct TextStyle: Hashable, Sendable {
  /// Which point of the text lies at the given position.
  public enum Alignment: Hashable, Sendable { case leading, center, trailing }

  /// Height of the type in canvas units.
  public var size: Double
  /// Bold instead of regular.
  public var bold: Bool
  /// Horizontal placement.
  public var alignment: Alignment

  /// Creates a text style.
  public init(size: Double, bold: Bool = false, alignment: Alignment = .leading) {
    self.size = size
    self.bold = bold
    self.alignment = alignment
  }
}
