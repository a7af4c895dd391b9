import ImageLoading
import Support

/// Where the images of each class and part are, as a tree of folders.
enum DataReportTree {
  /// The maximum width of a name.
  private static let nameWidth = Console.width * 3 / 10

  private struct Row {
    var name: String, depth: Int
    /// Nil for a folder that only holds others.
    var group: DataReport.Group?

    var label: String {
      String(repeating: "  ", count: depth) + name.fitted(DataReportTree.nameWidth)
    }
  }

  static func lines(_ report: DataReport) -> [String] {
    let rows = rows(report.groups)
    let width = rows.filter { $0.group != nil }.map(\.label.count).max() ?? 0
    return rows.map { row in
      guard let group = row.group else { return "  \(row.label)" }
      let share = group.usable == group.files ? "" : " of \(group.files.counted("file"))"
      let part = group.part.map { " · \($0.rawValue)" } ?? ""
      return "  \(row.label.left(width))  \(group.usable.grouped.right(8)) usable\(share)\(part)"
    } + missing(report)
  }

  private static func rows(_ groups: [DataReport.Group]) -> [Row] {
    var rows: [Row] = []
    var above: [String] = []
    for group in groups {
      var path = group.folder.split(separator: "/").map { "\($0)/" }
      // A class that no folder is named after stands in the names of the files, or in a list.
      if !path.contains("\(group.class)/") { path.append(group.class) }
      let shared = zip(above, path).prefix { $0 == $1 }.count
      for depth in min(shared, path.count - 1)..<path.count {
        rows.append(
          Row(name: path[depth], depth: depth, group: depth == path.count - 1 ? group : nil))
      }
      above = path
    }
    return rows
  }

  /// Classes without any file.
  private static func missing(_ report: DataReport) -> [String] {
    let found = Set(report.groups.map(\.class))
    return report.classes.filter { !found.contains($0.name) }
      .map { "  \($0.name.fitted(nameWidth))  0 usable" }
  }
}
