import Support
import Training

/// Confusion and scores as a table: a row for each label, a column for each prediction.
enum EvaluationTable {
  /// More classes than this would not fit on a line; the scores still do.
  private static let columnLimit = 8

  static func text(_ evaluation: Evaluation) -> String {
    let names = evaluation.classes.map { $0.fitted(12) }
    let first = max(8, names.map(\.count).max() ?? 0)
    let showsConfusion = names.count <= columnLimit
    var lines: [String] = []
    let called = showsConfusion ? names.map { $0.right(max(9, $0.count + 1)) } : []
    if showsConfusion {
      lines.append(
        "label".left(first + 1)
          + "predicted".right(called.reduce(called.count - 1) { $0 + $1.count }))
    }
    lines.append(
      ([String(repeating: " ", count: first)] + called
        + ["precision", "recall", "F1"].map { $0.right(10) })
        .joined(separator: " "))
    for (index, score) in evaluation.scores.enumerated() {
      let counts =
        showsConfusion
        ? zip(evaluation.confusion[index], called).map { $0.grouped.right($1.count) } : []
      let parts = [score.precision, score.recall, score.f1].map {
        ($0.map { $0.percentage() } ?? "–").right(10)
      }
      lines.append(([names[index].left(first)] + counts + parts).joined(separator: " "))
    }
    return lines.joined(separator: "\n")
  }
}
