internal import Foundation
internal import Optimization
internal import Statistics
internal import Support
internal import Training

/// What a training has measured so far.
struct PracticeCurve: Encodable {
  struct Epoch: Encodable {
    var epoch: Int, step: Int
    /// Of all images for validation.
    var loss: Double?, accuracy: Double?

    init(_ record: EpochRecord) {
      (epoch, step) = (record.epoch, record.step)
      (loss, accuracy) = (record.validationLoss, record.validationAccuracy)
    }
  }

  /// The step, and the loss of its batch.
  var steps: [[Double]] = []
  /// The untrained network, and then each epoch.
  var epochs: [Epoch] = []
  /// The epoch of the network that `marbles train` would keep, as an index; nil before the first.
  var best: Int?

  /// That epoch.
  var kept: Epoch? { best.map { epochs[$0] } }
}

/// How a training on the practice set goes.
struct PracticeProgress: Encodable {
  /// How it ended.
  enum Ending { case finished, diverged(Divergence), stopped(String), failed(String) }

  /// What is to be said of an objective.
  enum Outcome: String, Encodable { case learns, doesNotLearn = "does not learn", fails, stopped }

  /// The number of the training, from 1.
  var training: Int
  var objective: ObjectiveChoice
  var isRunning = false
  var own = PracticeCurve(), yardstick = PracticeCurve()
  /// Of the training with the objective itself; nil while it runs.
  var ending: Ending?

  init(training: Int, objective: ObjectiveChoice) {
    (self.training, self.objective) = (training, objective)
  }

  private enum Field: String, CodingKey {
    case training, objective, isRunning, own, yardstick, outcome, words, epochs, images
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Field.self)
    try container.encode(training, forKey: .training)
    try container.encode(objective, forKey: .objective)
    try container.encode(isRunning, forKey: .isRunning)
    try container.encode(own, forKey: .own)
    try container.encode(yardstick, forKey: .yardstick)
    try container.encode(PracticeSet.epochs, forKey: .epochs)
    try container.encode(Self.validationCount, forKey: .images)
    try container.encodeIfPresent(outcome, forKey: .outcome)
    try container.encode(words, forKey: .words)
  }

  // MARK: Words

  /// Images that are not trained on.
  static let validationCount = Int(Double(PracticeSet.imageCount) * PracticeSet.validationSplit)

  /// Nil while it trains.
  var outcome: Outcome? {
    switch ending {
    case nil: nil
    case .diverged, .failed: .fails
    case .stopped: .stopped
    case .finished: isAboveChance ? .learns : .doesNotLearn
    }
  }

  /// Whether guessing is outside the interval of the accuracy.
  private var isAboveChance: Bool {
    Self.proportion(own).map { $0.interval.lowerBound > 0.5 } ?? false
  }

  private static func proportion(_ curve: PracticeCurve) -> Proportion? {
    curve.kept?.accuracy.map {
      Proportion(hits: Int(($0 * Double(validationCount)).rounded()), of: validationCount)
    }
  }

  /// What there is to say, in a sentence or two.
  var words: String {
    let seen = own.kept.flatMap { kept in
      kept.accuracy.map {
        "\($0.percentage(decimals: 0)) of \(Self.validationCount) images that it has not seen are "
          + "right after epoch \(kept.epoch), whose loss of them is the lowest"
      }
    }
    switch ending {
    case nil:
      guard let epoch = own.epochs.last?.epoch else { return "The sketches are drawn." }
      return "It trains: epoch \(min(epoch + 1, PracticeSet.epochs)) of \(PracticeSet.epochs)."
    case .failed(let reason): return "It fails: \(reason)."
    case .stopped(let reason): return "It was stopped: \(reason)."
    case .diverged(var divergence):
      (divergence.files, divergence.gradientNorms, divergence.kept) = ([], [], nil)
      return "It fails: \(divergence)."
    case .finished:
      guard let seen, let proportion = Self.proportion(own) else { return "It has no result." }
      let (low, high) = (proportion.interval.lowerBound, proportion.interval.upperBound)
      let interval =
        "the 95% interval is \(low.percentage(decimals: 0)) to \(high.percentage(decimals: 0))"
      return isAboveChance
        ? "It learns: \(seen); \(interval), and guessing gets half. \(comparison)"
        : "It does not learn: \(seen); \(interval), so it may as well guess. \(lossWords)"
          + comparison
    }
  }

  /// Whether the loss itself fell.
  private var lossWords: String {
    guard let first = own.epochs.first?.loss, let last = own.kept?.loss else { return "" }
    let change = "from \(first.short) to \(last.short)"
    return last < first
      ? "Its own loss fell \(change), but that is not what one wanted. "
      : "Its own loss did not fall: \(change). "
  }

  private var comparison: String {
    guard let accuracy = yardstick.kept?.accuracy,
      yardstick.epochs.last?.epoch == PracticeSet.epochs
    else { return "" }
    return "Cross-entropy gets \(accuracy.percentage(decimals: 0))."
  }
}
