internal import Foundation
public import Optimization
public import Support
internal import Tensors

/// Everything needed to continue training as if nothing had happened.
///
/// One file holds the network, the optimizer's memory and the place in the run, so that they never
/// come from different moments.
public struct TrainingState: Equatable, Sendable {
  /// The network as it is now.
  public var checkpoint: Checkpoint
  /// What the optimizer remembers, and the names of its vectors.
  public var optimizer: OptimizerState, memoryNames: [String]
  /// The optimizer with its parameters, as text; nil in states of earlier versions.
  public var optimizerText: String?
  /// Where the run is.
  public var progress: Progress
  /// The choices it was trained with; nil outside a run, and in states of earlier versions.
  public var configuration: TrainingConfiguration?

  /// The place in a run.
  ///
  /// Order of samples, augmentation and dropout are functions of the run's seed and this place, so
  /// there is no generator to save.
  public struct Progress: Codable, Equatable, Sendable {
    /// Completed epochs.
    public var epoch = 0
    /// Steps done in the current epoch.
    public var stepInEpoch = 0
    /// Steps done in total.
    public var step = 0
    /// Sums over the steps of the current epoch.
    public var sums = EpochSums()
    /// Time spent training so far, seconds.
    public var seconds = 0.0
    /// The epoch with the lowest validation loss, or the last if that is kept, and its loss.
    public var bestEpoch: Int?, bestLoss: Double?
    /// The validation accuracy of the last epoch, 0…1; nil without validation images.
    public var validationAccuracy: Double?
    /// The place of a budgeted run as it was last read from the clock, and where its current epoch
    /// began; nil in a run of epochs.
    public var clock: ClockReading?, epochPosition: Double?
    /// Seconds of training that a budgeted run has.
    public var available: Double?
    /// The state of a schedule that depends on the loss; nil before the first epoch has ended.
    public var plateau: PlateauState?
    /// How often the run went back to an earlier state with a lower rate; nil for never.
    public var retries: Int?
    /// The last step before the run went back, if it did: nothing that is asked of the run takes
    /// effect before it, so that the run can be repeated.
    public var furthestStep: Int?

    /// The place before the first step.
    public init() {}

    /// The longest time that a run is believed to have taken, seconds: a century.
    static let longest = 3.2e9

    /// What cannot be so in a place that was read; nil if everything is in its range.
    var problem: String? {
      let steps = 0...(1 << 53)
      return Problem.first([
        Problem.of("epoch", epoch, in: 0...1_000_000), Problem.of("step", step, in: steps),
        Problem.of("step_in_epoch", stepInEpoch, in: 0...max(0, step)),
        Problem.of("seconds", seconds, in: 0...Self.longest),
        Problem.of("best_epoch", bestEpoch, in: 0...max(0, epoch)),
        (bestEpoch == nil) == (bestLoss == nil) ? nil : "best_epoch and best_loss disagree",
        Problem.of("validation_accuracy", validationAccuracy, in: 0...1),
        bestLoss.map(\.isFinite) == false ? "best_loss is not finite" : nil,
        Problem.of("sums.images", sums.images, in: 0...steps.upperBound),
        Problem.of("sums.correct", sums.correct, in: 0...max(0, sums.images)),
        sums.loss.isFinite && sums.gradientNorm.isFinite ? nil : "sums are not finite",
        clock?.problem, Problem.of("epoch_position", epochPosition, in: 0...1),
        Problem.of("available", available, in: 0...Self.longest),
        (clock == nil) == (epochPosition == nil) && (clock == nil) == (available == nil)
          ? nil : "clock, epoch_position and available are not all there",
        clock.map { $0.step > step } ?? false ? "the clock was read after the last step" : nil,
        Problem.of("furthest_step", furthestStep, in: steps),
        Problem.of("retries", retries, in: 0...DivergenceAction.mostRetries),
        plateau?.isUsable == false ? "plateau is outside its range" : nil,
      ])
    }

    /// Whether anything was trained.
    public var isBegun: Bool { step > 0 || epoch > 0 }
    /// Whether the last epoch that was started is complete and evaluated.
    public var isBetweenEpochs: Bool { stepInEpoch == 0 }

    /// The place of a budgeted run from 0 to 1; nil in a run of epochs.
    public var place: Double? { clock?.position(afterStep: step) }

    /// What the rate of the schedule is multiplied by.
    var rateFactor: Float {
      (0..<(retries ?? 0)).reduce(1) { factor, _ in factor * DivergenceAction.rateFactor }
    }

    /// Counts a step and adds its outcome.
    mutating func add(_ outcome: TrainingStep.Outcome) {
      step += 1
      stepInEpoch += 1
      sums.add(outcome)
    }

    /// Counts an epoch and starts the sums of the next one.
    ///
    /// - Returns: The sums of the epoch.
    mutating func endEpoch() -> EpochSums {
      epoch += 1
      stepInEpoch = 0
      defer { sums = EpochSums() }
      return sums
    }

    /// Records the epoch if its loss is the lowest so far, or if the last is to be kept.
    ///
    /// - Returns: Whether it is recorded; never if the loss is not finite.
    mutating func noteLoss(_ loss: Double, ofEpoch epoch: Int, keepsLast: Bool) -> Bool {
      guard loss < (keepsLast ? nil : bestLoss) ?? .infinity else { return false }
      (bestEpoch, bestLoss) = (epoch, loss)
      return true
    }
  }

  /// Sums over the steps of an epoch.
  public struct EpochSums: Codable, Equatable, Sendable {
    /// Images seen, and how many of them were classified correctly before the step.
    public var images = 0, correct = 0
    /// Losses times images, and gradient norms.
    public var loss = 0.0, gradientNorm = 0.0

    /// Mean loss, accuracy (0…1) and gradient norm over the images.
    var means: (loss: Double, accuracy: Double, gradientNorm: Double) {
      let count = Double(images)
      return (loss / count, Double(correct) / count, gradientNorm / count)
    }

    mutating func add(_ step: TrainingStep.Outcome) {
      images += step.totals.images
      correct += step.totals.correct
      loss += step.totals.loss
      gradientNorm += step.gradientNorm * Double(step.totals.images)
    }
  }

  private static let metadataKey = "marbles_state"
  private static let configurationKey = "marbles_configuration"
  static let prefix = "optimizer."

  private struct Saved: Codable {
    var progress: Progress
    var optimizerSteps: Int
    var optimizerMemory: [String]
    /// The optimizer with its parameters; absent in states of earlier versions.
    var optimizer: String?
    /// Names and values of the scalars; as keys, which are in snake case, the names would change.
    var optimizerNumberNames: [String], optimizerNumbers: [Double]
  }

  /// Creates a state from its parts.
  public init(
    checkpoint: Checkpoint, optimizer: OptimizerState, memoryNames: [String], progress: Progress,
    optimizerText: String? = nil
  ) {
    self.optimizerText = optimizerText
    self.checkpoint = checkpoint
    self.optimizer = optimizer
    self.memoryNames = memoryNames
    self.progress = progress
  }

  /// Writes the state, whole or not at all.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func write(to path: String) throws(FileError) {
    var file = checkpoint.safeTensors
    for (name, vector) in zip(memoryNames, optimizer.memory) {
      file.tensors.append(
        .init(name: Self.prefix + name, shape: [vector.count], values: vector))
    }
    let scalars = optimizer.scalars.sorted { $0.key < $1.key }
    file.metadata[Self.metadataKey] = jsonText(
      Saved(
        progress: progress, optimizerSteps: optimizer.stepCount, optimizerMemory: memoryNames,
        optimizer: optimizerText,
        optimizerNumberNames: scalars.map(\.key), optimizerNumbers: scalars.map(\.value)))
    file.metadata[Self.configurationKey] = configuration.map(jsonText)
    try file.write(to: path)
  }

  /// Reads a state.
  ///
  /// - Parameters:
  ///   - optimizer: The optimizer that continues.
  ///   - catalogues: Where layers and objective are looked up.
  /// - Throws: `CheckpointError` if the file is damaged or belongs to another optimizer.
  public init(
    contentsOf path: String, optimizer: OptimizerChoice, catalogues: Catalogues = .standard
  ) throws(CheckpointError) {
    let file = try SafeTensors(contentsOf: path)
    let (checkpoint, extra) = try Checkpoint.read(
      file, path, catalogues, extraPrefix: Self.prefix)
    guard let text = file.metadata[Self.metadataKey] else {
      throw .inconsistent(path: path, reason: "the place in the run is missing")
    }
    let saved: Saved
    do {
      saved = try jsonDecoder().decode(Saved.self, from: Data(text.utf8))
      configuration = try file.metadata[Self.configurationKey].map {
        try catalogues.decoder().decode(TrainingConfiguration.self, from: Data($0.utf8))
      }
    } catch {
      let choices = file.metadata[Self.configurationKey] ?? "{}"
      throw .undecodable(
        path, error, of: Data(text.utf8), Data(choices.utf8),
        otherwise: "the place in the run cannot be read")
    }
    let memoryNames =
      optimizer.makeOptimizer(layout: checkpoint.parameters.layout).memoryNames
    let problem = Problem.first([
      saved.progress.problem,
      saved.optimizer.flatMap { text in
        text == optimizer.description
          ? nil
          : "the optimizer was \(text), not \(optimizer) as in run.json; put that back there"
      },
      saved.optimizerMemory == memoryNames
        ? nil
        : "it was saved by an optimizer that remembers \(saved.optimizerMemory), not "
          + "\(memoryNames)",
      Problem.of("optimizer_steps", saved.optimizerSteps, in: 0...max(0, saved.progress.step)),
      saved.optimizerNumberNames.count == saved.optimizerNumbers.count
        && Set(saved.optimizerNumberNames).count == saved.optimizerNumbers.count
        && saved.optimizerNumbers.allSatisfy(\.isFinite)
        ? nil : "the numbers of the optimizer are not finite, or have no names of their own",
    ])
    if let problem { throw .inconsistent(path: path, reason: problem) }
    var memory: [[Float]] = []
    for name in memoryNames {
      guard let tensor = extra.first(where: { $0.name == Self.prefix + name }) else {
        throw .missingTensor(path: path, name: Self.prefix + name)
      }
      guard tensor.shape == [checkpoint.parameters.scalars.count] else {
        throw .wrongShape(
          path: path, name: tensor.name, expected: [checkpoint.parameters.scalars.count],
          actual: tensor.shape)
      }
      let values = tensor.values
      if let element = values.first(where: { !$0.isFinite }) {
        throw .unusableElement(path: path, name: tensor.name, element: element)
      }
      memory.append(values)
    }
    let known = Set(memoryNames.map { Self.prefix + $0 })
    if let surplus = extra.first(where: { !known.contains($0.name) }) {
      throw .unknownTensor(path: path, name: surplus.name)
    }
    self.checkpoint = checkpoint
    self.memoryNames = memoryNames
    optimizerText = saved.optimizer
    self.optimizer = OptimizerState(
      stepCount: saved.optimizerSteps, memory: memory,
      scalars: Dictionary(zip(saved.optimizerNumberNames, saved.optimizerNumbers)) { $1 })
    progress = saved.progress
  }
}
