/// The area between two lines over the same `x`.
public struct BandMark: Mark {
  /// From left to right.
  public var upper: [DataPoint], lower: [DataPoint]
  /// What the area is filled with.
  public var color: Color

  /// Creates a band.
  public init(_ upper: [DataPoint], _ lower: [DataPoint], _ color: Color) {
    self.upper = upper
    self.lower = lower
    self.color = color
  }

  public func draw(in area: inout PlotArea) {
    let outline = (upper + lower.reversed()).map { area.box.clamp(area.position(of: $0)) }
    area.canvas.fill(.polyline(outline, closed: true), with: color)
  }
}

extension Mark where Self == BandMark {
  /// The area between two lines over the same `x`.
  public static func band(
    _ upper: [DataPoint], _ lower: [DataPoint], _ color: Color
  ) -> BandMark {
    BandMark(upper, lower, color)
  }
}
