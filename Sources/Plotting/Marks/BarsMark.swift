/// Bars that stand on zero, or on the lower end of the axes, with or without an interval for each.
public struct BarsMark: Mark {
  /// A bar between two places of the horizontal axis.
  public struct Bar: Hashable, Sendable {
    /// Its sides, in units of the horizontal axis.
    public var left: Double, right: Double
    /// Its height, in units of the vertical axis; a bar without one is left out.
    public var height: Double
    /// Where the height may be, and where between the sides that is drawn as a line; nil for none.
    public var interval: ClosedRange<Double>?, middle: Double

    /// Creates a bar.
    ///
    /// - Parameter middle: Nil for the middle between the sides.
    public init(
      _ left: Double, _ right: Double, height: Double, interval: ClosedRange<Double>? = nil,
      middle: Double? = nil
    ) {
      (self.left, self.right, self.height, self.interval) = (left, right, height, interval)
      self.middle = middle ?? (left + right) / 2
    }
  }

  /// From left to right.
  public var bars: [Bar]
  /// The color of outlines and intervals; the inside is paler.
  public var color: Color

  /// Creates bars.
  public init(_ bars: [Bar], _ color: Color) {
    self.bars = bars
    self.color = color
  }

  public func draw(in area: inout PlotArea) {
    for bar in bars where bar.height.isFinite {
      let ends = [DataPoint(bar.left, 0), DataPoint(bar.right, bar.height)]
        .map { area.box.clamp(area.position(of: $0)) }
      let (low, high) = (max(ends[0].y, ends[1].y), min(ends[0].y, ends[1].y))
      // A gap tells neighbors apart.
      let gap = min(1, (ends[1].x - ends[0].x) / 8)
      let box = Rectangle(
        x: ends[0].x + gap, y: high, width: max(0, ends[1].x - ends[0].x - 2 * gap),
        height: low - high)
      area.canvas.fill(.rectangle(box), with: color.opacity(0.35))
      let outline = Path.polyline([
        Point(box.x, low), Point(box.x, high), Point(box.right, high), Point(box.right, low),
      ])
      area.canvas.stroke(outline, with: color, Stroke(width: 1.4))
      area.avoid(outline)
      guard let interval = bar.interval else { continue }
      let path = Path.polyline(
        [interval.lowerBound, interval.upperBound].map {
          area.position(of: DataPoint(bar.middle, $0))
        }, clippedTo: area.box)
      area.canvas.stroke(path, with: area.palette.text, Stroke(width: 1.6))
      area.avoid(path, weight: 3)
    }
  }
}

extension Mark where Self == BarsMark {
  /// Bars that stand on zero, or on the lower end of the axes.
  public static func bars(_ bars: [BarsMark.Bar], _ color: Color) -> BarsMark {
    BarsMark(bars, color)
  }
}
