/// The area between two lines over the same `x`.
public struct BandMark: Mark {
  /// From left to right.
  public var upper: [DataPoint], lower: [DataPoint]
  /// What the area is filled with.
  public var color: Color

  /// Sizes of the axes beyond which it does not matter how far away a point is.
  private static let reach = 20.0

  /// Creates a band.
  public init(_ upper: [DataPoint], _ lower: [DataPoint], _ color: Color) {
    self.upper = upper
    self.lower = lower
    self.color = color
  }

  public func draw(in area: inout PlotArea) {
    let box = area.box
    let outline = (upper + lower.reversed()).map { area.position(of: $0) }
    guard !outline.allSatisfy(box.contains) else {
      return area.canvas.fill(.polyline(outline, closed: true), with: color)
    }
    // What is very far away is brought near, so that a canvas can count it.
    let near = box.inset(by: -Self.reach * max(box.width, box.height))
    let canvas = area.canvas
    canvas.clip(to: .rectangle(box)) {
      canvas.fill(.polyline(outline.map(near.clamp), closed: true), with: color)
    }
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
