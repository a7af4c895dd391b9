/// A thin horizontal line across the axes, labeled if there is room.
public struct ReferenceMark: Mark {
  /// In units of the vertical axis.
  public var value: Double
  /// Written just above or below the line.
  public var label: String

  /// Creates a line across.
  public init(_ value: Double, label: String) {
    self.value = value
    self.label = label
  }

  public func draw(in area: inout PlotArea) {
    let y = area.vertical.position(of: value)
    let path = Path.polyline(
      [Point(area.box.x, y), Point(area.box.right, y)], clippedTo: area.box)
    area.canvas.stroke(
      path, with: area.palette.secondaryText, Stroke(width: 1.2, dashes: [2, 4], cap: .butt))
    area.avoid(path)
  }

  public func writeLabel(in area: inout PlotArea) {
    area.writeLabel(label, alongHeight: value, with: area.palette.secondaryText, .tick)
  }
}

extension Mark where Self == ReferenceMark {
  /// A thin horizontal line across the axes, labeled if there is room.
  public static func reference(_ value: Double, label: String) -> ReferenceMark {
    ReferenceMark(value, label: label)
  }
}
