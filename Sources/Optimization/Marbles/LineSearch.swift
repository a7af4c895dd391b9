/// Finds how far to go along a downhill direction.
public protocol LineSearch: Sendable {
  /// Returns a length at which the surface is lower.
  ///
  /// - Parameters:
  ///   - place: Where the line begins.
  ///   - direction: Where it leads; not of unit length.
  ///   - first: The first length to try, in lengths of `direction`.
  ///   - slope: The surface.
  /// - Returns: A length in lengths of `direction`; 0 if none is found.
  func length(
    from place: [Double], along direction: [Double], first: Double, on slope: Slope
  ) -> Double
}

/// Halves a first guess until the surface is low enough: f(x+td) ≤ f(x) + c t f′(x)d.
///
/// - Source: Armijo, 1966; c = 10⁻⁴.
struct BacktrackingSearch: LineSearch {
  func length(
    from place: [Double], along direction: [Double], first: Double, on slope: Slope
  ) -> Double {
    let height = slope.value(at: place)
    let descent = dot(slope.gradient(at: place), direction)
    var length = first
    for _ in 0..<60 {
      let reached = slope.value(at: moved(place, direction, length))
      if reached <= height + 1e-4 * length * descent { return length }
      length /= 2
    }
    return 0
  }
}

/// Looks for a length that makes the surface low enough and its slope flat enough (strong Wolfe
/// conditions, c₁ = 10⁻⁴): brackets such a length, then narrows the bracket by halving.
///
/// - Source: Nocedal & Wright, 2006, "Numerical optimization", algorithms 3.5 and 3.6.
package struct WolfeSearch: LineSearch {
  /// c₂: how much of the first slope may remain, between c₁ and 1.
  let flatness: Double

  package init(flatness: Double = 0.1) { self.flatness = flatness }

  package func length(
    from place: [Double], along direction: [Double], first: Double, on slope: Slope
  ) -> Double {
    let line = Line(place: place, direction: direction, flatness: flatness, slope: slope)
    guard line.descent < 0 else { return 0 }
    var (last, length, lastHeight) = (0.0, first, line.height)
    for attempt in 0..<50 {
      let there = line.measured(length)
      if line.isTooHigh(length, there.height) || (attempt > 0 && there.height >= lastHeight) {
        return line.narrowed(last, length)
      }
      if line.isFlat(there.slope) { return length }
      if there.slope >= 0 { return line.narrowed(length, last) }
      (last, lastHeight) = (length, there.height)
      length *= 2
    }
    return length
  }

  /// Heights and slopes along the direction.
  private struct Line {
    let place: [Double], direction: [Double]
    let flatness: Double
    let slope: Slope
    /// Height and slope where the line begins.
    let height: Double, descent: Double

    init(place: [Double], direction: [Double], flatness: Double, slope: Slope) {
      (self.place, self.direction) = (place, direction)
      (self.flatness, self.slope) = (flatness, slope)
      height = slope.value(at: place)
      descent = dot(slope.gradient(at: place), direction)
    }

    func measured(_ length: Double) -> (height: Double, slope: Double) {
      let there = moved(place, direction, length)
      return (slope.value(at: there), dot(slope.gradient(at: there), direction))
    }

    func isTooHigh(_ length: Double, _ reached: Double) -> Bool {
      !(reached <= height + 1e-4 * length * descent)
    }

    func isFlat(_ slope: Double) -> Bool { abs(slope) <= -flatness * descent }

    /// Finds a length between one that is low and one that is too far.
    func narrowed(_ low: Double, _ high: Double) -> Double {
      var (low, high, lowHeight) = (low, high, measured(low).height)
      for _ in 0..<50 {
        let middle = (low + high) / 2
        let there = measured(middle)
        if isTooHigh(middle, there.height) || there.height >= lowHeight {
          high = middle
        } else {
          if isFlat(there.slope) { return middle }
          if there.slope * (high - low) >= 0 { high = low }
          (low, lowHeight) = (middle, there.height)
        }
      }
      return low
    }
  }
}

package func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

/// Returns the place reached by going a length along a direction.
package func moved(_ place: [Double], _ direction: [Double], _ length: Double) -> [Double] {
  zip(place, direction).map { $0 + length * $1 }
}
