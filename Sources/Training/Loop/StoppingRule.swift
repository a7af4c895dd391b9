/// Decides when a run stops.
///
/// Rules are asked after every step and after every epoch, in the order given; the first one that
/// stops decides how.
public protocol StoppingRule {
  /// How to stop now; nil to continue.
  ///
  /// - Parameter progress: The place in the run; `isBetweenEpochs` after an epoch was evaluated.
  func decision(at progress: TrainingState.Progress) -> StopDecision?
}

/// How a run stops.
public enum StopDecision: Equatable, Sendable {
  /// The run is complete: the best checkpoint is tested.
  case finish
  /// The run pauses: everything is saved, so that it can be resumed.
  case interrupt
}

/// Finishes after a number of epochs.
public struct EpochLimit: StoppingRule, Sendable {
  /// Epochs of the whole run.
  public var epochs: Int

  /// Creates a rule.
  public init(_ epochs: Int) { self.epochs = epochs }

  public func decision(at progress: TrainingState.Progress) -> StopDecision? {
    progress.isBetweenEpochs && progress.epoch >= epochs ? .finish : nil
  }
}

/// Finishes after a number of epochs without a lower validation loss.
public struct Patience: StoppingRule, Sendable {
  /// Epochs to wait for a lower loss.
  public var epochs: Int

  /// Creates a rule.
  public init(_ epochs: Int) { self.epochs = epochs }

  public func decision(at progress: TrainingState.Progress) -> StopDecision? {
    progress.isBetweenEpochs && progress.epoch - (progress.bestEpoch ?? 0) >= epochs
      ? .finish : nil
  }
}

/// Interrupts the run on request, as by Ctrl-C.
public struct StopRequest: StoppingRule {
  private let isRequested: () -> Bool

  /// Creates a rule.
  ///
  /// - Parameter isRequested: Called after every step; must return at once.
  public init(when isRequested: @escaping () -> Bool) { self.isRequested = isRequested }

  public func decision(at progress: TrainingState.Progress) -> StopDecision? {
    isRequested() ? .interrupt : nil
  }
}
