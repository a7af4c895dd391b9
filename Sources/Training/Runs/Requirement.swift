internal import Support

/// What the result of a run is required to reach, such as `test_accuracy>=0.9`.
public struct Requirement: Hashable, Sendable, CustomStringConvertible {
  /// What is measured, of the best checkpoint.
  public enum Quantity: String, CaseIterable, Sendable {
    case validationAccuracy = "validation_accuracy", validationLoss = "validation_loss"
    case testAccuracy = "test_accuracy", testLoss = "test_loss"

    /// Whether validation images are needed to measure it; test images otherwise.
    public var needsValidation: Bool { self == .validationAccuracy || self == .validationLoss }
  }

  /// Which side of the limit is good.
  public enum Relation: String, CaseIterable, Sendable { case atLeast = ">=", atMost = "<=" }

  /// What is measured.
  public let quantity: Quantity
  /// Which side of the limit is good.
  public let relation: Relation
  /// The limit; an accuracy is a fraction, 0…1.
  public let limit: Double

  /// Reads a requirement: a quantity, `>=` or `<=`, and a finite number.
  ///
  /// - Returns: Nil for any other text.
  public init?(_ text: String) {
    for relation in Relation.allCases {
      let parts = text.split(separator: relation.rawValue, omittingEmptySubsequences: false)
        .map { $0.filter { $0 != " " } }
      guard parts.count == 2 else { continue }
      guard let quantity = Quantity(rawValue: parts[0]), let limit = Double(parts[1]),
        limit.isFinite
      else { return nil }
      (self.quantity, self.relation, self.limit) = (quantity, relation, limit)
      return
    }
    return nil
  }

  public var description: String { "\(quantity.rawValue)\(relation.rawValue)\(limit.text)" }

  /// The measured value; nil if there were no images for it.
  public func value(in result: RunRecord.Result) -> Double? {
    switch quantity {
    case .validationAccuracy: result.validationAccuracy
    case .validationLoss: result.validationLoss
    case .testAccuracy: result.testAccuracy
    case .testLoss: result.testLoss
    }
  }

  /// Whether a result reaches it; what was not measured does not.
  public func isMet(by result: RunRecord.Result) -> Bool {
    value(in: result).map { isMet(by: $0) } ?? false
  }

  private func isMet(by value: Double) -> Bool {
    relation == .atLeast ? value >= limit : value <= limit
  }

  /// A result that does not reach it, in few digits, or in all where few would look as if it did.
  package func missing(_ result: RunRecord.Result) -> String {
    guard let value = value(in: result) else { return "not measured" }
    return Double(value.short).map { isMet(by: $0) } ?? true ? value.text : value.short
  }
}
