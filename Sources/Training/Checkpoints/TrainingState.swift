internal import Foundation
public import Optimization
public import Support
internal import Tensors

/// Everything needed to go on training as if nothing had happened.
///
/// One file holds the network, the optimizer's memory and the place in the run, so that they can
/// never come from different moments.
public struct TrainingState: Equatable, Sendable {
  /// The network as it is now.
  public var checkpoint: Checkpoint
  /// What the optimizer remembers.
  public var optimizer: OptimizerState
  /// Where the run is.
  public var progress: Progress

  /// The place in a run.
  ///
  /// Order of samples, augmentation and dropout are functions of the run's seed
  /// and these numbers, so that there is no other generator to save.
  public struct Progress: Codable, Equatable, Sendable {
    /// Whole epochs done.
    public var epoch = 0
    /// Steps done in the epoch that was begun.
    public var stepInEpoch = 0
    /// Steps done in all.
    public var step = 0
    /// Sums over the steps of the epoch that was begun.
    public var sums = EpochSums()
    /// Time spent training so far, seconds.
    public var seconds = 0.0
    /// The epoch with the lowest validation loss, and that loss.
    public var bestEpoch: Int?, bestLoss: Double?
    /// What a schedule that waits for the loss remembers; nil before the first epoch ended.
    public var plateau: PlateauState?
  }

  /// What an epoch adds up from step to step.
  public struct EpochSums: Codable, Equatable, Sendable {
    /// Images seen, and how many of them were classified right before the step.
    public var images = 0, correct = 0
    /// Losses times images, and gradient norms.
    public var loss = 0.0, gradientNorm = 0.0

    mutating func add(loss: Float, norm: Double, logits: [Float], targets: [Int]) {
      let classes = logits.count / targets.count
      images += targets.count
      self.loss += Double(loss) * Double(targets.count)
      gradientNorm += norm * Double(targets.count)
      for (index, target) in targets.enumerated()
      where largestIndex(logits[index * classes..<(index + 1) * classes]) == target {
        correct += 1
      }
    }
  }

  private static let metadataKey = "marbles_state"
  private static let prefix = "optimizer."

  private struct Saved: Codable {
    var progress: Progress
    var optimizerSteps: Int
    var optimizerMemory: [String]
    /// Names of single numbers, and the numbers: no key may be changed by the case of its letters.
    var optimizerNumberNames: [String], optimizerNumbers: [Double]
  }

  /// Creates a state from its parts.
  public init(checkpoint: Checkpoint, optimizer: OptimizerState, progress: Progress) {
    self.checkpoint = checkpoint
    self.optimizer = optimizer
    self.progress = progress
  }

  /// Writes the state, whole or not at all.
  ///
  /// - Parameter memoryNames: Those of the optimizer.
  /// - Throws: `FileError` when the file cannot be written.
  public func write(to path: String, memoryNames: [String]) throws(FileError) {
    var file = checkpoint.safeTensors
    for (name, vector) in zip(memoryNames, optimizer.memory) {
      file.tensors.append(
        .init(name: Self.prefix + name, shape: [vector.count], values: vector))
    }
    let numbers = optimizer.numbers.sorted { $0.key < $1.key }
    file.metadata[Self.metadataKey] = jsonText(
      Saved(
        progress: progress, optimizerSteps: optimizer.stepCount, optimizerMemory: memoryNames,
        optimizerNumberNames: numbers.map(\.key), optimizerNumbers: numbers.map(\.value)))
    try file.write(to: path)
  }

  /// Reads a state.
  ///
  /// - Parameter optimizer: The one that will go on.
  /// - Throws: `CheckpointError` when the file is damaged or belongs to another optimizer.
  public init(contentsOf path: String, optimizer: OptimizerChoice) throws(CheckpointError) {
    let file = try SafeTensors(contentsOf: path)
    let (checkpoint, extra) = try Checkpoint.read(file, path, extraPrefix: Self.prefix)
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
    self.optimizer = OptimizerState(
      stepCount: saved.optimizerSteps, memory: memory,
      numbers: Dictionary(zip(saved.optimizerNumberNames, saved.optimizerNumbers)) { $1 })
    progress = saved.progress
  }
}
