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
  /// Where the run is.
  public var progress: Progress

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
    /// The epoch with the lowest validation loss, and that loss.
    public var bestEpoch: Int?, bestLoss: Double?
    /// The state of a schedule that depends on the loss; nil before the first epoch has ended.
    public var plateau: PlateauState?

    /// The place before the first step.
    public init() {}

    /// Whether anything was trained.
    public var isBegun: Bool { step > 0 || epoch > 0 }
    /// Whether the last epoch that was started is complete and evaluated.
    public var isBetweenEpochs: Bool { stepInEpoch == 0 }

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

    /// Records the epoch if its loss is the lowest so far.
    ///
    /// - Returns: Whether it is the lowest.
    mutating func noteLoss(_ loss: Double, ofEpoch epoch: Int) -> Bool {
      guard loss < bestLoss ?? .infinity else { return false }
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
  private static let prefix = "optimizer."

  private struct Saved: Codable {
    var progress: Progress
    var optimizerSteps: Int
    var optimizerMemory: [String]
    /// Names and values of the scalars; as keys, which are in snake case, the names would change.
    var optimizerNumberNames: [String], optimizerNumbers: [Double]
  }

  /// Creates a state from its parts.
  public init(
    checkpoint: Checkpoint, optimizer: OptimizerState, memoryNames: [String], progress: Progress
  ) {
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
        optimizerNumberNames: scalars.map(\.key), optimizerNumbers: scalars.map(\.value)))
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
    guard let text = file.metadata[Self.metadataKey],
      let saved = try? jsonDecoder().decode(Saved.self, from: Data(text.utf8))
    else { throw .inconsistent(path: path, reason: "the place in the run is missing") }
    let memoryNames =
      optimizer.makeOptimizer(layout: checkpoint.parameters.layout).memoryNames
    guard saved.optimizerMemory == memoryNames else {
      throw .inconsistent(
        path: path,
        reason:
          "it was saved by an optimizer that remembers \(saved.optimizerMemory), not \(memoryNames)"
      )
    }
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
      memory.append(tensor.values)
    }
    self.checkpoint = checkpoint
    self.memoryNames = memoryNames
    self.optimizer = OptimizerState(
      stepCount: saved.optimizerSteps, memory: memory,
      scalars: Dictionary(zip(saved.optimizerNumberNames, saved.optimizerNumbers)) { $1 })
    progress = saved.progress
  }
}
