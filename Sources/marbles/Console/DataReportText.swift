import ImageLoading
import Support

/// A scan of a dataset as people read it.
enum DataReportText {
  /// Findings of one kind before "and 12 more".
  private static let exampleLimit = 5
  /// The maximum width of a line.
  private static let width = Console.width
  /// Characters of a path that are shown, however little room there is.
  private static let shortestPath = 24
  /// The column at which text after a heading begins.
  private static let indent = 11

  static func lines(_ report: DataReport) -> [String] {
    let counts = report.counts
    var lines = [
      "\(report.root.fitted(width - 50)) · \(report.layout.rawValue) · "
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
    lines += list("skipped", report.skipped.map(line))
    lines += list("problems", report.problems.map(line))
    lines += list("conflicts", report.conflicts.map { pair($0, "=") })
    lines += list("relabeled", report.nearConflicts.map { pair($0, "≈") })
    for (original, name) in [(Split.Part.train, "trained on"), (.validation, "validated")] {
      let overlaps = report.overlaps.filter { $0.original == original }
      lines += list(
        name,
        overlaps.flatMap { $0.copies.map { pair($0, "=") } + $0.nearCopies.map { pair($0, "≈") } })
    }
    lines += list("copies", report.duplicates.map { pair($0, "=") })
    lines += list("alike", report.nearDuplicates.map { pair($0, "≈") })
    lines += Self.counts("harmless", report.remarks) + Self.counts("formats", report.formats)
    func size(_ extent: [Int]) -> String { extent.map(String.init).joined(separator: "×") }
    if report.usableCount > 0 {
      lines.append(
        "\("sizes".left(indent))\(size(report.smallest)) to \(size(report.largest)), "
          + "median \(size(report.median))"
      )
    }
    lines.append("nothing in \(report.root.fitted(width - 30)) was changed")
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
      + reasons.prefix(exampleLimit).flatMap { reason, files in
        let more = files.count > 1 ? ", …" : ""
        return line("\(files.count.grouped) \(reason) (", files[0].path, "\(more))")
      }
      + (rest > 0 ? ["  … and \(rest.counted("other reason")) (--json lists all)"] : [])
  }

  /// A heading with the number, and the lines of the first few.
  private static func list(_ name: String, _ all: [[String]]) -> [String] {
    guard !all.isEmpty else { return [] }
    let rest = all.count - exampleLimit
    return ["\(name.left(indent))\(all.count.grouped)"] + all.prefix(exampleLimit).joined()
      + (rest > 0 ? ["  … and \(rest.grouped) more (--json lists all)"] : [])
  }

  private static func line(_ finding: DataReport.Finding) -> [String] {
    line("", finding.path, ": \(finding.reason)")
  }

  /// Words around a path, which is cut first; what is still too long is wrapped.
  private static func line(_ before: String, _ path: String, _ after: String) -> [String] {
    let room = width - 4 - before.printable.count - after.printable.count
    func words(_ text: String) -> [String] {
      text.printable.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    }
    let (head, tail) = (words(before), words(after))
    // One word, although it may have blanks.
    let middle = head[head.count - 1] + path.fitted(max(shortestPath, room)) + tail[0]
    return (head.dropLast() + [middle] + tail.dropFirst())
      .lines(width: width - 4, separator: " ")
      .enumerated().map { ($0 == 0 ? "  " : "    ") + $1 }
  }

  /// The first two of some paths, each cut so that both are seen.
  private static func pair(_ paths: [String], _ sign: String) -> [String] {
    guard paths.count > 1 else { return [] }
    let more = paths.count > 2 ? " \(sign) … (\(paths.count.grouped) images)" : ""
    let room = width - 2 - " \(sign) ".count - more.count
    let (a, b) = (paths[0].printable, paths[1].printable)
    let widths = (max(room / 2, room - b.count), max(room / 2, room - a.count))
    return ["  \(a.fitted(widths.0)) \(sign) \(b.fitted(widths.1))\(more)"]
  }
}
