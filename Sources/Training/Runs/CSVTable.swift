internal import Foundation
public import Support

/// A row of a table of a run: fixed columns of numbers.
public protocol TableRow: Sendable {
  /// The names in the first line, in order.
  static var columns: [String] { get }
  /// The numbers, one for each column; nil if not measured.
  var values: [Double?] { get }
  /// Creates a row from its numbers; nil if a required one is missing.
  init?(values: [Double?])
}

/// Why a table cannot be read.
public enum TableError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no such file, or it cannot be opened.
  case missing(path: String)
  /// A line is not a row of this table; lines count from 1.
  case malformed(path: String, line: Int, expected: String)
  /// A row that a saved state counts is missing or damaged; `unit` is what the rows count.
  case incomplete(path: String, unit: String, number: Int, last: Int)

  public var description: String {
    switch self {
    case .missing(let path): "\(path): no such table; has this run been started?"
    case .malformed(let path, let line, let expected):
      "\(path): line \(line) is not a row of \(expected)"
    case .incomplete(let path, let unit, let number, let last):
      "\(path): the row of \(unit) \(number) is missing or damaged, but \(last) were saved; "
        + "put the whole table back, or start a new run"
    }
  }
}

/// A table in a CSV file: one header, numbers in full precision, an empty field for what was not
/// measured, `nan` for what is not a number.
public enum CSVTable {
  /// Writes a table with these rows, replacing the file.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public static func write<Row: TableRow>(_ rows: [Row], to path: String) throws(FileError) {
    let lines = [Row.columns.joined(separator: ",")] + rows.map(line)
    try AtomicFile.write(Data((lines.joined(separator: "\n") + "\n").utf8), to: path)
  }

  /// Adds rows at the end.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public static func append<Row: TableRow>(_ rows: [Row], to path: String) throws(FileError) {
    guard !rows.isEmpty else { return }
    try AtomicFile.append(
      Data(rows.map { line($0) + "\n" }.joined().utf8), to: path)
  }

  /// Reads a table.
  ///
  /// An incomplete last line, left by a killed run, is ignored. Lines may end as on Windows.
  ///
  /// - Throws: `TableError` naming the line.
  public static func read<Row: TableRow>(
    _ type: Row.Type = Row.self, from path: String
  ) throws(TableError) -> [Row] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw .missing(path: path)
    }
    // Bytes, in which the two of a Windows line end are not one character.
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    lines.removeLast()
    let expected = Row.columns.joined(separator: ",")
    guard lines.first.map({ Self.text($0).drop { $0 == "\u{FEFF}" } }) == expected[...] else {
      throw .malformed(path: path, line: 1, expected: expected)
    }
    var rows: [Row] = []
    for (number, line) in lines.enumerated().dropFirst() {
      guard let row = row(Row.self, Self.text(line)) else {
        throw .malformed(path: path, line: number + 1, expected: expected)
      }
      rows.append(row)
    }
    return rows
  }

  /// A line without the carriage return before its end.
  private static func text(_ line: Substring.UTF8View) -> Substring {
    Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
  }

  private static func line(_ row: some TableRow) -> String {
    row.values.map { value in
      guard let value else { return "" }
      return Int(exactly: value).map(String.init) ?? value.text
    }.joined(separator: ",")
  }
}
