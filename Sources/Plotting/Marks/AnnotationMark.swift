/// One marked point, labeled beside it if there is room.
public struct AnnotationMark: Mark {
  /// Shown at the edge of the axes if it lies beyond.
  public var point: DataPoint
  /// The marker of the point.
  public var marker: Marker
  /// One line, in the color of the marker.
  public var label: String?

  /// Creates a marked point.
  public init(_ point: DataPoint, _ marker: Marker, label: String? = nil) {
    self.point = point
    self.marker = marker
    self.label = label
  }

  public func draw(in area: inout PlotArea) {
    let center = area.box.clamp(area.position(of: point))
    marker.draw(at: [center], on: area.canvas)
    area.avoid(center, weight: 20)
  }

  public func writeLabel(in area: inout PlotArea) {
    guard let label else { return }
    area.writeLabel(label, beside: point, marker)
  }
}

extension Mark where Self == AnnotationMark {
  /// One marked point, labeled beside it if there is room.
  public static func annotation(
    _ point: DataPoint, _ marker: Marker, label: String? = nil
  ) -> AnnotationMark {
    AnnotationMark(point, marker, label: label)
  }
}
