/// A line through points in order, cut off at the edges of the axes.
public struct LineMark: Mark {
  /// In drawing order; a gap where `y` is NaN.
  public var points: [DataPoint]
  /// Color, width and dashes.
  public var pen: Pen
  /// Written to the right of the axes, level with the last point.
  public var label: String?

  /// Creates a line.
  public init(_ points: [DataPoint], _ pen: Pen, label: String? = nil) {
    self.points = points
    self.pen = pen
    self.label = label
  }

  public func draw(in area: inout PlotArea) {
    let path = Path.polyline(points.map(area.position(of:)), clippedTo: area.box)
    area.canvas.stroke(path, with: pen.color, pen.stroke)
    area.avoid(path, weight: 1.2 * pen.stroke.width * pen.color.opacity)
  }

  public var endLabel: EndLabel? {
    guard let label, let end = points.last(where: { !$0.isGap }) else { return nil }
    return EndLabel(text: label, value: end.y, pen: pen)
  }
}

extension Mark where Self == LineMark {
  /// A line through points in order; the label is at its right end, outside the axes.
  public static func line(_ points: [DataPoint], _ pen: Pen, label: String? = nil) -> LineMark {
    LineMark(points, pen, label: label)
  }
}
