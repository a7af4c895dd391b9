import Foundation
import Optimization
import Training

/// What the network says about one picture.
struct PredictionRow {
  let path: String
  /// The true class, where it is known.
  let truth: String?
  let logits: [Float]

  /// Softmax of the logits.
  var probabilities: [Float] { softmax(logits) }

  /// The index of the class the network answers.
  var answer: Int { largestIndex(logits) }

  /// Rows as CSV: path, truth if known, answer, one probability per class.
  static func table(_ rows: [PredictionRow], classes: [String]) -> String {
    let hasTruth = rows.contains { $0.truth != nil }
    let header =
      ["path"] + (hasTruth ? ["class"] : []) + ["prediction"] + classes.map { "probability_\($0)" }
    let lines = rows.map { row in
      [row.path] + (hasTruth ? [row.truth ?? ""] : []) + [classes[row.answer]]
        + row.probabilities.map { "\($0)" }
    }
    return csvText([header] + lines)
  }
}

/// Rows of fields with commas between them; fields are quoted as RFC 4180 wants it.
func csvText(_ rows: [[String]]) -> String {
  func quoted(_ field: String) -> String {
    let needsQuotes = field.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return needsQuotes ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
  }
  return rows.map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
}
