import ImageLoading

/// A scan of a dataset as people read it.
enum DataReportText {
  /// Findings of one kind before "and 12 more".
  private static let exampleLimit = 5
  /// The maximum width of a line.
  private static let width = 80
  /// The column at which text after a heading begins.
  private static let indent = 11

  static func lines(_ report: DataReport) -> [String] {
    let counts = report.counts
    var lines = [
      "\(report.root.fitted(30)) · \(report.layout.rawValue) · "
        + "\(counts.found.counted("file")) in \(report.seconds.duration)",
      "  \(counts.used.grouped) used · \(counts.skipped.grouped) skipped · "
        + "\(counts.ignored.grouped) ignored",
    ]
    lines += DataReportTree.lines(report)
    if report.groups.count > report.classes.count {
      let usable = report.classes.map { ($0.name.fitted(24), $0.usable) }
      lines += Self.counts("classes", Dictionary(usable, uniquingKeysWith: +))
    }
    for note in report.notes {
      lines += wrapped(
        "note", note.printable.split(separator: " ").map { String($0).fitted(width - indent) },
        separator: " ")
    }
    lines += ignored(report.ignored)
    if let ratio = report.imbalance { lines += balance(report, ratio) }
    lines += findings("skipped", report.skipped.map(\.description))
    lines += findings("problems", report.problems.map(\.description))
    lines += findings("conflicts", report.conflicts.map { $0.joined(separator: " = ") })
    lines += findings(
      "relabeled", report.nearConflicts.map { $0.joined(separator: " ≈ ") })
    lines += findings(
      "trained on",
      report.overlaps.flatMap { overlap in
        overlap.copies.map { $0.joined(separator: " = ") }
          + overlap.nearCopies.map { $0.joined(separator: " ≈ ") }
      })
    lines += findings("copies", report.duplicates.map { $0.joined(separator: " = ") })
    lines += findings("alike", report.nearDuplicates.map { $0.joined(separator: " ≈ ") })
    lines += Self.counts("harmless", report.remarks) + Self.counts("formats", report.formats)
    func size(_ extent: [Int]) -> String { extent.map(String.init).joined(separator: "×") }
    if report.usableCount > 0 {
      lines.append(
        "\("sizes".left(indent))\(size(report.smallest)) to \(size(report.largest)), "
          + "median \(size(report.median))"
      )
    }
    lines.append("nothing in \(report.root.fitted(50)) was changed")
    return lines
  }

  /// What an imbalanced dataset means and what to do.
  private static func balance(_ report: DataReport, _ ratio: Double) -> [String] {
    let sorted = report.classes.sorted { $0.usable < $1.usable }
    guard let least = sorted.first, let most = sorted.last else { return [] }
    return wrapped(
      "balance",
      """
      \(most.name.fitted(24)) has \(ratio.digits(1)) times the images of \
      \(least.name.fitted(24)): a network that always says \(most.name.fitted(24)) looks good. \
      Add images of \(least.name.fitted(24)), and read precision and recall, not accuracy alone.
      """
      .split(separator: " ").map(String.init), separator: " ")
  }

  /// A heading and the count of each item, the most frequent first.
  private static func counts(_ name: String, _ counts: [String: Int]) -> [String] {
    guard !counts.isEmpty else { return [] }
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return wrapped(name, sorted.map { "\($0.value.grouped) \($0.key)" }, separator: " · ")
  }

  /// A heading and words after it, wrapped and aligned below the first word.
  private static func wrapped(_ name: String, _ words: [String], separator: String) -> [String] {
    words.lines(width: width - indent, separator: separator)
      .enumerated().map { ($0 == 0 ? name : "").left(indent) + $1 }
  }

  /// The reasons why files were left out, each with their number and an example.
  private static func ignored(_ all: [DataReport.Finding]) -> [String] {
    let reasons = Dictionary(grouping: all, by: \.reason)
      .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    guard !reasons.isEmpty else { return [] }
    let rest = reasons.count - exampleLimit
    return ["\("ignored".left(indent))\(all.count.grouped)"]
      + reasons.prefix(exampleLimit).map { reason, files in
        let more = files.count > 1 ? ", …" : ""
        return "  \(files.count.grouped) \(reason) (\(files[0].path)\(more))".fitted(78)
      }
      + (rest > 0 ? ["  … and \(rest.counted("other reason")) (--json lists all)"] : [])
  }

  /// A heading with the number, and the first few of them.
  private static func findings(_ name: String, _ all: [String]) -> [String] {
    guard !all.isEmpty else { return [] }
    let rest = all.count - exampleLimit
    return ["\(name.left(indent))\(all.count.grouped)"]
      + all.prefix(exampleLimit).map { "  \($0.fitted(76))" }
      + (rest > 0 ? ["  … and \(rest.grouped) more (--json lists all)"] : [])
  }
}
