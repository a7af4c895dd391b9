import Foundation
import ImageLoading
import Optimization
import Support

/// Tells files that Marbles has made for a user from all others, by what is in them.
enum OwnFile {
  /// Whether a file is a figure, a table or a split that Marbles has written.
  ///
  /// Checkpoints are worth more than a name typed wrong, so they never are.
  static func isOne(_ path: String) -> Bool {
    guard let file = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe) else {
      return false
    }
    let start = file.prefix(4096)
    switch URL(filePath: path).pathExtension.lowercased() {
    case "csv": return isTable(header: start)
    case "json": return (try? JSONDecoder().decode(Split.self, from: file)) != nil
    default: break
    }
    if start.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      return start.firstRange(of: Provenance.pngChunk) != nil
    }
    if start.starts(with: Array("%PDF".utf8)) {
      return file.firstRange(of: Array("/Creator (\(Provenance.program))".utf8)) != nil
    }
    return start.firstRange(of: Array(Provenance.svgElement.utf8)) != nil
  }

  /// Whether a table begins with the columns of one that a command writes.
  private static func isTable(header: Data) -> Bool {
    guard
      let line = String(decoding: header, as: UTF8.self).split(whereSeparator: \.isNewline).first
    else { return false }
    let fields = fields(of: line)
    func begins(_ columns: String...) -> Bool { fields.starts(with: columns) }
    if begins("class", "quantity", "level", "part") { return fields.count == 4 }
    if begins("marble", "optimizer", "learning_rate", "step") { return fields.last == "slope" }
    if begins("time", "reading", "spoiled") { return true }
    if begins("path", "prediction") || begins("path", "class", "prediction") {
      return fields.last?.hasPrefix("probability_") == true
    }
    let rest = fields.dropFirst()
    if begins("error") || begins("margin") {
      return !rest.isEmpty && rest.allSatisfy { $0.hasSuffix(" loss") || $0.hasSuffix(" slope") }
    }
    return begins("step") && !rest.isEmpty
      && rest.allSatisfy { (try? ScheduleChoice($0)) != nil }
  }

  /// The fields of a line as `csvText` writes them.
  private static func fields(of line: Substring) -> [String] {
    line.matches(of: /"((?:[^"]|"")*)"|[^,"]+/).map { match in
      match.1.map { String($0).replacing("\"\"", with: "\"") } ?? String(match.0)
    }
  }
}
