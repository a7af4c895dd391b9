import Statistics
import Support
import Tensors
import Training

/// What is measured of a checkpoint, in words and tables of at most 80 columns.
enum EvaluationText {
  /// One quantity: its name, its value and what is to be known of it.
  struct Fact {
    let name: String, value: String, note: String

    fileprivate init(_ name: String, _ value: String, _ note: String = "") {
      self.name = name
      self.value = value
      self.note = note
    }

    fileprivate var line: String {
      name.left(10) + value + (note.isEmpty ? "" : "   (\(note))")
    }
  }

  static func text(_ report: EvaluationReport) -> String {
    let tables =
      [EvaluationTable.text(report.evaluation)]
      + (report.slices.map { [SliceTable.text($0, of: report.evaluation)] } ?? [])
    var head =
      "\(report.evaluation.count.counted("image")) of \(report.source.printable)"
      + (report.averagesMirrored ? ",\neach averaged with its mirror image" : "")
    if report.precision != .float32 { head += ",\nmeasured in \(report.precision.rawValue)" }
    let lines = [head] + facts(report).map(\.line)
    return ([lines.joined(separator: "\n")] + tables).joined(separator: "\n\n")
  }

  /// What is measured, in the order in which it is read.
  static func facts(_ report: EvaluationReport) -> [Fact] {
    let evaluation = report.evaluation
    return [
      Fact(
        "accuracy", evaluation.accuracy.percentage(), interval(evaluation.accuracyInterval)),
      Fact(
        "balanced", evaluation.balancedAccuracy.percentage(),
        "mean recall; always the largest class: \(evaluation.majorityAccuracy.percentage())"),
    ] + top(report) + [
      Fact("loss", evaluation.loss.digits(4), "\(report.objective)")
    ] + ranking(report) + calibration(report) + answers(report) + seen(report)
      + absent(evaluation)
  }

  private static func interval(_ interval: ClosedRange<Double>) -> String {
    "95% interval \(interval.lowerBound.percentage()) to \(interval.upperBound.percentage())"
  }

  private static func top(_ report: EvaluationReport) -> [Fact] {
    guard let fraction = report.top?.fraction else { return [] }
    let count = EvaluationReport.topCount
    return [
      Fact(
        "top \(count)", fraction.percentage(),
        "the label is among the \(count) most probable of \(report.classes.count) classes")
    ]
  }

  private static func ranking(_ report: EvaluationReport) -> [Fact] {
    func area(
      _ name: String, _ value: Double?, _ interval: ClosedRange<Double>?, _ note: String
    )
      -> Fact
    {
      guard let value, let interval else {
        return Fact(name, "–", "\(note)needs images of two classes")
      }
      return Fact(
        name, value.digits(4),
        "\(note)95% interval \(interval.lowerBound.digits(4)) to "
          + interval.upperBound.digits(4))
    }
    let ranking = report.ranking
    let count = ranking.roc.count { $0 != nil }
    return [
      area(
        "ROC AUC", ranking.rocArea, ranking.rocInterval,
        count > 2 ? "mean of \(count) classes; " : ""),
      area(
        "AP", ranking.averagePrecision, ranking.precisionInterval,
        "average precision\(count > 1 ? ", mean of \(count)" : ""); "),
    ]
  }

  private static func calibration(_ report: EvaluationReport) -> [Fact] {
    guard let calibration = report.calibration, let brier = report.probabilities.brierScore,
      let frequencies = report.probabilities.brierScoreOfFrequencies
    else { return [] }
    let accuracy = (calibration.proportion.fraction ?? 0).percentage()
    let verdict =
      calibration.verdict == .fitting
      ? "as often as it says, but for chance" : "it is \(calibration.verdict.rawValue)"
    return [
      Fact(
        "Brier", brier.digits(4),
        "0 is best; always the classes' own frequencies: \(frequencies.digits(4))"),
      Fact("says", calibration.confidence.percentage(), "and is right in \(accuracy): \(verdict)"),
      Fact(
        "ECE", calibration.error.percentage(),
        "calibration error; without what chance adds: "
          + calibration.debiasedError.percentage()),
    ]
  }

  private static func answers(_ report: EvaluationReport) -> [Fact] {
    guard let answers = report.answers else { return [] }
    let right = Proportion(hits: answers.answeredRight, of: answers.answered).fraction
    return [
      Fact(
        "answers", (Double(answers.answered) / Double(answers.images)).percentage(),
        "\(answers.unsure.grouped) unsure, \(answers.none.grouped) none of these; right in "
          + "\(right?.percentage() ?? "none") of its answers")
    ]
  }

  private static func seen(_ report: EvaluationReport) -> [Fact] {
    var facts: [Fact] = []
    if report.trainedOn == nil, report.part == nil {
      facts.append(Fact("seen", "not known: these may be images it was trained on"))
    }
    if let trainedOn = report.trainedOn, let validatedOn = report.validatedOn,
      trainedOn + validatedOn > 0
    {
      facts.append(
        Fact(
          "seen",
          "\(trainedOn.grouped) trained on, \(validatedOn.grouped) used for validation "
            + "(the same bytes)"))
    }
    if let unseen = report.unseen, let accuracy = unseen.fraction {
      facts.append(
        Fact(
          "unseen", "\(accuracy.percentage()) of \(unseen.count.counted("other image"))",
          interval(unseen.interval)))
    }
    return facts
  }

  private static func absent(_ evaluation: Evaluation) -> [Fact] {
    let absent = evaluation.absentClasses
    guard !absent.isEmpty else { return [] }
    return [
      Fact(
        "absent",
        "no image of \(absent.map(\.printable).joined(separator: ", ")): nothing is known about "
          + (absent.count == 1 ? "it" : "them"))
    ]
  }
}
