/// One training of a comparison, which has ended.
public struct ComparisonTrial: Codable, Sendable {
  /// What a training is for.
  public enum Phase: String, Codable, Sendable {
    /// To find a rate.
    case search
    /// To be compared.
    case final
  }

  /// What a curve is drawn over, and how long a training is.
  public enum Place: String, Codable, Sendable { case steps, seconds }

  /// The number of its optimizer in the plan, from 0.
  public let optimizer: Int
  public let phase: Phase
  /// The highest learning rate, and the seed.
  public let rate: Float, seed: UInt64
  /// The run.
  public let directory: RunDirectory
  /// The rows of `metrics.csv`; row 0 is the network before training.
  public let epochs: [EpochRecord]
  /// How it diverged; nil if it did not.
  public let divergence: Divergence?
  /// Whether it was already there.
  public let isKept: Bool

  /// Whether training diverged.
  public var isFailed: Bool { divergence != nil }

  /// The epochs that were validated.
  private var validated: [EpochRecord] { epochs.filter { $0.validationLoss != nil } }

  /// The validation loss at the end; nil if training diverged.
  public var finalLoss: Double? { isFailed ? nil : validated.last?.validationLoss }
  /// The validation accuracy at the end, 0…1; nil if training diverged.
  public var finalAccuracy: Double? { isFailed ? nil : validated.last?.validationAccuracy }
  /// The lowest validation loss, and the highest accuracy, after any epoch.
  public var bestLoss: Double? { trained.compactMap(\.validationLoss).min() }
  /// The highest validation accuracy after any epoch, 0…1.
  public var bestAccuracy: Double? { trained.compactMap(\.validationAccuracy).max() }
  private var trained: [EpochRecord] { validated.filter { $0.epoch > 0 } }

  /// Steps taken, and seconds that they took, validation included.
  public var steps: Int { epochs.last?.step ?? 0 }
  /// Seconds of training, validation included.
  public var seconds: Double { epochs.last?.seconds ?? 0 }

  /// The validation loss on the way, from before the first step on.
  public func losses(over place: Place) -> [CurvePoint] { curve(over: place, \.validationLoss) }

  /// The validation accuracy on the way, 0…1, from before the first step on.
  public func accuracies(over place: Place) -> [CurvePoint] {
    curve(over: place, \.validationAccuracy)
  }

  private func curve(
    over place: Place, _ quantity: (EpochRecord) -> Double?
  ) -> [CurvePoint] {
    validated.compactMap { row in
      guard let value = quantity(row), value.isFinite else { return nil }
      return CurvePoint(x: place == .steps ? Double(row.step) : row.seconds, y: value)
    }
  }

  /// The mean height of the curve of the validation loss: its area divided by its length.
  public func meanLoss(over place: Place) -> Double? {
    let points = losses(over: place)
    guard let first = points.first, let last = points.last, last.x > first.x, !isFailed else {
      return nil
    }
    let area = zip(points, points.dropFirst()).reduce(0) {
      $0 + ($1.1.x - $1.0.x) * ($1.0.y + $1.1.y) / 2
    }
    return area / (last.x - first.x)
  }

  /// The first validation that reached an accuracy; nil if none did.
  public func reaching(_ accuracy: Double) -> EpochRecord? {
    isFailed ? nil : validated.first { $0.validationAccuracy ?? 0 >= accuracy }
  }
}

/// A place on a curve.
public struct CurvePoint: Equatable, Sendable {
  public var x: Double, y: Double

  /// Creates a place.
  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// Several curves as one: at each place their mean and their range.
public struct CurveBand: Equatable, Sendable {
  public let mean: [CurvePoint], lowest: [CurvePoint], highest: [CurvePoint]

  /// Joins curves at all their places that each of them covers; between two of its points, a curve
  /// is straight.
  public init(_ curves: [[CurvePoint]]) {
    let curves = curves.filter { !$0.isEmpty }
    let start = curves.compactMap { $0.first?.x }.max() ?? 0
    let end = curves.compactMap { $0.last?.x }.min() ?? 0
    let places = Set(curves.flatMap(\.self).map(\.x)).filter { $0 >= start && $0 <= end }.sorted()
    let columns = places.map { place in curves.map { Self.height(of: $0, at: place) } }
    func points(_ height: ([Double]) -> Double) -> [CurvePoint] {
      zip(places, columns).map { CurvePoint(x: $0, y: height($1)) }
    }
    mean = points { $0.reduce(0, +) / Double($0.count) }
    lowest = points { $0.min() ?? .nan }
    highest = points { $0.max() ?? .nan }
  }

  private static func height(of curve: [CurvePoint], at place: Double) -> Double {
    guard let next = curve.firstIndex(where: { $0.x >= place }) else { return .nan }
    let after = curve[next]
    guard next > 0, after.x > place else { return after.y }
    let before = curve[next - 1]
    return before.y + (after.y - before.y) * (place - before.x) / (after.x - before.x)
  }
}
