internal import Foundation
internal import Support

/// Reads a table that another process writes: each time, only what was added.
///
/// The table is never locked or written to. A last line that has not ended waits for its end. A
/// table that became shorter, or was replaced, as by a run that is resumed, is read from its start.
package struct TableFollower<Row: TableRow>: Sendable {
  /// What a reading has found.
  package enum Finding: Equatable, Sendable {
    /// Nothing new.
    case nothing
    /// New rows were added.
    case more
    /// What was added before does not hold any more.
    case anew
  }

  /// The file.
  package let path: String
  /// A line that is no row and was left out, in words; nil if there was none.
  package private(set) var problem: String?
  /// Bytes read so far, through the end of a line.
  private var offset = 0
  private var lines = 0
  /// Whether the first line is that of these rows.
  private var isTable = true
  private var identity: FileIdentity?
  /// The last bytes before `offset`, by which a table that was written anew is known.
  private var tail: [UInt8] = []

  /// Bytes that are read at once, and more than any line has.
  private static var pieceSize: Int { 1 << 18 }
  private static var tailSize: Int { 64 }

  /// Follows the table of a run, which need not be there yet.
  package init(_ type: Row.Type = Row.self, path: String) { self.path = path }

  /// Reads what is new.
  ///
  /// - Parameters:
  ///   - restart: Called before the first row of a table that is read from its start again.
  ///   - add: Is given each new row.
  package mutating func read(restart: () -> Void, add: (Row) -> Void) -> Finding {
    // A link could lead anywhere.
    let descriptor: Int32
    do {
      descriptor = try PlainFile.open(path, O_RDONLY | O_NOFOLLOW)
    } catch {
      let found = forget(restart)
      if !error.isMissing {
        problem = TableError.unreadable(path: path, reason: error.reason).description
      }
      return found
    }
    defer { close(descriptor) }
    if offset == 0 { problem = nil }
    var isAnew = false
    let found = FileIdentity(path)
    if offset > 0, found != identity || !continues(descriptor) {
      _ = forget(restart)
      isAnew = true
    }
    identity = found
    let start = offset
    while let piece = Self.bytes(of: descriptor, at: offset, count: Self.pieceSize) {
      guard let end = piece.lastIndex(of: UInt8(ascii: "\n")) else {
        if piece.count == Self.pieceSize {
          lines += 1
          leaveOut()
          lines -= 1
        }
        break
      }
      take(piece[...end], add)
    }
    return isAnew ? .anew : offset > start ? .more : .nothing
  }

  /// Whether the file still holds what was read last.
  private func continues(_ descriptor: Int32) -> Bool {
    Self.bytes(of: descriptor, at: offset - tail.count, count: tail.count) == tail
  }

  private mutating func forget(_ restart: () -> Void) -> Finding {
    guard offset > 0 else { return .nothing }
    self = TableFollower(path: path)
    restart()
    return .anew
  }

  /// Adds the rows of whole lines.
  private mutating func take(_ piece: ArraySlice<UInt8>, _ add: (Row) -> Void) {
    for line in piece.dropLast().split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    {
      lines += 1
      if lines == 1 {
        isTable = line.elementsEqual(Row.columns.joined(separator: ",").utf8)
        if !isTable { leaveOut() }
      } else if !isTable {
        // Columns of other names may mean anything.
        continue
      } else if let row = CSVTable.row(Row.self, line) {
        add(row)
      } else {
        leaveOut()
      }
    }
    offset += piece.count
    tail = Array((tail + piece.suffix(Self.tailSize)).suffix(Self.tailSize))
  }

  private mutating func leaveOut() {
    problem = problem ?? TableError.malformed(path: path, line: lines, Row.columns).description
  }

  private static func bytes(of descriptor: Int32, at offset: Int, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let read = unsafe pread(descriptor, &bytes, count, off_t(offset))
    guard read > 0 else { return count == 0 ? [] : nil }
    return Array(bytes.prefix(read))
  }
}
