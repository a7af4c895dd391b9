/// Finds how far to go along a direction that leads downhill.
enum LineSearch {
  /// Halves a first guess until the surface is low enough: f(x+td) ≤ f(x) + c t f′(x)d.
  ///
  /// - Source: Armijo, 1966; c = 10⁻⁴.
  static func backtracking(
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

  /// A length that makes the surface low enough and its slope flat enough (strong Wolfe conditions,
  /// c₁ = 10⁻⁴): brackets such a length, then narrows the bracket by halving.
  ///
  /// - Parameter flatness: c₂, how much of the first slope may remain.
  /// - Source: Nocedal & Wright, 2006, "Numerical optimization", algorithms 3.5 and 3.6.
  static func wolfe(
    from place: [Double], along direction: [Double], first: Double, flatness: Double,
    on slope: Slope
  ) -> Double {
    let height = slope.value(at: place)
    let descent = dot(slope.gradient(at: place), direction)
    guard descent < 0 else { return 0 }
    func measured(_ length: Double) -> (height: Double, slope: Double) {
      let there = moved(place, direction, length)
      return (slope.value(at: there), dot(slope.gradient(at: there), direction))
    }
    func isTooHigh(_ length: Double, _ reached: Double) -> Bool {
      !(reached <= height + 1e-4 * length * descent)
    }
    /// Between a length that is low and one that is too far.
    func narrowed(_ low: Double, _ high: Double) -> Double {
      var (low, high, lowHeight) = (low, high, measured(low).height)
      for _ in 0..<50 {
        let middle = (low + high) / 2
        let there = measured(middle)
        if isTooHigh(middle, there.height) || there.height >= lowHeight {
          high = middle
        } else {
          if abs(there.slope) <= -flatness * descent { return middle }
          if there.slope * (high - low) >= 0 { high = low }
          (low, lowHeight) = (middle, there.height)
        }
      }
      return low
    }
    var (last, length, lastHeight) = (0.0, first, height)
    for attempt in 0..<50 {
      let there = measured(length)
      if isTooHigh(length, there.height) || (attempt > 0 && there.height >= lastHeight) {
        return narrowed(last, length)
      }
      if abs(there.slope) <= -flatness * descent { return length }
      if there.slope >= 0 { return narrowed(length, last) }
      (last, lastHeight) = (length, there.height)
      length *= 2
    }
    return length
  }
}

func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

/// The place reached from another by going a length along a direction.
func moved(_ place: [Double], _ direction: [Double], _ length: Double) -> [Double] {
  zip(place, direction).map { $0 + length * $1 }
}
