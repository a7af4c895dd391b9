import Foundation
import Training

/// The prediction for one file.
struct PredictionRow {
  let path: String
  /// The labeled class, where it is known.
  let label: String?
  let prediction: Prediction

  /// Rows as CSV: path, label if known, prediction, one probability per class; if labels are known,
  /// also whether the prediction is right and one logit per class.
  ///
  /// Where labels are known, the prediction is a class whatever the verdict.
  ///
  /// - Parameter hasVerdicts: Whether the network has a rule for what it does not know.
  static func table(
    _ rows: [PredictionRow], classes: [String], hasVerdicts: Bool
  ) -> String {
    let hasLabel = rows.contains { $0.label != nil }
    let header =
      ["path"] + (hasLabel ? ["class"] : []) + ["prediction"]
      + classes.map { "probability_\($0)" }
      + (hasLabel ? ["right"] + classes.map { "logit_\($0)" } : [])
      + (hasVerdicts ? ["verdict"] : [])
    let lines = rows.map { row in
      let isRight = row.prediction.label == row.label ? "true" : "false"
      return [row.path] + (row.label.map { [$0, row.prediction.label] } ?? [row.prediction.answer])
        + row.prediction.probabilities.map { "\($0)" }
        + (hasLabel ? [isRight] + row.prediction.logits.map { "\($0)" } : [])
        + (hasVerdicts ? [row.prediction.verdict.rawValue] : [])
    }
    return csvText([header] + lines)
  }
}

/// Rows of fields with commas between them; fields are quoted as RFC 4180 requires.
///
/// A text that a spreadsheet would calculate gets an apostrophe before it; `--json` is exact.
func csvText(_ rows: [[String]]) -> String {
  func quoted(_ field: String) -> String {
    let isCalculated = field.first.map { "=+-@\t\r".contains($0) } ?? false
    let field = isCalculated && Double(field) == nil ? "'\(field)" : field
    let needsQuotes = field.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return needsQuotes ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
  }
  return rows.map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
}
