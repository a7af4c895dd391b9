/// A marker at each point that lies inside the axes.
public struct PointsMark: Mark {
  /// In units of the axes.
  public var points: [DataPoint]
  /// The marker of each point.
  public var marker: Marker

  /// Creates markers at points.
  public init(_ points: [DataPoint], _ marker: Marker) {
    self.points = points
    self.marker = marker
  }

  public func draw(in area: inout PlotArea) {
    let inside = points.map(area.position(of:)).filter(area.box.contains)
    marker.draw(at: inside, on: area.canvas)
    // Thousands of pale dots are a background, a few bold ones are data.
    let isBackground = marker.color.opacity < 1
    let weight = isBackground ? 0.03 : 3
    for point in inside { area.avoid(point, weight: weight) }
    if !isBackground { area.explain(points) }
  }
}

extension Mark where Self == PointsMark {
  /// A marker at each point that lies inside the axes.
  public static func points(_ points: [DataPoint], _ marker: Marker) -> PointsMark {
    PointsMark(points, marker)
  }
}
