/// A line through points in order, cut off at the edges of the axes.
public struct LineMark: Mark {
  /// In drawing order; a gap where `y` is NaN.
  public var points: [DataPoint]
  /// Color, width and dashes.
  public var pen: Pen
  /// Written to the right of the axes, level with the last point.
  public var label: String?
  /// Whose values a page shows under the pointer; nil to show none.
  public var name: String?

  /// Creates a line.
  public init(_ points: [DataPoint], _ pen: Pen, label: String? = nil, name: String? = nil) {
    self.points = points
    self.pen = pen
    self.label = label
    self.name = name
  }

  public func draw(in area: inout PlotArea) {
    let path = Path.polyline(points.map(area.position(of:)), clippedTo: area.box)
    area.canvas.stroke(path, with: pen.color, pen.stroke)
    area.avoid(path, weight: 1.2 * pen.stroke.width * pen.color.opacity)
    if let name { area.explain(points, of: name) }
  }

  public var endLabel: EndLabel? {
    guard let label, let end = points.last(where: { !$0.isGap }) else { return nil }
    return EndLabel(text: label, value: end.y, pen: pen)
  }
}

extension Mark where Self == LineMark {
  /// A line through points in order; the label is at its right end, outside the axes.
  public static func line(
    _ points: [DataPoint], _ pen: Pen, label: String? = nil, name: String? = nil
  ) -> LineMark {
    LineMark(points, pen, label: label, name: name)
  }
}
