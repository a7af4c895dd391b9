import ImageLoading

/// A scan of a dataset as people read it.
enum DataReportText {
  /// Findings of one kind before "and 12 more".
  private static let exampleLimit = 5

  static func lines(_ report: DataReport) -> [String] {
    var lines = [
      "\(report.root) · \(report.layout.rawValue) · \(report.fileCount.counted("file")) in \(report.seconds.duration)"
    ]
    let width = report.classes.map { $0.name.fitted(24).count }.max() ?? 0
    for group in report.classes {
      let share = group.usable == group.files ? "" : " of \(group.files.counted("file"))"
      lines.append(
        "  \(group.name.fitted(24).left(width))  \(group.usable.grouped.right(8)) usable\(share)")
    }
    lines += findings("skipped", report.skipped.map(\.description))
    lines += findings("problems", report.problems.map(\.description))
    lines += findings("conflicts", report.conflicts.map { $0.joined(separator: " = ") })
    lines += findings("copies", report.duplicates.map { $0.joined(separator: " = ") })
    if !report.remarks.isEmpty {
      let remarks = report.remarks.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      lines.append(
        "harmless   " + remarks.map { "\($0.value.grouped) \($0.key)" }.joined(separator: " · "))
    }
    let formats = report.formats.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    lines.append(
      "formats    " + formats.map { "\($0.value.grouped) \($0.key)" }.joined(separator: " · "))
    func size(_ extent: [Int]) -> String { extent.map(String.init).joined(separator: "×") }
    lines.append(
      "sizes      \(size(report.smallest)) to \(size(report.largest)), median \(size(report.median))"
    )
    lines.append("nothing in \(report.root) was changed")
    return lines
  }

  /// A heading with the number, and the first few of them.
  private static func findings(_ name: String, _ all: [String]) -> [String] {
    guard !all.isEmpty else { return [] }
    let rest = all.count - exampleLimit
    return ["\(name.left(10)) \(all.count.grouped)"]
      + all.prefix(exampleLimit).map { "  \($0.fitted(76))" }
      + (rest > 0 ? ["  … and \(rest.grouped) more (--json lists all)"] : [])
  }
}
