internal import Foundation

// The map or curve, and the heights over the steps.
extension RaceFigure {
  var groundAxes: Axes {
    switch ground {
    case .map(let field, _):
      return Axes(
        horizontal: Axis("x", field.x), vertical: Axis("y", field.y), hasGrid: false,
        marks: [HeightMark(field)])
    case .curve(let curve, _):
      return Axes(
        horizontal: Axis("x", (curve.first?.x ?? 0)...(curve.last?.x ?? 1)),
        vertical: Axis("f(x)", Self.range(of: curve)),
        marks: [.line(curve, Pen(palette.context))])
    }
  }

  private static func range(of curve: [DataPoint]) -> ClosedRange<Double> {
    let heights = curve.map(\.y).filter(\.isFinite)
    let (low, high) = (heights.min() ?? 0, heights.max() ?? 1)
    let margin = max(high - low, 1e-9) * 0.06
    return low - margin...high + margin
  }

  var valueAxes: Axes {
    Axes(
      horizontal: Axis("step", 0...Double(max(1, stepCount)), tickLimit: 5),
      vertical: isAboveLowest ? logarithmicHeights : linearHeights)
  }

  private var logarithmicHeights: Axis {
    let all = paths.flatMap(\.values).filter(\.isFinite)
    let low = max(all.filter { $0 > 0 }.min() ?? 1e-9, 1e-12)
    // A diverging marble must not flatten everything else.
    let high = min(all.max() ?? 1, max(highestStart, 1e-9) * 1e3)
    let domain = VerticalRange.oneTwoFive(around: low...max(high, low * 10))
    return Axis("height above the lowest place", domain, .logarithmic, tickLimit: 7)
  }

  private var linearHeights: Axis {
    let all = paths.flatMap(\.values).filter(\.isFinite)
    let start = highestStart
    let low = max(all.min() ?? 0, start - 1e3 * max(1, abs(start)))
    let top = max(start, min(all.max() ?? 1, start + (start - low)))
    return Axis("height", Ticks.niceDomain(around: low...max(top, low + 1e-9)))
  }

  private var highestStart: Double {
    paths.map { $0.values[0] }.filter(\.isFinite).max() ?? 1
  }
}
