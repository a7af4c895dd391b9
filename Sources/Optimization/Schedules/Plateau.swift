/// The state of a schedule that depends on the validation loss.
///
/// Semantics are those of PyTorch's `ReduceLROnPlateau` with a relative threshold.
public struct PlateauState: Codable, Hashable, Sendable {
  /// The rate as a fraction of the peak.
  public private(set) var scale = 1.0
  /// The lowest loss so far; nil before the first.
  private var best: Double?
  /// Epochs without improvement, and epochs that do not count yet.
  private var waited = 0, cooldown = 0

  /// The state before the first epoch.
  public init() {}

  /// Whether everything is in its range; what was read from a file may not be.
  package var isUsable: Bool {
    (0...1).contains(scale) && best?.isNaN != true && (0...1_000_000).contains(waited)
      && (0...1_000_000).contains(cooldown)
  }

  /// Records the loss after an epoch.
  mutating func add(_ loss: Double, _ rule: PlateauRule) {
    if loss < best.map({ $0 * (1 - rule.threshold) }) ?? .infinity {
      best = loss
      waited = 0
    } else {
      waited += 1
    }
    if cooldown > 0 {
      cooldown -= 1
      waited = 0
    }
    if waited > rule.patience {
      scale = max(scale * rule.factor, rule.lowest)
      cooldown = rule.cooldown
      waited = 0
    }
  }
}

/// When the rate drops, and by how much.
struct PlateauRule: Hashable, Sendable {
  var factor: Double, patience: Int, threshold: Double, cooldown: Int, lowest: Double

  init(_ values: ChoiceValues) {
    factor = values["factor"]
    patience = values.count("patience")
    threshold = values["threshold"]
    cooldown = values.count("cooldown")
    lowest = values["lowest"]
  }
}

extension ScheduleEntry {
  static let plateau = ScheduleEntry(
    "plateau", "a drop whenever the validation loss has stopped falling",
    [
      .factor(0.1),
      ChoiceParameter("patience", .count(0...10000), [3], "epochs without improvement to allow"),
      ChoiceParameter("threshold", 1e-4, in: 0...1, "fraction the loss must fall by to count"),
      ChoiceParameter("cooldown", .count(0...10000), [0], "epochs that do not count after a drop"),
      ChoiceParameter("lowest", 0, in: 0...1, "lowest rate, as a fraction of the peak"),
    ], plateauRule: { PlateauRule($0) }
  ) { _ in { $0.plateau.scale } }
}
