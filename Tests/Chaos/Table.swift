import Foundation
import Synchronization

/// What must not happen: the columns of the table.
enum Harm: String, CaseIterable {
  /// A file of the user was changed.
  case changed
  /// A process ended by a signal that nobody sent, or a sanitizer ended it.
  case signal
  case hang
  case memory
  /// A run did not come to the results of one that nothing happened to.
  case lost
  /// An exit code that is not documented, or not one line that says why.
  case unclear
}

/// Counts cases and harm of all parts; the parts run on several threads.
final class Table: Sendable {
  private struct Part {
    var cases = 0, planned = 0
    var harm: [Harm: Int] = [:]
  }

  private struct Finding {
    var count = 0
    var example: String
  }

  private struct Content {
    var names: [String] = []
    var parts: [String: Part] = [:]
    var findings: [String: Finding] = [:]
  }

  private let content = Mutex(Content())

  /// Announces a part and how many cases it has when time suffices.
  func plan(_ part: String, _ count: Int) {
    content.withLock {
      if $0.parts[part] == nil { $0.names.append(part) }
      $0.parts[part, default: Part()].planned += count
    }
  }

  /// Counts cases that were tried.
  func count(_ part: String, _ cases: Int = 1) {
    content.withLock { $0.parts[part, default: Part()].cases += cases }
  }

  /// Counts harm; of equal messages of a part the first example is shown.
  func add(_ harm: Harm, _ part: String, _ message: String, example: String) {
    content.withLock {
      $0.parts[part, default: Part()].harm[harm, default: 0] += 1
      let key = "\(part): \(harm.rawValue): \(message)"
      $0.findings[key, default: Finding(example: example)].count += 1
    }
  }

  /// Prints the findings and the table.
  ///
  /// - Returns: Whether no harm was done.
  func report() -> Bool {
    let content = content.withLock { $0 }
    for (key, finding) in content.findings.sorted(by: { $0.key < $1.key }) {
      print("\(finding.count) × \(key)\n    \(finding.example)")
    }
    printRow("part", ["cases", "planned"] + Harm.allCases.map(\.rawValue))
    var isFine = true
    for name in content.names {
      let part = content.parts[name] ?? Part()
      let harm = Harm.allCases.map { part.harm[$0] ?? 0 }
      printRow(name, ([part.cases, part.planned] + harm).map(String.init))
      isFine = isFine && harm.allSatisfy { $0 == 0 }
      if part.cases == 0 { print("  not tried: there was no time") }
    }
    return isFine
  }

  private func printRow(_ name: String, _ cells: [String]) {
    func pad(_ count: Int) -> String { String(repeating: " ", count: max(1, count)) }
    print(name + pad(22 - name.count) + cells.map { pad(9 - $0.count) + $0 }.joined())
  }
}
