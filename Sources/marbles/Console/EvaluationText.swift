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
      line("loss", evaluation.loss.digits(4), "\(report.objective)"),
    ] + seen(report) + absent(evaluation)
  }

  private static func line(_ name: String, _ value: String, _ note: String) -> String {
    "\(name.left(10))\(value)   (\(note))"
  }

  private static func interval(_ interval: ClosedRange<Double>) -> String {
    "95% interval \(interval.lowerBound.percentage()) to \(interval.upperBound.percentage())"
  }

  private static func seen(_ report: EvaluationReport) -> [String] {
    var lines: [String] = []
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
