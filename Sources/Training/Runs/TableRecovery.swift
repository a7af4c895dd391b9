internal import Foundation
internal import Support

/// A row that counts: of a table in which no row may be missing.
protocol CountedRow: TableRow {
  /// What the rows count.
  static var unit: String { get }
  /// The number of the first row.
  static var first: Int { get }
  /// The number of this row.
  var number: Int { get }
}

extension EpochRecord: CountedRow {
  static let unit = "epoch", first = 0
  var number: Int { epoch }
}

extension StepRecord: CountedRow {
  static let unit = "step", first = 1
  var number: Int { step }
}

extension CSVTable {
  /// The rows of a table up to `last`, whatever a kill, a power cut or a full disk left of it.
  ///
  /// Rows beyond `last` are dropped: training writes them again. Lines that are no rows, and rows
  /// that come twice, are dropped where the others are whole without them.
  ///
  /// - Returns: The rows, and how many lines before the last of them were dropped.
  /// - Throws: `TableError`, if there is no such table, or if a row up to `last` is not there.
  static func recover<Row: CountedRow>(
    _ type: Row.Type = Row.self, from path: String, through last: Int
  ) throws(TableError) -> (rows: [Row], damagedLines: Int) {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw .missing(path: path)
    }
    let lines = String(decoding: data, as: UTF8.self)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).dropLast()
    let expected = Row.columns.joined(separator: ",")
    guard lines.first.map(String.init) == expected else {
      throw .malformed(path: path, line: 1, expected: expected)
    }
    var rows: [Row] = []
    var damaged = 0
    for line in lines.dropFirst() where Row.first + rows.count <= last {
      if let row = row(Row.self, line), row.number == Row.first + rows.count {
        rows.append(row)
      } else {
        damaged += 1
      }
    }
    guard Row.first + rows.count > last else {
      throw .incomplete(path: path, unit: Row.unit, number: Row.first + rows.count, last: last)
    }
    return (rows, damaged)
  }

  /// The row that a line stands for; nil if it is none.
  static func row<Row: TableRow>(_ type: Row.Type, _ line: Substring) -> Row? {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    let values = fields.map { Double($0) }
    // A number is read up to a zero byte, which a power cut leaves.
    let areNumbers =
      !line.utf8.contains(0) && zip(fields, values).allSatisfy { $0.isEmpty || $1 != nil }
    guard areNumbers, fields.count == Row.columns.count else { return nil }
    return Row(values: values)
  }
}

extension RunDirectory {
  /// Drops what a kill or a power cut left of the last lines of `events.jsonl`.
  ///
  /// - Returns: How many lines were dropped.
  func recoverEvents() throws(FileError) -> Int {
    guard let data = try? Data(contentsOf: URL(filePath: events)) else { return 0 }
    let lines = data.split(separator: UInt8(ascii: "\n"))
    let whole = lines.filter { (try? JSONSerialization.jsonObject(with: $0)) != nil }
    let text = whole.reduce(into: Data()) { $0 += $1 + [UInt8(ascii: "\n")] }
    if text != data { try AtomicFile.write(text, to: events) }
    return lines.count - whole.count
  }
}
