import Statistics
import Support
import Training

/// What is measured of a checkpoint, in words and tables of at most 80 columns.
enum EvaluationText {
  static func text(_ report: EvaluationReport) -> String {
    let tables =
      [EvaluationTable.text(report.evaluation)]
      + (report.slices.map { [SliceTable.text($0, of: report.evaluation)] } ?? [])
    return ([lines(report).joined(separator: "\n")] + tables).joined(separator: "\n\n")
  }

  private static func lines(_ report: EvaluationReport) -> [String] {
    let evaluation = report.evaluation
    return [
      "\(evaluation.count.counted("image")) of \(report.source.printable)",
      line(
        "accuracy", evaluation.accuracy.percentage(), interval(evaluation.accuracyInterval)),
      line(
        "balanced", evaluation.balancedAccuracy.percentage(),
        "mean recall; always the largest class: \(evaluation.majorityAccuracy.percentage())"),
    ] + top(report) + [
      line("loss", evaluation.loss.digits(4), "\(report.objective)")
    ] + ranking(report) + calibration(report) + answers(report) + seen(report)
      + absent(evaluation)
  }

  private static func line(_ name: String, _ value: String, _ note: String) -> String {
    "\(name.left(10))\(value)   (\(note))"
  }

  private static func interval(_ interval: ClosedRange<Double>) -> String {
    "95% interval \(interval.lowerBound.percentage()) to \(interval.upperBound.percentage())"
  }

  private static func top(_ report: EvaluationReport) -> [String] {
    guard let fraction = report.top?.fraction else { return [] }
    let count = EvaluationReport.topCount
    return [
      line(
        "top \(count)", fraction.percentage(),
        "the label is among the \(count) most probable of \(report.classes.count) classes")
    ]
  }

  private static func ranking(_ report: EvaluationReport) -> [String] {
    func area(
      _ name: String, _ value: Double?, _ interval: ClosedRange<Double>?, _ note: String
    )
      -> String
    {
      guard let value, let interval else {
        return line(name, "–", "\(note)needs images of two classes")
      }
      return line(
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

  private static func calibration(_ report: EvaluationReport) -> [String] {
    guard let calibration = report.calibration, let brier = report.probabilities.brierScore,
      let frequencies = report.probabilities.brierScoreOfFrequencies
    else { return [] }
    let accuracy = (calibration.proportion.fraction ?? 0).percentage()
    let verdict =
      calibration.verdict == .fitting
      ? "as often as it says, but for chance" : "it is \(calibration.verdict.rawValue)"
    return [
      line(
        "Brier", brier.digits(4),
        "0 is best; always the classes' own frequencies: \(frequencies.digits(4))"),
      line("says", calibration.confidence.percentage(), "and is right in \(accuracy): \(verdict)"),
      line(
        "ECE", calibration.error.percentage(),
        "calibration error; without what chance adds: "
          + calibration.debiasedError.percentage()),
    ]
  }

  private static func answers(_ report: EvaluationReport) -> [String] {
    guard let answers = report.answers else { return [] }
    let right = Proportion(hits: answers.answeredRight, of: answers.answered).fraction
    return [
      line(
        "answers", (Double(answers.answered) / Double(answers.images)).percentage(),
        "\(answers.unsure.grouped) unsure, \(answers.none.grouped) none of these; right in "
          + "\(right?.percentage() ?? "none") of its answers")
    ]
  }

  private static func seen(_ report: EvaluationReport) -> [String] {
    var lines: [String] = []
    if report.trainedOn == nil, report.part == nil {
      lines.append("seen      not known, for the checkpoint is in no run")
    }
    if let trainedOn = report.trainedOn, let validatedOn = report.validatedOn,
      trainedOn + validatedOn > 0
    {
      lines.append(
        "seen      \(trainedOn.grouped) trained on, \(validatedOn.grouped) used for validation "
          + "(the same bytes)")
    }
    if let unseen = report.unseen {
      lines.append(
        "unseen    \(unseen.accuracy.percentage()) of \(unseen.count.counted("other image"))   "
          + "(\(interval(unseen.accuracyInterval)))")
    }
    return lines
  }

  private static func absent(_ evaluation: Evaluation) -> [String] {
    let absent = evaluation.absentClasses
    guard !absent.isEmpty else { return [] }
    return [
      "absent    no image of "
        + absent.map(\.printable).joined(separator: ", ") + ": nothing is known "
        + "about \(absent.count == 1 ? "it" : "them")"
    ]
  }
}
