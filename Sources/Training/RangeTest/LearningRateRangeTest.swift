internal import Foundation
public import Optimization
public import Tensors

/// Tries learning rates from low to high: training steps of a new run whose rate grows by the same
/// factor from each to the next, without warm-up and schedule.
///
/// The steps are those that a run with the same configuration would begin with: its initial
/// weights, its batches, augmentation, mixing and dropout. They belong to a network of their own,
/// so nothing of a run is changed, and a run after the test is bit for bit the run without it.
///
/// - Source: Smith, 2015, arXiv:1506.01186, section 3.3.
public struct LearningRateRangeTest: Codable, Hashable, Sendable {
  /// The rates of the first and of the last step; 0 < `lowest` < `highest`.
  public var lowest: Float, highest: Float
  /// Steps of the whole range.
  public var steps: Int

  /// The fewest steps that make a curve.
  public static let fewestSteps = 20
  /// Steps if no other number is asked for.
  ///
  /// In 100, a new network takes some thirty at rates that
  /// are neither too low nor too high, and few have learned by then.
  public static let usualSteps = 200

  /// Creates a test.
  ///
  /// - Precondition: The rates are positive and ascend, and there are at least `fewestSteps`.
  public init(lowest: Float, highest: Float, steps: Int = usualSteps) {
    precondition(
      lowest > 0 && lowest < highest && highest.isFinite && steps >= Self.fewestSteps,
      "a test of \(steps) steps from \(lowest) to \(highest)")
    self.lowest = lowest
    self.highest = highest
    self.steps = steps
  }

  /// Creates a test over six decades around the rate that usually trains with an optimizer.
  public init(for optimizer: OptimizerChoice, steps: Int = usualSteps) {
    let range = Self.usualRange(for: optimizer)
    self.init(lowest: range.lowerBound, highest: range.upperBound, steps: steps)
  }

  /// Three decades below and above an optimizer's usual rate, from one power of ten to another.
  public static func usualRange(for optimizer: OptimizerChoice) -> ClosedRange<Float> {
    let decade = log10(optimizer.entry.trainingRate).rounded()
    return Float(pow(10, decade - 3))...Float(pow(10, decade + 3))
  }

  /// The rate of a step, counted from 0.
  public func rate(ofStep step: Int) -> Float { Float(Double(highest) * scale(ofStep: step)) }

  /// The rate of a step as a fraction of the highest.
  private func scale(ofStep step: Int) -> Double {
    pow(Double(lowest) / Double(highest), 1 - Double(step) / Double(steps - 1))
  }

  /// Takes the steps until the loss has risen far above its lowest value, or is no number: that is
  /// how a test usually ends.
  ///
  /// - Parameters:
  ///   - configuration: The choices of the run; its rate, schedule and epochs are not used.
  ///   - initialWeights: Where the weights come from.
  ///   - catalogues: Where the network's layers are looked up.
  ///   - progress: Is told how many steps are done after each.
  /// - Returns: The losses over the rates.
  /// - Throws: What `Trainer` throws, but not `TrainingError.diverged`.
  /// - Precondition: `configuration.optimizer` follows its rate in every step
  ///   (`OptimizerEntry.followsRate`).
  public func run(
    _ configuration: TrainingConfiguration, data: TrainingData, workers: Workers,
    initialWeights: InitialWeights = .whitened, catalogues: Catalogues = .standard,
    progress: @escaping (Int) -> Void = { _ in }
  ) throws -> LearningRateCurve {
    precondition(
      configuration.optimizer.entry.followsRate,
      "\(configuration.optimizer) uses the rate of the first step only")
    let sweep = Sweep(self, progress)
    let trainer = try Trainer(
      configuration: sweeping(configuration, trainingCount: data.training.count),
      data: data.withoutHeldOut, workers: workers, observers: [sweep],
      initialWeights: initialWeights, triesLowerRates: false, catalogues: catalogues)
    do throws(TrainingError) {
      _ = try trainer.run()
    } catch {
      switch error {
      case .diverged(let divergence): sweep.endNotFinite(loss: divergence.loss ?? divergence.value)
      case .observer where sweep.curve.end != nil: break
      default: throw error
      }
    }
    return sweep.curve
  }

  /// The configuration of a run that takes the steps of the test.
  private func sweeping(
    _ configuration: TrainingConfiguration, trainingCount: Int
  ) -> TrainingConfiguration {
    var configuration = configuration
    configuration.learningRate = highest
    configuration.schedule = ScheduleChoice(
      ScheduleEntry("range-test", "from low to high", warmup: 0) { _ in
        { scale(ofStep: $0.step) }
      })
    configuration.warmup = 0
    let perEpoch = max(1, configuration.stepsPerEpoch(trainingCount: trainingCount))
    configuration.epochs = (steps + perEpoch - 1) / perEpoch
    configuration.patience = nil
    configuration.onDivergence = nil
    return configuration
  }
}

/// Collects the losses of a test, and ends its run when the curve is complete.
private final class Sweep: TrainingObserver {
  /// Ends the run.
  private struct Complete: Error {}

  private(set) var curve: LearningRateCurve
  private let progress: (Int) -> Void

  init(_ test: LearningRateRangeTest, _ progress: @escaping (Int) -> Void) {
    curve = LearningRateCurve(test)
    self.progress = progress
  }

  func observe(_ event: TrainingEvent) throws {
    guard case .step(let step, _) = event else { return }
    curve.add(step.loss)
    progress(step.step)
    // An error, because a run that is stopped in the usual way is first evaluated and saved.
    if curve.end != nil { throw Complete() }
  }

  /// Notes the step whose loss or gradient is no number.
  func endNotFinite(loss: Double) { curve.addLast(loss) }
}
