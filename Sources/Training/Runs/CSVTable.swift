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
  /// There is no such file.
  case missing(path: String)
  /// The file cannot be opened, or it is not a plain file.
  case unreadable(path: String, reason: String)
  /// A line is not a row of this table; lines count from 1.
  case malformed(path: String, line: Int, expected: String)
  /// A row that a saved state counts is missing or damaged; `unit` is what the rows count.
  case incomplete(path: String, unit: String, number: Int, last: Int)
  /// The rows are not those of the saved state.
  case foreign(path: String, epoch: Int, loss: Double)

  /// A line that somebody has written into a table that is to be gone on with; lines count from 1.
  case written(path: String, line: Int)

  static func malformed(path: String, line: Int, _ columns: [String]) -> TableError {
    .malformed(path: path, line: line, expected: columns.joined(separator: ","))
  }

  public var description: String {
    switch self {
    case .missing(let path): "\(path): no such table; has this run been started?"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .malformed(let path, let line, let expected):
      "\(path): line \(line) is not a row of \(expected)"
    case .written(let path, let line):
      "\(path): line \(line) is not as marbles wrote it, and going on with the run would remove "
        + "it; move what you have added to a file of your own"
    case .incomplete(let path, let unit, let number, let last):
      "\(path): the row of \(unit) \(number) is missing or damaged, but \(last) were saved; "
        + "put the whole table back, or start a new run"
    case .foreign(let path, let epoch, let loss):
      "\(path): is not the table of this run, whose lowest validation loss is \(loss.text) in "
        + "epoch \(epoch); put the run's own file back"
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
    var rows: [Row] = []
    try forEach(Row.self, from: path) { rows.append($0) }
    return rows
  }

  /// Reads a table row by row, in memory that does not grow with the table.
  ///
  /// The same as `read` in everything else.
  ///
  /// - Returns: Whether the last line is incomplete.
  /// - Throws: `TableError` naming the line.
  @discardableResult
  public static func forEach<Row: TableRow>(
    _ type: Row.Type = Row.self, from path: String, _ body: (Row) -> Void
  ) throws(TableError) -> Bool {
    try forEachLine(of: path, Row.self) { number, line throws(TableError) in
      guard let row = row(Row.self, line) else {
        throw .malformed(path: path, line: number, Row.columns)
      }
      body(row)
    } != nil
  }

  /// Reads the lines of a table after the first, which must be that of these rows.
  ///
  /// Lines count from 1.
  ///
  /// - Returns: The last line if it is incomplete; it was left out.
  static func forEachLine<Row: TableRow>(
    of path: String, _ type: Row.Type,
    _ body: (_ number: Int, _ line: ArraySlice<UInt8>) throws(TableError) -> Void
  ) throws(TableError) -> (number: Int, line: ArraySlice<UInt8>)? {
    let file: FileHandle
    do {
      file = FileHandle(
        fileDescriptor: try PlainFile.open(path, O_RDONLY | O_NOFOLLOW), closeOnDealloc: true)
    } catch {
      throw error.isMissing ? .missing(path: path) : .unreadable(path: path, reason: error.reason)
    }
    var number = 0
    // What was read of a line that has not ended.
    var rest: [UInt8] = []
    while let piece = try? file.read(upToCount: pieceSize), !piece.isEmpty {
      // Of a long line, only what is new is searched for its end.
      var (start, searched) = (0, rest.count)
      rest += piece
      while let end = rest[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        number += 1
        let line =
          rest[start..<end].last == UInt8(ascii: "\r")
          ? rest[start..<(end - 1)] : rest[start..<end]
        start = end + 1
        searched = start
        if number > 1 {
          try body(number, line)
        } else {
          let names = line.starts(with: "\u{FEFF}".utf8) ? line.dropFirst(3) : line
          guard names.elementsEqual(Row.columns.joined(separator: ",").utf8) else {
            throw .malformed(path: path, line: 1, Row.columns)
          }
        }
      }
      rest.removeFirst(start)
      guard rest.count <= longestLine else {
        throw .malformed(path: path, line: number + 1, Row.columns)
      }
    }
    guard number > 0 else { throw .malformed(path: path, line: 1, Row.columns) }
    return rest.isEmpty ? nil : (number + 1, rest[...])
  }

  /// Bytes that are read at once, and those of a line that is surely no row.
  private static let pieceSize = 1 << 18, longestLine = 1 << 20

  private static func line(_ row: some TableRow) -> String {
    row.values.map { value in
      guard let value else { return "" }
      return Int(exactly: value).map(String.init) ?? value.text
    }.joined(separator: ",")
  }
}
