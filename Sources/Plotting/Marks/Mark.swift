/// Something drawn between axes.
///
/// A mark of your own needs `draw(in:)`. All marks of a pair of axes are drawn in order before the
/// first label is written, so that labels find the space that data leaves free.
public protocol Mark: Sendable {
  /// Draws everything but words, and tells the area what labels should not cover.
  func draw(in area: inout PlotArea)

  /// Writes a label if there is room; most marks have none.
  func writeLabel(in area: inout PlotArea)

  /// The label to the right of the axes, level with the end of a line; nil for most marks.
  var endLabel: EndLabel? { get }
}

extension Mark {
  public func writeLabel(in area: inout PlotArea) {}
  public var endLabel: EndLabel? { nil }
}

/// The label of a line, written where the line ends.
public struct EndLabel: Hashable, Sendable {
  /// One line; long labels are shortened.
  public var text: String
  /// The height at which it belongs, in units of the vertical axis.
  public var value: Double
  /// How the line is drawn; the label has its color.
  public var pen: Pen

  /// Creates a label.
  public init(text: String, value: Double, pen: Pen) {
    self.text = text
    self.value = value
    self.pen = pen
  }
}
