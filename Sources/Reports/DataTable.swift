internal import Support

/// A table that scrolls inside its own box where it is too wide.
package struct DataTable: Sendable {
  /// A column and how its cells are set.
  package struct Column: Sendable {
    /// How cells are set; the look of a page has rules of these names.
    fileprivate enum Kind: String { case text, phrase, number }

    fileprivate let head: HTML, kind: Kind

    /// Names, or other text.
    package static func text(_ head: String) -> Column { Column(head: HTML(head), kind: .text) }
    /// A few words, which stay on one line.
    package static func phrase(_ head: String) -> Column { Column(head: HTML(head), kind: .phrase) }
    /// Numbers, aligned at their ends.
    package static func number(_ head: String) -> Column { Column(head: HTML(head), kind: .number) }
    /// Numbers under a name from outside.
    package static func number(named name: String) -> Column {
      Column(head: .name(name, upTo: 24), kind: .number)
    }
  }

  private let caption: String, columns: [Column], rows: [[HTML]], noteCount: Int

  /// The rows that a table has room for; who wants all of them has the file they are from.
  package static let mostRows = 200

  /// Creates a table, of which long ones show the first rows.
  ///
  /// - Parameters:
  ///   - caption: Says what the table holds.
  ///   - rows: The first cell of each row says what it is about.
  /// - Precondition: Each row has a cell for each column.
  package init(_ caption: String, _ columns: [Column], rows: [[HTML]]) {
    precondition(rows.allSatisfy { $0.count == columns.count }, "cells without a column")
    self.caption = caption
    self.columns = columns
    self.rows = Array(rows.prefix(Self.mostRows))
    noteCount = rows.count - self.rows.count
  }

  /// The table in its box.
  package var html: HTML {
    .element("div", ["class": "scroll", "role": "group", "tabindex": "0", "aria-label": caption]) {
      HTML.element("table") {
        HTML.element("caption") { caption }
        HTML.element("thead") {
          HTML.element("tr") {
            for column in columns {
              HTML.element("th", ["scope": "col", "class": column.kind.rawValue]) { column.head }
            }
          }
        }
        HTML.element("tbody") {
          for row in rows { line(row) }
        }
      }
      if noteCount > 0 {
        HTML.element("p", ["class": "quiet"]) { "… and \(noteCount.grouped) more rows" }
      }
    }
  }

  private func line(_ row: [HTML]) -> HTML {
    .element("tr") {
      for (index, cell) in row.enumerated() {
        if index == 0 {
          HTML.element("th", ["scope": "row", "class": columns[0].kind.rawValue]) { cell }
        } else {
          HTML.element("td", ["class": columns[index].kind.rawValue]) { cell }
        }
      }
    }
  }
}
