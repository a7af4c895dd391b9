/// The horizontal axis of training curves.
public enum HorizontalAxis: String, CaseIterable, Sendable {
  /// Passes over the training images.
  case epoch
  /// Updates by the optimizer.
  case step
  /// Time since the start of training.
  case time
}

/// The place of each epoch on a horizontal axis, interpolated between known places.
struct EpochPlaces {
  private let known: [(epoch: Double, place: Double)]

  /// Returns `nil` if the run did not measure what the axis shows.
  init?(_ curve: TrainingCurve, on axis: HorizontalAxis) {
    var known: [(epoch: Double, place: Double)]
    switch axis {
    case .epoch: known = [(0, 0), (1, 1)]
    case .step: known = curve.steps.map { ($0.epoch, Double($0.step)) }
    case .time: known = curve.epochs.compactMap { row in row.seconds.map { (row.epoch, $0) } }
    }
    known.removeAll { !$0.epoch.isFinite || !$0.place.isFinite }
    guard !known.isEmpty else { return nil }
    if let first = known.first, first.epoch > 0 { known.insert((0, 0), at: 0) }
    self.known = known
  }

  /// The place of an epoch; beyond the known ones, extrapolated from the nearest two.
  func place(of epoch: Double) -> Double {
    guard let first = known.first, known.count > 1 else { return known.first?.place ?? epoch }
    var low = 0
    var high = known.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if known[middle].epoch <= epoch { low = middle } else { high = middle }
    }
    let (a, b) = (known[low], known[high])
    guard b.epoch > a.epoch else { return a.place }
    return max(first.place, a.place + (epoch - a.epoch) / (b.epoch - a.epoch) * (b.place - a.place))
  }
}

/// The most readable unit for a length of time.
struct TimeUnit {
  let name: String
  let seconds: Double

  init(fitting seconds: Double) {
    (name, self.seconds) =
      seconds > 3 * 3600 ? ("hours", 3600) : seconds > 180 ? ("minutes", 60) : ("seconds", 1)
  }
}
