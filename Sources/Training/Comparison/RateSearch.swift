internal import Foundation

/// The search for the learning rate of one optimizer by short trainings, their number known before.
///
/// First a grid over equal ratios around the usual rate, then two more rounds of two rates: on both
/// sides of the best one, halfway to its neighbors, or beyond the grid if the best one is at its
/// edge. The grid is extended once, so every optimizer has the same number of trials.
public struct RateSearch: Equatable, Sendable {
  /// One rate.
  public struct Trial: Equatable, Sendable {
    /// Above 0.
    public let rate: Float
    /// The validation loss at the end; nil if training diverged.
    public let loss: Double?
  }

  /// Where a grid was extended.
  public enum Side: String, Codable, Sendable { case lower, higher }

  /// The ratio of two neighbors of the grid: half a decade.
  public static let ratio = 10.0.squareRoot()
  /// Rates of the grid if no other number is asked for.
  public static let usualCount = 5
  private static let refinements = 2, refinementCount = 2

  /// The rates that were tried, in that order.
  public private(set) var trials: [Trial] = []
  /// Where the grid was extended; nil if it was not.
  public private(set) var extended: Side?
  /// Rates of this round that are still to be tried, in any order; none when the search is over.
  public private(set) var open: [Float]
  private var round = 0

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - center: The middle of the grid, above 0.
  ///   - count: Rates of the grid, at least 3.
  public init(around center: Float, count: Int = usualCount) {
    precondition(center > 0 && count >= 3, "a grid of \(count) rates around \(center)")
    open = (0..<count).map { index in
      Self.rounded(
        Double(center) * pow(Self.ratio, Double(index) - Double(count - 1) / 2))
    }
  }

  /// The number of trials of a search whose grid has so many rates.
  public static func trialCount(gridCount: Int) -> Int {
    gridCount + refinements * refinementCount
  }

  /// The rate to try next; nil when the search is over.
  public var next: Float? { open.first }

  /// Notes how `next` did.
  ///
  /// - Parameter loss: The validation loss at the end; nil if training diverged.
  public mutating func add(_ loss: Double?) {
    guard let rate = open.first else { preconditionFailure("the search is over") }
    open.removeFirst()
    trials.append(Trial(rate: rate, loss: loss.flatMap { $0.isFinite ? $0 : nil }))
    guard open.isEmpty, round < Self.refinements else { return }
    round += 1
    open = refinement
  }

  /// The best rate so far, of equally good ones the lowest; nil if training diverged at every one.
  public var best: Trial? {
    ordered.filter { $0.loss != nil }.min { $0.loss ?? .infinity < $1.loss ?? .infinity }
  }

  /// From the lowest rate to the highest.
  public var ordered: [Trial] { trials.sorted { $0.rate < $1.rate } }

  /// Whether the best rate is the lowest or the highest of all, so that one beyond may be better.
  public var isAtEdge: Bool {
    best.map { $0 == ordered.first || $0 == ordered.last } ?? false
  }

  /// The rates of the next round.
  private var refinement: [Float] {
    mutating get {
      let rates = ordered.map { Double($0.rate) }
      let (lowest, highest) = (rates[0], rates[rates.count - 1])
      guard let best = best.map({ Double($0.rate) }) else {
        extended = .lower
        return Self.rates(from: lowest, by: 1 / Self.ratio)
      }
      if extended == nil, best == lowest {
        extended = .lower
        return Self.rates(from: lowest, by: 1 / Self.ratio)
      }
      if extended == nil, best == highest {
        extended = .higher
        return Self.rates(from: highest, by: Self.ratio)
      }
      let nearest = rates.filter { $0 != best }.map { abs(log($0 / best)) }.min() ?? 0
      let half = exp(nearest / 2)
      return [Self.rounded(best / half), Self.rounded(best * half)]
    }
  }

  private static func rates(from edge: Double, by factor: Double) -> [Float] {
    (1...refinementCount).map { rounded(edge * pow(factor, Double($0))) }
  }

  /// Three digits are enough, and can be typed.
  private static func rounded(_ rate: Double) -> Float {
    Float(String(format: "%.2e", rate)) ?? Float(rate)
  }
}
