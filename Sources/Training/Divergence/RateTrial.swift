internal import Foundation

/// Some steps at a lower rate, taken after training diverged and forgotten again.
public struct RateTrial: Codable, Equatable, Sendable {
  /// The highest rate of the schedule.
  public var learningRate: Float
  /// The step after which they were taken, 0 for the beginning of the run, and how many there were.
  public var start: Int, steps = 0
  /// The loss of the first step, and the mean of the last ten.
  public var firstLoss = Double.nan, lastLoss = Double.nan
  /// Whether all that was measured is finite and the loss has not doubled.
  public var isStable = false

  /// Lower rates to try, the highest first: a tenth and so on, at last what the optimizer usually
  /// has.
  static func rates(below rate: Float, usual: Float) -> [Float] {
    let rates = [10, 100, 1000].map { rate / $0 }
    // What is tried is what is printed.
    return (rates + (rates.allSatisfy { $0 > usual } ? [usual] : []))
      .map { Float(String(format: "%.2g", $0)) ?? $0 }
  }

  /// Steps to take, given how many steps there were until training diverged.
  static func stepCount(until failure: Int) -> Int { min(200, max(40, failure + 20)) }

  /// Losses of which the last ones are averaged.
  static let averaged = 10

  /// The rate as it is written.
  var rate: String { String(format: "%g", learningRate) }

  /// Creates a trial that has not begun.
  init(learningRate: Float, start: Int) {
    self.learningRate = learningRate
    self.start = start
  }

  /// Notes the losses of all steps.
  mutating func note(_ losses: [Double]) {
    guard let first = losses.first else { return }
    let last = losses.suffix(Self.averaged)
    steps = losses.count
    firstLoss = first
    lastLoss = last.reduce(0, +) / Double(last.count)
    // Losses of formulas may be below 0.
    isStable = lastLoss - firstLoss <= abs(firstLoss)
  }
}
