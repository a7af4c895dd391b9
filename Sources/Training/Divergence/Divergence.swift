internal import Foundation
internal import Support

/// Where and how training diverged, and what was found to help.
public struct Divergence: Codable, Equatable, Sendable, CustomStringConvertible {
  /// The step and its epoch, from 1.
  public var step: Int, epoch: Int
  /// What is not finite, such as the validation loss, and its value.
  public var quantity = "loss", value: Double
  /// The loss of the step if it is finite; only its gradient is not.
  public var loss: Double?
  /// What of the formula of the objective is not finite, and where.
  public var formula: String?
  /// The first place that is not finite, such as `the output of layer 3 (dense)`.
  ///
  /// Gradients pass from the last layer to the first, so of them it is the one nearest to the loss.
  public var place: String?
  /// The images of the step.
  public var files: [String] = []
  /// ‖∇‖ of the steps before, at most fifty.
  public var gradientNorms: [Double] = []
  /// The lower rates that were tried, the highest first; the last one may have helped.
  public var trials: [RateTrial] = []
  /// The path of the last good network, if it was kept.
  public var kept: String?

  static let validationLoss = "validation loss"

  public var description: String {
    "training diverged at step \(step) (epoch \(epoch)): \(fault)"
      + (formula.map { ": \($0)" } ?? "")
      + (place.map { ", first in \($0)" } ?? "")
      + (files.isEmpty ? "" : "; images \(files.prefix(3).joined(separator: ", "))")
      + (files.count > 3 ? " and \(files.count - 3) more" : "")
      + (chart.map { "; \($0)" } ?? "") + (suggestion.map { "; \($0)" } ?? "")
      + (kept.map { "; the last good network is \($0)" } ?? "")
  }

  /// What is not finite.
  private var fault: String {
    "the \(quantity) became \(value.text)" + (loss.map { ", the loss is still \(Float($0))" } ?? "")
  }

  /// The gradient norms as a line of bars; nil if there are fewer than two.
  private var chart: String? {
    guard let lowest = gradientNorms.min(), let highest = gradientNorms.max(),
      gradientNorms.count > 1
    else { return nil }
    return "gradient norms of the last \(gradientNorms.count) steps \(gradientNorms.bars), "
      + "\(Self.short(lowest)) to \(Self.short(highest))"
  }

  /// What helps, as far as it was tried.
  private var suggestion: String? {
    guard let last = trials.last else { return nil }
    guard last.steps > 0 else {
      return
        "the rate is not the reason, as the step after step \(last.start) fails at every rate; "
        + "look at the images and the objective"
    }
    guard last.isStable else {
      let rates = trials.filter { $0.start == last.start }.map(\.rate).joined(separator: ", ")
      return "no lower learning rate helps (tried \(rates) after step \(last.start)); look at the "
        + "images and the objective"
    }
    return "--learning-rate \(last.rate) stays finite: \(last.steps) "
      + "steps after step \(last.start), loss \(Self.short(last.firstLoss)) to "
      + Self.short(last.lastLoss)
  }

  private static func short(_ value: Double) -> String {
    value.isFinite ? String(format: "%.3g", value) : value.text
  }
}

extension [Double] {
  /// A bar for each value, higher for higher values; powers of ten are equally far apart.
  var bars: String {
    let bars = Array<Character>("▁▂▃▄▅▆▇█")
    let heights = map { log10(Swift.max($0, .leastNormalMagnitude)) }
    guard let low = heights.min(), let high = heights.max(), high > low else {
      return String(repeating: bars[0], count: count)
    }
    return String(heights.map { bars[Int((($0 - low) / (high - low) * 7).rounded())] })
  }
}
