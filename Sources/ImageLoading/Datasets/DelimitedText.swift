/// Reads comma-separated text record by record, as RFC 4180 describes it.
///
/// Fields may be quoted, also after blanks; inside quotes commas and line breaks are text and a
/// doubled quote is one.
/// A byte order mark, either kind of line end and empty lines are understood.
package struct DelimitedText: Sequence, IteratorProtocol {
  /// One record and the line it begins on.
  package struct Record: Equatable {
    /// Counted from 1.
    package var line: Int
    package var fields: [String]
  }

  private let bytes: [UInt8]
  private var position: Int
  private var line = 1
  /// Whether a quoted field was not closed, or continued after its closing quote.
  package private(set) var isMalformed = false

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  package mutating func next() -> Record? {
    skipEmptyLines()
    guard position < bytes.count, !isMalformed else { return nil }
    var record = Record(line: line, fields: [])
    while true {
      record.fields.append(field())
      guard position < bytes.count, bytes[position] == comma else { break }
      position += 1
    }
    if position < bytes.count, bytes[position] != newline, bytes[position] != carriageReturn {
      isMalformed = true
    }
    skipEmptyLines()
    return record
  }

  private mutating func skipEmptyLines() {
    while position < bytes.count, [newline, carriageReturn].contains(bytes[position]) {
      if bytes[position] == newline { line += 1 }
      position += 1
    }
  }

  private mutating func field() -> String {
    guard let opening = firstNonBlank, bytes[opening] == quote else { return plainField() }
    position = opening + 1
    var content: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == quote {
        guard position < bytes.count, bytes[position] == quote else {
          position = firstNonBlank ?? bytes.count
          return String(decoding: content, as: UTF8.self)
        }
        position += 1
      }
      if byte == newline { line += 1 }
      content.append(byte)
    }
    isMalformed = true
    return String(decoding: content, as: UTF8.self)
  }

  /// The next place that has no blank.
  private var firstNonBlank: Int? {
    bytes[position...].firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
  }

  private mutating func plainField() -> String {
    let start = position
    while position < bytes.count, ![comma, newline, carriageReturn].contains(bytes[position]) {
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private let quote = UInt8(ascii: "\"")
  private let comma = UInt8(ascii: ",")
  private let newline = UInt8(ascii: "\n")
  private let carriageReturn = UInt8(ascii: "\r")
}
