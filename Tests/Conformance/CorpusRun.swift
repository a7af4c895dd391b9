/// Runs all corpora and prints the table.
struct CorpusRun {
  private struct Count {
    var tried = 0, equal = 0, close = 0, remarked = 0, refused = 0, known = 0, wrong = 0

    var cells: [String] {
      [tried, equal, close, remarked, refused, known, wrong].map(String.init)
    }

    static func + (a: Count, b: Count) -> Count {
      Count(
        tried: a.tried + b.tried, equal: a.equal + b.equal, close: a.close + b.close,
        remarked: a.remarked + b.remarked, refused: a.refused + b.refused,
        known: a.known + b.known, wrong: a.wrong + b.wrong)
    }
  }

  private var deviations: [String] = []
  private var wrong: [String] = []
  private var total = Count()

  /// Whether every file is as the reference has it, or a known deviation.
  var isClean: Bool { wrong.isEmpty }

  init(_ corpora: [Corpus], _ expectations: Expectations) throws {
    printRow("corpus", ["tried", "equal", "±1", "remarked", "refused", "known", "wrong"])
    for corpus in corpora {
      var count = Count()
      for entry in corpus.entries { try judge(entry, expectations, &count) }
      printRow(corpus.name, count.cells)
      total = total + count
    }
    printRow("all", total.cells)
    printList("known deviations", deviations)
    printList("wrong", wrong)
  }

  private mutating func judge(
    _ entry: Corpus.Entry, _ expectations: Expectations, _ count: inout Count
  ) throws {
    count.tried += 1
    switch try Verdict(entry, expectations) {
    case .equal: count.equal += 1
    case .close: count.close += 1
    case .remarked: count.remarked += 1
    case .refused: count.refused += 1
    case .wrong(let reason):
      let line = "\(entry.corpus)/\(entry.file): \(reason)"
      if let known = KnownDeviation.of(entry) {
        count.known += 1
        deviations.append("\(line) (\(known.reason))")
      } else {
        count.wrong += 1
        wrong.append(line)
      }
    }
  }

  private func printRow(_ name: String, _ cells: [String]) {
    let columns = cells.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }
    print(name + String(repeating: " ", count: max(1, 14 - name.count)) + columns.joined())
  }

  private func printList(_ title: String, _ lines: [String]) {
    guard !lines.isEmpty else { return }
    print("\n\(title):")
    for line in lines { print("  \(line)") }
  }
}
