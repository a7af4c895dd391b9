import Support
import Training

/// The accuracies of slices as a table.
enum SliceTable {
  /// One line for each slice, under its quantity.
  ///
  /// A slice whose interval lies below the accuracy of all images is marked.
  static func text(_ slices: [EvaluationSlice], of evaluation: Evaluation) -> String {
    let width = min(28, max(12, slices.map { $0.value.printable.count }.max() ?? 0))
    var lines: [String] = []
    var quantity = ""
    for slice in slices {
      if slice.quantity != quantity {
        quantity = slice.quantity
        let head = quantity.printable.fitted(width + 2).left(width + 2)
        lines.append("\(head)   images   right   95% interval")
      }
      lines.append(
        "  \(slice.value.printable.fitted(width).left(width)) \(slice.count.grouped.right(8)) "
          + "\(slice.accuracy.percentage().right(7))   "
          + "\(slice.accuracyLow.percentage()) to \(slice.accuracyHigh.percentage())"
          + (slice.isBelow(evaluation) ? "  below all" : ""))
    }
    if slices.contains(where: { $0.isBelow(evaluation) }) {
      lines.append("below all: worse than all images together, beyond chance")
    }
    return lines.joined(separator: "\n")
  }
}

extension EvaluationSlice {
  /// Whether it is classified worse than all images, beyond chance.
  func isBelow(_ evaluation: Evaluation) -> Bool {
    accuracyHigh < evaluation.accuracy
  }
}
