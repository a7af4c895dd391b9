import Foundation
import ImageLoading
import Support

/// A table that `csvText` has written, read again.
struct ReadTable {
  /// The names of the columns, and the fields of each row, as many.
  let columns: [String], rows: [[String]]

  /// Reads a table.
  ///
  /// - Throws: `Failure`: input missing, or data that are no table.
  init(contentsOf path: String) throws {
    let bytes = try fileBytes(path)
    guard bytes.last == UInt8(ascii: "\n") else {
      throw Failure(
        .data, "\(path): \(bytes.isEmpty ? "is empty" : "ends within a line"); write it again")
    }
    var text = DelimitedText(bytes)
    columns = (text.next()?.fields ?? []).map(Self.withoutApostrophe)
    var rows: [[String]] = []
    while let record = text.next() {
      guard record.fields.count == columns.count else {
        throw Failure(
          .data,
          "\(path): line \(record.line) has \(record.fields.count.counted("field")), expected "
            + "\(columns.count)")
      }
      rows.append(record.fields.map(Self.withoutApostrophe))
    }
    guard !text.isMalformed else { throw Failure(.data, "\(path): a quote is not closed") }
    self.rows = rows
  }

  /// The fields of a column.
  ///
  /// - Throws: `Failure` if there is none of this name.
  func column(_ name: String, of path: String) throws -> [String] {
    guard let place = columns.firstIndex(of: name) else {
      throw Failure(.data, "\(path): has no column '\(name)'; write it again")
    }
    return rows.map { $0[place] }
  }

  /// A text without what keeps spreadsheets from calculating it.
  private static func withoutApostrophe(_ field: String) -> String {
    let isMarked =
      field.first == "'" && field.dropFirst().first.map { "=+-@\t\r".contains($0) } == true
    return isMarked ? String(field.dropFirst()) : field
  }
}

/// The bytes of a file that a report is made of, in whose place no link is followed.
///
/// - Parameter limit: The largest size that is read.
/// - Throws: `Failure` for what is missing or cannot be read.
func fileBytes(_ path: String, limit: Int = 256 << 20) throws -> [UInt8] {
  do throws(PlainFile.Refusal) {
    return try PlainFile.bytes(of: path, limit: limit, followsLinks: false)
  } catch {
    throw Failure(
      .inputMissing,
      "\(path): \(error.isMissing ? "is missing" : "cannot be read: \(error.reason)")")
  }
}
