internal import Support

/// How often a run is saved inside an epoch, besides at its end: what a crash costs at most.
public enum SavingInterval: Hashable, Sendable {
  /// Every minute, and less often where saving takes more than a hundredth of the time.
  case automatic
  /// After this time, at least 0; after every step for 0.
  case every(Duration)
  /// Only at the end of epochs.
  case epochs
}

/// Tells when a run is to be saved inside an epoch.
struct SavingClock {
  private let interval: SavingInterval
  private var lastEnd = ContinuousClock.now
  private var lastCost = Duration.zero

  /// Creates a clock that starts now.
  init(_ interval: SavingInterval) { self.interval = interval }

  /// Whether the interval since the last save is over.
  var isDue: Bool {
    let elapsed = ContinuousClock.now - lastEnd
    return switch interval {
    case .automatic: elapsed >= max(.seconds(60), lastCost * 99)
    case .every(let duration): elapsed >= duration
    case .epochs: false
    }
  }

  /// Saves, and measures how long that takes.
  mutating func measure(_ save: () throws -> Void) rethrows {
    let start = ContinuousClock.now
    try save()
    lastEnd = .now
    lastCost = lastEnd - start
  }
}
