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
  private static let fewestSteps = 32, mostSteps = 1024

  /// Integrated gradients with an image of the mean color as the baseline.
  ///
  /// With x the normalized image, 0 the baseline and S the score: x · ∫₀¹ ∂S/∂x(αx) dα, summed over
  /// the three channels; the integral by Gauss and Legendre. Unless `options` say how many, steps
  /// are doubled until the error of completeness is below 1%, up to 1,024.
  func integratedGradients(_ image: [Float], _ target: ExplanationTarget) -> Explanation {
    let baseline = [Float](repeating: 0, count: image.count)
    let scores = logits(of: [image, baseline]).map { Double(target.value($0[...])) }
    var steps = options.steps ?? Self.fewestSteps
    while true {
      let products = products(image, target, steps: steps)
      let completeness = Completeness(
        steps: steps, score: scores[0], baselineScore: scores[1], sum: products.reduce(0, +))
      if options.steps != nil || completeness.error < Completeness.limit || steps >= Self.mostSteps
      {
        let shape = network.inputShape
        let sums = (0..<shape.pixelCount).map { pixel in
          Float(products[pixel * shape.channels..<(pixel + 1) * shape.channels].reduce(0, +))
        }
        return Explanation(
          .integratedGradients,
          AttributionMap(height: shape.height, width: shape.width, values: sums),
          completeness: completeness)
      }
      steps *= 2
    }
  }

  /// The image times the integral of the gradients, for each of its values.
  private func products(
    _ image: [Float], _ target: ExplanationTarget, steps: Int
  ) -> [Double] {
    var integral = [Double](repeating: 0, count: image.count)
    let rule = Self.gaussLegendre(steps)
    for start in stride(from: 0, to: steps, by: Self.gradientBatch) {
      let part = rule[start..<min(start + Self.gradientBatch, steps)]
      for (place, node) in part.enumerated() {
        let input = gradients.input[place * image.count..<(place + 1) * image.count]
        input.copy(from: image.map { $0 * Float(node.place) })
      }
      let found = inputGradients(count: part.count, target)
      for (place, node) in part.enumerated() {
        let first = place * image.count
        for index in integral.indices {
          integral[index] += node.weight * Double(found[first + index])
        }
      }
    }
    return zip(image, integral).map { Double($0) * $1 }
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
