internal import Foundation
internal import Support

extension TrainingFigure {
  /// Says what is shown, unless another title was given.
  public var title: String {
    get { givenTitle ?? usualTitle }
    set { givenTitle = newValue }
  }

  private var usualTitle: String {
    switch (quantity, runs.count) {
    case (.learningRate, 0...1): "Learning rate"
    case (.learningRate, let count): "Learning rate of \(count) runs"
    case (_, 0...1): "Training and validation \(quantity)"
    case (_, let count): "Validation \(quantity) of \(count) runs"
    }
  }

  /// The name of a single run unless the footer has it, what the marks are, and under which
  /// conditions training was measured.
  var subtitle: String {
    var parts = runs.count == 1 && !footer.contains(runs[0].curve.name) ? [runs[0].curve.name] : []
    if runs.isEmpty { parts.append("nothing was measured") }
    if quantity != .learningRate {
      if runs.count == 1, halfLife != nil { parts.append("dots: \(dots(of: runs[0]))") }
      if let marked = runs.first(where: { $0.best != nil }) {
        parts.append(marked.curve.keepsLast ? "ring: epoch that is kept" : "ring: best epoch")
      }
      parts.append(trainingWords)
    }
    return parts.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  /// How the lines of training were smoothed, and what they were measured with that validation
  /// was not.
  private var trainingWords: String {
    guard (1...Self.runsWithTraining).contains(runs.count) else { return "" }
    let conditions = runs[0].curve.trainingConditions
    let isShared = runs.allSatisfy { $0.curve.trainingConditions == conditions }
    let words =
      (halfLife.map { ["half-life of \(steps($0))"] } ?? [])
      + (isShared && !conditions.isEmpty ? ["with " + conditions.joined(separator: ", ")] : [])
    if runs.count == 1, words.isEmpty { return "" }
    return ([runs.count == 1 ? "line: training" : "thin lines: training"] + words)
      .joined(separator: ", ")
  }

  /// What the dots are: steps, or where there are too many, the extremes of some of them.
  private func dots(of run: PlottedRun) -> String {
    let width = run.curve.steps.map(\.count).max() ?? 1
    return width == 1
      ? "single steps" : "extremes of \(steps(Double(width)))"
  }

  private func steps(_ count: Double) -> String {
    let text = Int(exactly: count) == nil ? "\(count)" : count.decimal(0)
    return count == 1 ? "1 step" : "\(text) steps"
  }

  /// The facts that all runs share, in their order.
  var footer: String {
    let facts = runs.map { $0.curve.notes.components(separatedBy: " · ") }
    let shared = (facts.first ?? []).filter { fact in facts.allSatisfy { $0.contains(fact) } }
    return shared.joined(separator: " · ")
  }

  /// The number of classes, if it is the same in all runs.
  private var classCount: Int? {
    let counts = Set(runs.map(\.curve.classCount))
    return counts.count == 1 ? counts.first : nil
  }

  /// Loss of a classifier that gives every class the same probability, or accuracy of one that
  /// always gives the largest.
  var guessing: Double? {
    guard let classCount else { return nil }
    return switch quantity {
    case .loss: guessingLoss
    case .accuracy: majority ?? (isLopsided ? nil : 1 / Double(classCount))
    case .learningRate: nil
    }
  }

  /// The accuracy of always giving the largest class, if it is the same in all runs.
  private var majority: Double? {
    let majorities = Set(runs.map(\.curve.majorityAccuracy))
    return majorities.count == 1 ? majorities.first ?? nil : nil
  }

  private var isLopsided: Bool { runs.contains { $0.curve.majorityAccuracy != nil } }

  /// The loss of guessing, if it is the same in all runs.
  private var guessingLoss: Double? {
    let losses = Set(runs.map { $0.curve.guessingLoss ?? log(Double($0.curve.classCount)) })
    return losses.count == 1 ? losses.first : nil
  }

  var guessingMark: [any Mark] {
    guard let guessing, let classCount else { return [] }
    let name =
      quantity == .accuracy && isLopsided
      ? "always the largest class" : classCount == 2 ? "coin flip" : "guessing"
    let isWhole = quantity == .accuracy && guessing * 100 == (guessing * 100).rounded()
    let value =
      quantity == .loss
      ? (runs.allSatisfy { $0.curve.guessingLoss == nil } ? "ln \(classCount) = " : "")
        + text(guessing)
      : NumberFormat.percent.labels(of: [guessing]) { _ in isWhole ? 2 : 3 }.joined()
    return [.reference(guessing, label: "\(name) \(value)")]
  }

  func text(_ value: Double) -> String {
    (quantity == .accuracy ? NumberFormat.percent : .plain).text(value)
  }

  /// An epoch without unnecessary decimals.
  func epochText(_ epoch: Double) -> String {
    Int(exactly: epoch).map { "epoch \($0)" } ?? String(format: "epoch %.1f", epoch)
  }
}
