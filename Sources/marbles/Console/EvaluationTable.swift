import Support
import Training

/// Confusion and scores as a table: a row for each label, a column for each prediction.
///
/// Columns that do not fit on a line follow below.
struct EvaluationTable {
  /// With more classes, only the scores.
  private static let columnLimit = 8

  private struct Column {
    var head: String, cells: [String], width: Int
  }

  private let names: [String]
  private let confusion: [Column], scores: [Column]
  private let width: Int

  static func text(_ evaluation: Evaluation, width: Int = Console.width) -> String {
    EvaluationTable(evaluation, width: width).lines.joined(separator: "\n")
  }

  private init(_ evaluation: Evaluation, width: Int) {
    let names = evaluation.classes.map { $0.fitted(12) }
    self.width = width
    self.names = names + ["mean"]
    confusion =
      names.count > Self.columnLimit
      ? []
      : names.indices.map { column in
        Column(
          head: names[column], cells: evaluation.confusion.map { $0[column].grouped } + [""],
          width: max(9, names[column].count + 1))
      }
    func column(
      _ head: String, _ value: (Evaluation.ClassScore) -> Double?, mean: Double
    ) -> Column {
      Column(
        head: head,
        cells: evaluation.scores.map { value($0)?.percentage() ?? "–" } + [mean.percentage()],
        width: 10)
    }
    scores = [
      column("precision", \.precision, mean: evaluation.macroPrecision),
      column("recall", \.recall, mean: evaluation.balancedAccuracy),
      column("F1", \.f1, mean: evaluation.macroF1),
    ]
  }

  private var lines: [String] {
    if confusion.isEmpty || size(confusion + scores) <= width {
      return predicted(confusion) + table(confusion + scores)
    }
    var blocks: [[Column]] = []
    for column in confusion {
      if let last = blocks.last, size(last + [column]) <= width {
        blocks[blocks.count - 1].append(column)
      } else {
        blocks.append([column])
      }
    }
    return blocks.flatMap { predicted($0) + table($0) + [""] } + table(scores)
  }

  private var first: Int { max(8, names.map(\.count).max() ?? 0) }

  /// Characters of a line.
  private func size(_ columns: [Column]) -> Int { columns.reduce(first) { $0 + 1 + $1.width } }

  /// The line above columns for predictions.
  private func predicted(_ columns: [Column]) -> [String] {
    columns.isEmpty ? [] : ["label" + "predicted".right(size(columns) - 5)]
  }

  private func table(_ columns: [Column]) -> [String] {
    // Columns of counts have no mean.
    let rows = names.indices.map { row in (names[row], columns.map { $0.cells[row] }) }
      .filter { $0.1.contains { !$0.isEmpty } }
    return ([("", columns.map(\.head))] + rows).map { name, cells in
      ([name.left(first)] + zip(cells, columns).map { $0.right($1.width) }).joined(separator: " ")
    }
  }
}
