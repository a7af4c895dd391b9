/// What a schedule that waits for the validation loss remembers.
///
/// Semantics of PyTorch's `ReduceLROnPlateau` with a relative threshold.
public struct PlateauState: Codable, Hashable, Sendable {
  /// The rate as a part of the peak.
  public private(set) var scale = 1.0
  /// The lowest loss so far; nil before the first.
  private var best: Double?
  /// Epochs without improvement, and epochs that do not count yet.
  private var waited = 0, cooldown = 0

  /// The state before the first epoch.
  public init() {}

  /// Takes note of the loss after an epoch.
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

  init(_ choice: Choice) {
    factor = choice["factor"]
    patience = Int(choice["patience"])
    threshold = choice["threshold"]
    cooldown = Int(choice["cooldown"])
    lowest = choice["lowest"]
  }
}
