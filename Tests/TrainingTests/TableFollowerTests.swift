import Foundation
import TestSupport
import Testing
import Training

/// A table that grows while it is read.
@Suite struct TableFollowerTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = "\(folder.path)/steps.csv"
  }

  private func row(_ step: Int, loss: Double = 0.5) -> StepRecord {
    StepRecord(step: step, epoch: 1, loss: loss, learningRate: 0.1, gradientNorm: 2)
  }

  /// What a follower makes of the table, as a page would hold it.
  private struct Held {
    var follower: TableFollower<StepRecord>
    var rows: [StepRecord] = []

    mutating func read() -> TableFollower<StepRecord>.Finding {
      var rows = rows
      defer { self.rows = rows }
      return follower.read {
        rows = []
      } add: {
        rows.append($0)
      }
    }
  }

  private func held() -> Held { Held(follower: TableFollower(path: path)) }

  @Test func `each reading gives only what was added`() throws {
    var held = held()
    #expect(held.read() == .nothing && held.rows.isEmpty)
    try CSVTable.write([row(1)], to: path)
    #expect(held.read() == .more)
    #expect(held.read() == .nothing)
    for step in 2...2000 {
      try CSVTable.append([row(step)], to: path)
      if step.isMultiple(of: 400) { #expect(held.read() == .more) }
    }
    #expect(held.rows == (1...2000).map { row($0) })
    // More than is read at once.
    try CSVTable.append((2001...30_000).map { row($0, loss: 1 / Double($0)) }, to: path)
    #expect(held.read() == .more && held.rows.count == 30_000)
    #expect(try CSVTable.read(StepRecord.self, from: path) == held.rows)
    #expect(held.follower.problem == nil)
  }

  @Test func `a torn last line waits for its end, wherever it is torn`() throws {
    try CSVTable.write((1...3).map { row($0, loss: 0.123_456_789) }, to: path)
    let bytes = try folder.read("steps.csv")
    var held = held()
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.truncate(atOffset: 0)
    for byte in bytes {
      try file.write(contentsOf: Data([byte]))
      _ = held.read()
    }
    #expect(held.rows == (1...3).map { row($0, loss: 0.123_456_789) })
    #expect(held.follower.problem == nil)
  }

  @Test func `a table that became shorter is read anew, as is another in its place`() throws {
    try CSVTable.write((1...9).map { row($0) }, to: path)
    var held = held()
    _ = held.read()
    // As a resumed run writes it: another file.
    try CSVTable.write((1...4).map { row($0) }, to: path)
    #expect(held.read() == .anew && held.rows.map(\.step) == [1, 2, 3, 4])
    // In its place, longer, and in the same file.
    try CSVTable.write((1...40).map { row($0, loss: 9) }, to: path)
    #expect(held.read() == .anew && held.rows.count == 40 && held.rows[0].loss == 9)
    let other = try Data(contentsOf: URL(filePath: path))
    let changed = Data(String(decoding: other, as: UTF8.self).replacing(",9,", with: ",7,").utf8)
    #expect(changed.count == other.count)
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.write(contentsOf: changed)
    #expect(held.read() == .anew && held.rows.allSatisfy { $0.loss == 7 })
    try FileManager.default.removeItem(atPath: path)
    #expect(held.read() == .anew && held.rows.isEmpty)
    #expect(held.read() == .nothing)
  }

  @Test func `losses that are not finite are rows`() throws {
    try CSVTable.write([row(1, loss: .nan), row(2, loss: .infinity), row(3)], to: path)
    var held = held()
    _ = held.read()
    #expect(held.rows.map(\.step) == [1, 2, 3] && held.rows[0].loss.isNaN)
    #expect(held.rows[1].loss == .infinity)
  }

  @Test func `a line that is no row is left out and named`() throws {
    try CSVTable.write([row(1)], to: path)
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data("\0\0\0\n2,1,<b>,0,0\n".utf8))
    try CSVTable.append([row(3)], to: path)
    var held = held()
    _ = held.read()
    #expect(held.rows.map(\.step) == [1, 3])
    #expect(held.follower.problem?.contains("steps.csv: line 3 is not a row of step,") == true)
  }

  @Test func `a link is not followed`() throws {
    let other = "\(folder.path)/other.csv"
    try CSVTable.write([row(1)], to: other)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: other)
    var held = held()
    #expect(held.read() == .nothing && held.rows.isEmpty)
  }
}
