public import Optimization

/// What an interrupted run continues from.
public struct ResumePoint: Sendable {
  /// Network, optimizer and place in the run, as last saved.
  public var state: TrainingState
  /// The network with the lowest validation loss so far; nil before the first epoch was evaluated.
  public var best: Checkpoint?

  /// Creates a point from its parts.
  public init(state: TrainingState, best: Checkpoint?) {
    self.state = state
    self.best = best
  }

  /// Reads what a run has saved.
  ///
  /// - Parameters:
  ///   - optimizer: The optimizer that continues.
  ///   - catalogues: Where layers and objective are looked up.
  /// - Throws: `CheckpointError` if a file is missing, damaged or belongs to another optimizer.
  public init(
    contentsOf run: RunDirectory, optimizer: OptimizerChoice, catalogues: Catalogues = .standard
  ) throws(CheckpointError) {
    state = try TrainingState(
      contentsOf: run.state, optimizer: optimizer, catalogues: catalogues)
    best = try state.progress.bestEpoch.map { _ throws(CheckpointError) in
      try Checkpoint(contentsOf: run.bestCheckpoint, catalogues: catalogues)
    }
  }
}
