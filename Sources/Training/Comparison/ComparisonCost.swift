internal import ConvNet
internal import ImageLoading
internal import Optimization
internal import Support
public import Tensors

/// About how long the trainings of a comparison take, from a few steps of each optimizer.
public struct ComparisonCost: Sendable {
  /// Of each optimizer: seconds of a step, and before the first one.
  private let steps: [Double], starts: [Double]
  /// Seconds of a validation.
  private let validation: Double
  private let plan: ComparisonPlan
  private let stepsPerEpoch: Int

  /// Steps of each optimizer that warm up.
  private static let warmup = 4

  /// Takes a few steps with each optimizer, and evaluates a batch.
  ///
  /// Of trainings with a budget the time is known.
  ///
  /// - Throws: What `Trainer` throws.
  public init(_ plan: ComparisonPlan, data: TrainingData, workers: Workers) throws {
    self.plan = plan
    guard plan.configuration.budget == nil else {
      (steps, starts, validation, stepsPerEpoch) = ([], [], 0, 0)
      return
    }
    stepsPerEpoch = plan.configuration.stepsPerEpoch(trainingCount: data.training.count)
    var (steps, starts) = ([Double](), [Double]())
    for (index, optimizer) in plan.optimizers.enumerated() {
      let usual = optimizer.trainingRate
      let test = LearningRateRangeTest(
        lowest: usual * 1e-3, highest: usual, steps: LearningRateRangeTest.fewestSteps)
      var configuration = plan.configuration(
        of: index, .search, rate: usual, seed: plan.searchSeed)
      configuration.budget = nil
      let begin = ContinuousClock.now
      var (first, last) = (begin, begin)
      var count = 0
      _ = try test.run(configuration, data: data, workers: workers) { step in
        last = .now
        if step <= Self.warmup { first = last }
        count = step
      }
      let each = (last - first).seconds / Double(max(1, count - Self.warmup))
      steps.append(each)
      starts.append(max(0, (last - begin).seconds - Double(count) * each))
    }
    (self.steps, self.starts) = (steps, starts)
    validation = try Self.validation(plan.configuration, data, workers)
  }

  private static func validation(
    _ configuration: TrainingConfiguration, _ data: TrainingData, _ workers: Workers
  ) throws -> Double {
    let network = try configuration.makeNetwork(classCount: data.classNames.count)
    let values = network.initialValues(seed: 1)
    let evaluator = Evaluator(
      configuration, network: network, normalization: data.normalization, workers: workers)
    let some = Array(data.validation.prefix(2 * Evaluator.batchSize))
    // The first batch touches memory for the first time.
    var start = ContinuousClock.now
    for isMeasured in [false, true] {
      if isMeasured { start = .now }
      _ = try evaluator.logits(
        of: data.loaded, indices: some, parameters: values.parameters,
        statistics: values.statistics)
    }
    let seconds = (ContinuousClock.now - start).seconds
    return seconds * Double(data.validation.count) / Double(max(1, some.count))
  }

  /// About the seconds of one training.
  public func seconds(of optimizer: Int, _ phase: ComparisonTrial.Phase) -> Double {
    let configuration = plan.configuration(of: optimizer, phase, rate: 1, seed: 1)
    if let budget = configuration.budget { return budget }
    let each = Double(stepsPerEpoch) * steps[optimizer] + validation
    return starts[optimizer] + Double(configuration.epochs) * each
  }

  /// About the seconds of all trainings.
  public var seconds: Double {
    plan.optimizers.indices.reduce(0) { sum, optimizer in
      sum + Double(plan.searchCount) * seconds(of: optimizer, .search)
        + Double(plan.seedCount) * seconds(of: optimizer, .final)
    }
  }
}
