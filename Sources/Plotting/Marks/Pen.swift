/// How a line of data is drawn.
public struct Pen: Hashable, Sendable {
  /// Color of the line and of its label.
  public var color: Color
  /// Width and dashes.
  public var stroke: Stroke

  /// Creates a pen.
  ///
  /// - Parameter width: Canvas units.
  public init(_ color: Color, width: Double = 2.5, dashes: [Double] = []) {
    self.color = color
    stroke = Stroke(width: width, dashes: dashes, cap: dashes.isEmpty ? .round : .butt)
  }
}
