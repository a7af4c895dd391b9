internal import Foundation
package import Optimization
package import Plotting
internal import Support

/// How high each optimizer ends, over learning rates.
package struct RateMap {
  let surface: Surface
  let steps: Int
  let choices: [MarbleChoice]
  /// Ascending, evenly spaced in their logarithms.
  package let rates: [Double]
  /// For each choice and each rate, the final height above the lowest place.
  package let heights: [[Double]]
  /// The height above the lowest place at the start.
  package let startHeight: Double

  /// Heights below this are shown as this, so that they have a logarithm.
  private static let floor = 1e-12
  /// Heights above this many times that of the start are outside the figure.
  package static let ceiling = 100.0

  /// Rolls a marble for each choice and each rate, from a hundredth of the smallest default rate to
  /// a hundred times the largest.
  ///
  /// - Parameter count: The number of rates.
  /// - Precondition: There is a choice.
  package init(
    _ choices: [MarbleChoice], on surface: Surface, from start: [Double]?, steps: Int,
    noise: GradientNoise?, count: Int = 80
  ) {
    (self.surface, self.steps, self.choices) = (surface, steps, choices)
    let centers = choices.map { $0.defaultRate(on: surface) }
    let low = (centers.min() ?? 0.1) / 100
    let high = (centers.max() ?? 0.1) * 100
    let last = Double(count - 1)
    let rates = (0..<count).map { low * pow(high / low, Double($0) / last) }
    self.rates = rates
    let rolls = choices.map { choice in
      rates.map {
        Roll(choice, on: surface, rate: $0, from: start, steps: steps, noise: noise)
      }
    }
    let lowest =
      surface.lowest ?? rolls.joined().compactMap { $0.trajectory.last?.value }.min() ?? 0
    let first = max(rolls[0][0].trajectory[0].value - lowest, Self.floor)
    startHeight = first
    heights = rolls.map { rolls in
      rolls.map { roll in
        if case .diverged = roll.outcome { return first * Self.ceiling * 10 }
        let height = (roll.trajectory.last?.value ?? .nan) - lowest
        return height.isFinite ? max(height, Self.floor) : first * Self.ceiling * 10
      }
    }
  }

  /// Which choice gets low over the widest range of rates.
  private func reading(_ names: [String]) -> String {
    let good = zip(names, heights).compactMap { name, heights in
      longestRun(heights.map { $0 <= startHeight * Self.low }).map { (name: name, range: $0) }
    }
    guard let widest = good.max(by: { $0.range.count < $1.range.count }) else {
      return "At no rate does the height fall to a hundredth of that of the start."
    }
    let (low, high) = (rates[widest.range.lowerBound].short, rates[widest.range.upperBound].short)
    return
      (names.count == 1
      ? "The height falls to a hundredth at rates"
      : "\(widest.name) falls to a hundredth of the height over the widest range of rates,")
      + " from \(low) to \(high)."
  }

  /// The indices of the longest sequence of true values.
  private func longestRun(_ values: [Bool]) -> ClosedRange<Int>? {
    var longest: ClosedRange<Int>?
    var start: Int?
    for (index, value) in values.enumerated() {
      start = value ? start ?? index : nil
      if let start, index - start >= longest.map({ $0.count }) ?? 0 { longest = start...index }
    }
    return longest
  }

  /// A marble is low if it is at this part of the height of the start, or lower.
  private static let low = 0.01

  /// The map as a figure of one pair of axes.
  ///
  /// - Parameter names: Of the choices.
  package func figure(title: String, names: [String], theme: Theme) -> AxesFigure {
    let reached = heights.joined().min() ?? Self.floor
    let bottom = min(pow(10, log10(reached).rounded(.down)), startHeight / 10)
    let pens = theme.pens(for: choices.map { $0.family.colorGroup })
    let lines = zip(names, heights).map { name, heights in
      (name, zip(rates, heights).map(DataPoint.init))
    }
    return AxesFigure(
      title: title, reading: reading(names),
      subtitle: "where a marble is after \(steps.counted("step")); "
        + "up and out of the figure: diverged",
      axes: [
        Axes(
          horizontal: Axis("learning rate", rates[0]...rates[rates.count - 1], .logarithmic),
          vertical: Axis(
            "height above the lowest place", bottom...startHeight * Self.ceiling, .logarithmic,
            tickLimit: 8),
          marks: [.reference(startHeight, label: "start")]
            + zip(lines, pens).map { line, pen in LineMark(line.1, pen, label: line.0) })
      ], footer: surface.printedFormula, theme: theme)
  }
}
