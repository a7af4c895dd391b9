internal import Support

/// The losses of a learning rate range test over its rates.
public struct LearningRateCurve: Equatable, Sendable {
  /// How a test ended.
  public enum End: String, Codable, Sendable {
    /// All rates were tried.
    case complete
    /// The smoothed loss rose above its start and four times its lowest value.
    case rose
    /// A loss or a gradient was not finite.
    case notFinite = "not_finite"
  }

  /// What was tried.
  public let test: LearningRateRangeTest
  /// The mean loss of each batch before its step, as far as the test came.
  public private(set) var losses: [Double] = []
  /// How it ended; nil before that.
  public private(set) var end: End?
  private var average: MovingAverage
  /// The first average, and the lowest.
  private var firstAverage: Double?, lowestAverage = Double.infinity

  /// Creates a curve without losses.
  public init(_ test: LearningRateRangeTest) {
    self.test = test
    average = MovingAverage(halfLife: Self.halfLife(of: test))
  }

  /// Creates a curve of losses that were measured, up to the one at which the test ends.
  public init(_ test: LearningRateRangeTest, losses: [Double]) {
    self.init(test)
    for loss in losses where end == nil { add(loss) }
  }

  /// The rate of each loss.
  public var rates: [Double] { losses.indices.map { Double(test.rate(ofStep: $0)) } }

  /// Adds the loss of the next step, and decides whether it is the last.
  mutating func add(_ loss: Double) {
    guard loss.isFinite else { return addLast(loss) }
    let average = average.add(loss, at: Double(losses.count))
    losses.append(loss)
    // The first few losses make no average yet: the lowest of them would be too low.
    if Double(losses.count) >= Self.halfLife(of: test) {
      firstAverage = firstAverage ?? average
      lowestAverage = min(lowestAverage, average)
    }
    if losses.count == test.steps {
      end = .complete
    } else if average > highestUseful {
      end = .rose
    }
  }

  /// Adds the loss of a step that could not be taken.
  mutating func addLast(_ loss: Double) {
    losses.append(loss.isFinite ? loss : .nan)
    end = .notFinite
  }

  // MARK: Smoothing

  /// Steps after which a loss counts half: 3 of 100; of 1000 it is 30, so that the average keeps
  /// the usual fraction of 0.98 a step.
  static func halfLife(of test: LearningRateRangeTest) -> Double {
    max(1, 0.03 * Double(test.steps))
  }

  /// Losses above tell only that the rate is too high: four times the lowest average, or as far
  /// above it if it is negative, and no less than at the start.
  private var highestUseful: Double {
    max(firstAverage ?? .infinity, lowestAverage + 3 * abs(lowestAverage))
  }

  /// The losses without how far they explode: a last, huge one must not be seen far before it.
  var bounded: [Double] { losses.map { min($0, highestUseful) } }

  /// The losses, averaged over the steps before and after with weights 2^(−distance/half-life); NaN
  /// for a loss that is not finite.
  ///
  /// The average over the steps before alone, which decides when to stop, lags behind: every
  /// suggestion would be too high by the growth of the rate in some four steps of a hundred.
  /// - Complexity: O(n).
  public var smoothed: [Double] {
    let values = bounded
    let before = averages(of: values.enumerated().map { ($0, $1) })
    let after = averages(of: values.enumerated().reversed().map { (-$0, $1) }).reversed()
    return zip(values, zip(before, after)).map { value, averages in
      let (before, after) = averages
      return (before.weightedSum + after.weightedSum - value) / (before.weights + after.weights - 1)
    }
  }

  /// The average after each value.
  private func averages(of values: [(step: Int, value: Double)]) -> [MovingAverage] {
    var average = MovingAverage(halfLife: Self.halfLife(of: test))
    return values.map { step, value in
      _ = average.add(value, at: Double(step))
      return average
    }
  }
}
