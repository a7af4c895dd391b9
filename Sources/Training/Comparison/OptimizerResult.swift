public import Optimization

/// What a comparison has found of one optimizer.
public struct OptimizerResult: Sendable {
  /// The optimizer.
  public let optimizer: OptimizerChoice
  /// How its rate was found.
  public let search: RateSearch
  /// The trainings of the search, and those at the rate that was found: none if every rate of the
  /// search diverged.
  public let searches: [ComparisonTrial], finals: [ComparisonTrial]

  /// The rate that was found; nil if training diverged at every one.
  public var rate: Float? { search.best?.rate }
  /// The trainings to compare: those that did not diverge.
  public var compared: [ComparisonTrial] { finals.filter { !$0.isFailed } }

  /// The mean of something over the trainings to compare, as far as they have it.
  public func mean(_ quantity: (ComparisonTrial) -> Double?) -> Double? {
    let values = compared.compactMap(quantity)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// Validation losses on the way.
  public func losses(over place: ComparisonTrial.Place) -> CurveBand {
    CurveBand(compared.map { $0.losses(over: place) })
  }

  /// Validation accuracies on the way, 0…1.
  public func accuracies(over place: ComparisonTrial.Place) -> CurveBand {
    CurveBand(compared.map { $0.accuracies(over: place) })
  }

  /// Steps and seconds until an accuracy was reached on the validation images, on average, and how
  /// many of the trainings reached it; nil if none did.
  public func reaching(_ accuracy: Double) -> (steps: Double, seconds: Double, count: Int)? {
    let rows = compared.compactMap { $0.reaching(accuracy) }
    guard !rows.isEmpty else { return nil }
    let count = Double(rows.count)
    return (
      rows.reduce(0) { $0 + Double($1.step) } / count, rows.reduce(0) { $0 + $1.seconds } / count,
      rows.count
    )
  }
}

extension [OptimizerResult] {
  /// The validation accuracy that the worst optimizer reaches, as the mean of its trainings, 0…1;
  /// nil if nothing is compared.
  public var commonAccuracy: Double? { compactMap { $0.mean(\.bestAccuracy) }.min() }
}
