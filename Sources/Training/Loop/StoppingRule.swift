internal import Support

/// Decides when a run stops.
///
/// Rules are asked after every step, after every epoch and when a run is resumed, in the order
/// given; the first one that stops decides how.
public protocol StoppingRule {
  /// How to stop now; nil to continue.
  ///
  /// - Parameter progress: The place in the run; `isBetweenEpochs` after an epoch was evaluated.
  func decision(at progress: TrainingState.Progress) -> StopDecision?

  /// Why it stops.
  var reason: String { get }
}

extension StoppingRule {
  public var reason: String { "a stopping rule was met" }
}

extension [any StoppingRule] {
  /// The first rule that stops now, and how.
  func decision(
    at progress: TrainingState.Progress
  ) -> (rule: any StoppingRule, decision: StopDecision)? {
    for rule in self {
      if let decision = rule.decision(at: progress) { return (rule, decision) }
    }
    return nil
  }
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

  public var reason: String {
    "it has completed all its \(epochs) epochs (--epochs \(epochs))"
  }
}

/// Finishes when the time of a budgeted run is over.
public struct TimeLimit: StoppingRule, Sendable {
  /// Seconds of the whole run.
  public var seconds: Double

  /// Creates a rule.
  public init(seconds: Double) { self.seconds = seconds }

  public func decision(at progress: TrainingState.Progress) -> StopDecision? {
    Course.isOver(progress) ? .finish : nil
  }

  public var reason: String { "its \(seconds.text) seconds are over (--budget)" }
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

  public var reason: String {
    "no lower validation loss for \(epochs) \(epochs == 1 ? "epoch" : "epochs") "
      + "(--patience \(epochs))"
  }
}

/// Finishes after the first epoch with a certain validation accuracy.
public struct TargetAccuracy: StoppingRule, Sendable {
  /// Fraction of the validation images, above 0 to 1.
  public var accuracy: Double

  /// Creates a rule.
  public init(_ accuracy: Double) { self.accuracy = accuracy }

  public func decision(at progress: TrainingState.Progress) -> StopDecision? {
    guard progress.isBetweenEpochs, let reached = progress.validationAccuracy else { return nil }
    return reached >= accuracy ? .finish : nil
  }

  public var reason: String {
    "the validation accuracy has reached \(accuracy.percentage()) (--target-accuracy \(accuracy))"
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
