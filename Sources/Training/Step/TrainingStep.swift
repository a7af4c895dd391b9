public import Optimization
internal import Support
public import Tensors

/// One optimizer update: differentiate, perturb if asked, reduce, update.
///
/// It owns the gradient vector, so a warm step allocates nothing except in the objective and the
/// optimizer.
public final class TrainingStep {
  /// The objective, and the optimizer that minimizes it.
  public let objective: any Objective, optimizer: any Optimizer

  /// Adds up the time of objective and update; nil if it is not measured.
  public var times: StepTimes?

  private let reducer: any GradientReducer
  private let workers: Workers
  /// What the optimizer was given last.
  private(set) var gradients: ParameterVector

  /// Reserves memory for the gradients of parameters in `layout`.
  public init(
    layout: ParameterLayout, objective: any Objective, optimizer: any Optimizer,
    reducer: any GradientReducer = IdentityReducer(), workers: Workers
  ) {
    self.objective = objective
    self.optimizer = optimizer
    self.reducer = reducer
    self.workers = workers
    gradients = ParameterVector(layout)
  }

  /// The outcome of a step, measured before its update.
  public struct Outcome: Equatable, Sendable {
    /// Loss and accuracy, summed over the samples.
    public var totals: StepTotals
    /// ‖∇‖ at the parameters, before any clipping.
    public var gradientNorm: Double

    /// Mean loss over the samples.
    public var loss: Double { totals.loss / Double(totals.images) }
  }

  /// The loss or the gradient was not finite; only running statistics were updated.
  public struct NotFinite: Error, Equatable, Sendable {
    /// The loss of the step.
    public var loss: Float
    /// ‖∇‖ if only that is not finite, and not the loss.
    public var gradientNorm: Double?
    /// What of a formula is not finite, and where.
    public var formula: String?
    /// The array of parameters nearest to the loss whose gradient is not finite, if only gradients
    /// are not.
    public var slot: Int?
  }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - model: Holds the batch.
  ///   - targets: One row per sample of the batch.
  ///   - learningRate: The rate of this step, > 0.
  ///   - state: Updated in place.
  /// - Throws: `NotFinite`, which all processes of a run throw at the same step.
  public func take(
    _ model: some DifferentiableModel, targets: Targets, learningRate: Float,
    state: inout ModelState
  ) throws(NotFinite) -> Outcome {
    let outcome = try differentiate(model, targets, &state)
    if let perturbed = optimizer.perturbedParameters(
      state.parameters.scalars, gradients: gradients.scalars, workers: workers)
    {
      // Running statistics describe the parameters that are kept, not the perturbed ones.
      let (parameters, statistics) = (state.parameters, state.statistics)
      state.parameters.scalars = perturbed
      defer { (state.parameters, state.statistics) = (parameters, statistics) }
      _ = try differentiate(model, targets, &state)
    }
    StepTimes.measure(times, \.update) {
      optimizer.step(
        &state.parameters.scalars, gradients: gradients.scalars, learningRate: learningRate,
        state: &state.optimizer, workers: workers)
    }
    return outcome
  }

  /// Computes ∂loss/∂parameters, over the samples of all processes, into `gradients`.
  private func differentiate(
    _ model: some DifferentiableModel, _ targets: Targets, _ state: inout ModelState
  ) throws(NotFinite) -> Outcome {
    let logits = model.forward(parameters: state.parameters, statistics: &state.statistics)
    let (loss, logitGradient) = StepTimes.measure(times, \.objective) {
      objective.evaluate(logits: logits, targets: targets)
    }
    if loss.isFinite {
      model.backward(
        logitGradient: logitGradient, parameters: state.parameters,
        statistics: &state.statistics, gradients: &gradients)
    } else {
      // The other processes must notice, so that all stop together.
      for index in gradients.scalars.indices { gradients.scalars[index] = .nan }
    }
    var totals = StepTotals(logits: logits, targets: targets, meanLoss: loss)
    reducer.reduce(&gradients.scalars, &totals)
    let squares = Kernels.sumOfSquares(gradients.scalars)
    guard totals.loss.isFinite, squares.isFinite else {
      throw NotFinite(
        loss: loss, gradientNorm: loss.isFinite ? squares.squareRoot() : nil,
        formula: logits.allSatisfy(\.isFinite)
          ? objective.formulaFault(logits: logits, targets: targets) : nil,
        slot: loss.isFinite
          ? gradients.layout.ranges.lastIndex {
            !Kernels.sumOfSquares(Array(gradients.scalars[$0])).isFinite
          } : nil)
    }
    return Outcome(totals: totals, gradientNorm: squares.squareRoot())
  }
}

extension StepTotals {
  /// Adds up a batch.
  fileprivate init(logits: [Float], targets: Targets, meanLoss: Float) {
    let classes = targets.classCount
    let correct = (0..<targets.count).count { sample in
      let row = sample * classes..<(sample + 1) * classes
      return logits[row].offsetOfLargest == targets.probabilities[row].offsetOfLargest
    }
    self.init(
      images: targets.count, correct: correct, loss: Double(meanLoss) * Double(targets.count))
  }
}

/// Total seconds of parts of steps.
public final class StepTimes {
  /// The objective, and the optimizer's update.
  public internal(set) var objective = 0.0, update = 0.0

  /// Starts at 0.
  public init() {}

  /// Adds the time of `body` if `times` is given.
  static func measure<Value>(
    _ times: StepTimes?, _ part: ReferenceWritableKeyPath<StepTimes, Double>, _ body: () -> Value
  ) -> Value {
    guard let times else { return body() }
    let start = ContinuousClock.now
    let value = body()
    times[keyPath: part] += (ContinuousClock.now - start).seconds
    return value
  }
}
