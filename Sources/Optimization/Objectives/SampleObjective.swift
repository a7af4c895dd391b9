internal import Foundation

/// An objective whose batch loss is the mean of the losses of its samples.
///
/// One function is enough to conform.
public protocol SampleObjective: Objective {
  /// The loss of one sample and its gradient with respect to the logits, in double precision.
  ///
  /// - Parameters:
  ///   - logits: One per class, finite.
  ///   - target: One per class.
  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double])

  /// The loss of one predicted number, for objectives that measure numeric errors; nil for those
  /// that compare classes. The default is nil.
  var errorFunction: ErrorFunction? { get }

  /// What is compared; by default numbers if there is an `errorFunction`, otherwise distributions.
  var domain: ObjectiveDomain { get }

  /// The logits for which the prediction is these probabilities; by default for softmax.
  func logits(for probabilities: [Double]) -> [Double]

  /// The same objective with a fraction of every target, 0..<1, spread evenly over all classes.
  func smoothed(by smoothing: Float) -> any Objective
}

/// The loss of a prediction, and its derivative with respect to the prediction.
public typealias ErrorFunction =
  @Sendable (_ target: Double, _ prediction: Double) -> (value: Double, slope: Double)

/// What an objective compares.
public enum ObjectiveDomain: String, Sendable {
  /// One number with another.
  case numbers
  /// Predicted probabilities with those of the target.
  case distributions
  /// One nonnegative score per class with those of the target.
  case scores
}

extension SampleObjective {
  public var errorFunction: ErrorFunction? { nil }

  public var domain: ObjectiveDomain { errorFunction == nil ? .distributions : .numbers }

  public func logits(for probabilities: [Double]) -> [Double] { probabilities.map { log($0) } }

  public func smoothed(by smoothing: Float) -> any Objective {
    SmoothedObjective(base: self, smoothing: smoothing)
  }

  public func evaluate(logits: [Float], targets: Targets) -> (loss: Float, gradient: [Float]) {
    let (batch, classes) = (targets.count, targets.classCount)
    precondition(
      batch > 0 && logits.count == batch * classes,
      "\(logits.count) logits for \(batch) of \(classes) classes")
    var gradient: [Float] = []
    gradient.reserveCapacity(logits.count)
    var total = 0.0
    for start in stride(from: 0, to: logits.count, by: classes) {
      let row = logits[start..<start + classes].map(Double.init)
      // A maximum would hide NaN.
      guard row.allSatisfy(\.isFinite) else {
        return (.nan, [Float](repeating: .nan, count: logits.count))
      }
      let target = targets.probabilities[start..<start + classes].map(Double.init)
      let sample = evaluate(logits: row, target: target)
      total += sample.loss
      gradient += sample.gradient.map { Float($0 / Double(batch)) }
    }
    return (Float(total / Double(batch)), gradient)
  }
}

/// Probabilities of one sample and their logarithms.
struct Softmax {
  /// log pᵢ = zᵢ − log Σ exp(z), finite where pᵢ underflows.
  let logarithms: [Double]
  /// pᵢ = exp(zᵢ) / Σ exp(z).
  let probabilities: [Double]

  init(_ logits: [Double]) {
    let largest = logits.max() ?? 0
    let logSum = largest + log(logits.reduce(0) { $0 + exp($1 - largest) })
    logarithms = logits.map { $0 - logSum }
    probabilities = logarithms.map { exp($0) }
  }

  /// The gradient with respect to the logits from h = ∂L/∂(log p): hⱼ − pⱼ Σ h.
  ///
  /// A loss of p itself has hᵢ = pᵢ ∂L/∂pᵢ.
  func gradient(_ h: [Double]) -> [Double] {
    let sum = h.reduce(0, +)
    return zip(h, probabilities).map { $0 - $1 * sum }
  }
}

/// 1 / (1 + exp(−x)), without overflow.
func sigmoid(_ x: Double) -> Double { x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)) }

/// log(1 + exp(x)), without overflow.
func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
