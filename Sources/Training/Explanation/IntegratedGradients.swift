internal import ConvNet
internal import Foundation
internal import Tensors

/// How well integrated gradients add up to what they explain.
///
/// Their sum over the image is the difference between its score and that of the baseline, up to the
/// error of the integral.
public struct Completeness: Hashable, Sendable {
  /// Gradients that the integral was computed from.
  public let steps: Int
  /// The scores of the image and of the baseline, an image of the mean color.
  public let score: Double, baselineScore: Double
  /// What the gradients add up to.
  public let sum: Double

  /// How far the sum is from the difference of the scores, as a fraction of it.
  public var error: Double {
    let difference = score - baselineScore
    return abs(sum - difference) / max(abs(difference), 1e-12)
  }

  /// The error that a map should have at most.
  public static let limit = 0.01
}

extension Explainer {
  private static let mostSteps = 1024

  /// A part of the way from the baseline to the image.
  private struct Part {
    let range: ClosedRange<Double>
    /// The image times the integral of the gradients, for each of its values.
    let products: [Double]
    /// What they add up to, and what they should.
    let sum: Double, difference: Double
    var error: Double { abs(sum - difference) }
  }

  /// Integrated gradients with an image of the mean color as the baseline.
  ///
  /// With x the normalized image, 0 the baseline and S the score: x · ∫₀¹ ∂S/∂x(αx) dα, summed over
  /// the three channels; the integral by Gauss and Legendre. Unless `options` say how many steps,
  /// the way is cut in two, and again and again where the gradients add up worst, until the error
  /// of completeness is below 1% or 1,024 steps are taken.
  func integratedGradients(_ image: [Float], _ target: ExplanationTarget) -> Explanation {
    let scores = scores(of: image, at: [0, 1], target)
    var steps = options.steps ?? 2 * Self.gradientBatch
    var parts =
      options.steps.map { [part(of: image, target, 0...1, steps: $0)] }
      ?? [0...0.5, 0.5...1].map {
        part(of: image, target, $0, steps: Self.gradientBatch)
      }
    while true {
      let completeness = Completeness(
        steps: steps, score: scores[1], baselineScore: scores[0],
        sum: parts.reduce(0) { $0 + $1.sum })
      guard options.steps == nil, completeness.error >= Completeness.limit,
        steps < Self.mostSteps,
        let worst = parts.indices.max(by: { parts[$0].error < parts[$1].error })
      else { return explanation(parts, completeness) }
      let range = parts.remove(at: worst).range
      let middle = (range.lowerBound + range.upperBound) / 2
      parts += [range.lowerBound...middle, middle...range.upperBound].map {
        part(of: image, target, $0, steps: Self.gradientBatch)
      }
      steps += 2 * Self.gradientBatch
    }
  }

  /// The map of all parts.
  private func explanation(_ parts: [Part], _ completeness: Completeness) -> Explanation {
    let shape = network.inputShape
    var sums = [Double](repeating: 0, count: shape.pixelCount)
    for part in parts {
      for (index, product) in part.products.enumerated() {
        sums[index / shape.channels] += product
      }
    }
    return Explanation(
      .integratedGradients,
      AttributionMap(height: shape.height, width: shape.width, values: sums.map { Float($0) }),
      completeness: completeness)
  }

  /// The scores at fractions of the way.
  private func scores(
    of image: [Float], at places: [Double], _ target: ExplanationTarget
  ) -> [Double] {
    logits(of: places.map { place in image.map { $0 * Float(place) } })
      .map { Double(target.value($0[...])) }
  }

  /// Integrates over a part of the way.
  private func part(
    of image: [Float], _ target: ExplanationTarget, _ range: ClosedRange<Double>, steps: Int
  ) -> Part {
    let length = range.upperBound - range.lowerBound
    var integral = [Double](repeating: 0, count: image.count)
    let rule = Self.gaussLegendre(steps)
    for start in stride(from: 0, to: steps, by: Self.gradientBatch) {
      let nodes = rule[start..<min(start + Self.gradientBatch, steps)]
      for (place, node) in nodes.enumerated() {
        let input = gradients.input[place * image.count..<(place + 1) * image.count]
        let fraction = Float(range.lowerBound + node.place * length)
        input.copy(from: image.map { $0 * fraction })
      }
      let found = inputGradients(count: nodes.count, target)
      for (place, node) in nodes.enumerated() {
        let first = place * image.count
        for index in integral.indices {
          integral[index] += node.weight * length * Double(found[first + index])
        }
      }
    }
    let products = zip(image, integral).map { Double($0) * $1 }
    let scores = scores(of: image, at: [range.lowerBound, range.upperBound], target)
    return Part(
      range: range, products: products, sum: products.reduce(0, +),
      difference: scores[1] - scores[0])
  }

  /// The gradients of the scores of the images that lie in the input.
  private func inputGradients(count: Int, _ target: ExplanationTarget) -> [Float] {
    var statistics = values.statistics
    let logits = gradients.forward(
      count: count, parameters: values.parameters, statistics: &statistics, phase: .inference)
    var parameterGradients = ParameterVector(network.parameterLayout)
    var found: [Float] = []
    gradients.backward(
      logitGradient: logits.rows(of: classes.count).flatMap { target.gradient($0[...]) },
      parameters: values.parameters, statistics: &statistics, gradients: &parameterGradients,
      phase: .inference
    ) { layer, gradient in
      if layer == 0 { found = gradient.array }
    }
    return found
  }

  /// Places in 0…1 and weights that integrate polynomials of a degree below twice their number.
  ///
  /// - Source: Press et al., "Numerical Recipes", section 4.6: Newton's method on the Legendre
  ///   polynomial.
  static func gaussLegendre(_ count: Int) -> [(place: Double, weight: Double)] {
    (0..<count).map { index in
      var x = -cos(.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      var slope = 1.0
      for _ in 0..<50 {
        var (value, before) = (1.0, 0.0)
        for degree in 0..<count {
          let degree = Double(degree)
          (value, before) = (
            ((2 * degree + 1) * x * value - degree * before) / (degree + 1), value
          )
        }
        slope = Double(count) * (x * value - before) / (x * x - 1)
        let change = value / slope
        x -= change
        if abs(change) < 1e-15 { break }
      }
      return ((1 + x) / 2, 1 / ((1 - x * x) * slope * slope))
    }
  }
}
