/// How long a repeated piece of work took.
public struct Timing: Encodable, Equatable, Sendable {
  /// Repetitions.
  public let count: Int
  /// Seconds: the median and the quartiles below and above it, and the fastest.
  public let median: Double, lowerQuartile: Double, upperQuartile: Double, fastest: Double

  /// Summarizes durations in seconds.
  ///
  /// - Precondition: There is at least one.
  public init(_ seconds: [Double]) {
    precondition(!seconds.isEmpty, "a timing of nothing")
    let sorted = seconds.sorted()
    // Interpolates between neighbors.
    func quantile(_ part: Double) -> Double {
      let place = part * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    count = sorted.count
    median = quantile(0.5)
    lowerQuartile = quantile(0.25)
    upperQuartile = quantile(0.75)
    fastest = sorted[0]
  }

  /// How long work is repeated.
  enum Extent {
    /// Until seconds are over, at least three times.
    case seconds(Double)
    /// A number of times, at least once.
    case repetitions(Int)

    fileprivate func isOver(_ count: Int, _ seconds: Double) -> Bool {
      switch self {
      case .seconds(let limit): count >= 3 && seconds >= limit
      case .repetitions(let limit): count >= max(1, limit)
      }
    }
  }

  /// Repeats `work` until the time is up, at least three times.
  public init(for duration: Double, _ work: () -> Void) { self.init(.seconds(duration), work) }

  /// Repeats `work`.
  init(_ extent: Extent, _ work: () -> Void) {
    let clock = ContinuousClock()
    let start = clock.now
    var seconds: [Double] = []
    repeat {
      seconds.append(clock.measure(work) / .seconds(1))
    } while !extent.isOver(seconds.count, (clock.now - start) / .seconds(1))
    self.init(seconds)
  }
}
