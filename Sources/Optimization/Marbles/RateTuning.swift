internal import Foundation

extension Roll {
  /// The rate that leads a marble lowest: the best of a logarithmic grid around its default, then
  /// of a finer one around that.
  ///
  /// Rates are compared by the mean of log(f − lowest) over the second half of the trajectory,
  /// which rewards a marble that gets down early and stays there. The lowest height is the known
  /// one, or that of all candidates.
  ///
  /// - Returns: The rate; nil for a choice without one.
  public static func bestRate(
    of choice: MarbleChoice, on surface: Surface, from start: [Double]? = nil, steps: Int,
    noise: GradientNoise? = nil
  ) -> Double? {
    guard choice.hasRate else { return nil }
    func best(around center: Double, decades: Double, count: Int) -> Double {
      let rates = (0..<count).map {
        center * pow(10, decades * (2 * Double($0) / Double(count - 1) - 1))
      }
      let rolls = rates.map {
        Roll(choice, on: surface, rate: $0, from: start, steps: steps, noise: noise)
      }
      let lowest = surface.lowest ?? rolls.flatMap { $0.trajectory.map(\.value) }.min() ?? 0
      let scores = rolls.map { score($0, lowest) }
      let index = scores.indices.min { scores[$0] < scores[$1] } ?? 0
      return rates[index]
    }
    let coarse = best(around: choice.defaultRate(on: surface), decades: 2.5, count: 31)
    return Double(shortText(best(around: coarse, decades: 0.15, count: 13))) ?? coarse
  }

  /// Lower is better.
  private static func score(_ roll: Roll, _ lowest: Double) -> Double {
    if case .diverged = roll.outcome { return .infinity }
    let tail = roll.trajectory.suffix((roll.trajectory.count + 1) / 2)
    let sum = tail.reduce(0) { $0 + log(max($1.value - lowest, 1e-14)) }
    return sum / Double(tail.count)
  }
}
