import ImageLoading
import Support

/// Warnings of copies that spoil what is learned or measured, each with the first two files.
enum CopyWarnings {
  static func lines(_ report: DataReport) -> [String] {
    report.overlaps.flatMap { overlap in
      warning(overlap.copies, of: overlap, "copy", "copies", sign: "=")
        + warning(overlap.nearCopies, of: overlap, "near copy", "near copies", sign: "≈")
    } + warning(report.conflicts, "equal", sign: "=")
      + warning(report.nearConflicts, "nearly equal", sign: "≈")
  }

  /// Images of a part that are in an earlier one, too.
  private static func warning(
    _ pairs: [[String]], of overlap: DataReport.Overlap, _ copy: String, _ copies: String,
    sign: String
  ) -> [String] {
    guard let first = pairs.first else { return [] }
    return [
      "warning: \(pairs.count.grouped) of "
        + "\(overlap.images.counted("\(overlap.part.rawValue) image")) "
        + (pairs.count == 1 ? "is a \(copy) of one" : "are \(copies) of some")
        + " \(overlap.original == .train ? "to train on" : "for validation") "
        + example(first, sign)
    ]
  }

  /// Images that are labeled in two ways.
  private static func warning(_ groups: [[String]], _ word: String, sign: String) -> [String] {
    guard let first = groups.first else { return [] }
    return [
      "warning: \(groups.count.counted("group")) of \(word) images with different labels "
        + example(first, sign)
    ]
  }

  private static func example(_ paths: [String], _ sign: String) -> String {
    "(" + paths.prefix(2).map(\.printable).joined(separator: " \(sign) ") + ")"
  }
}
