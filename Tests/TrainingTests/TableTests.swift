import Foundation
import Support
import TestSupport
import Testing
import Training

@Suite struct TableTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = "\(folder.path)/metrics.csv"
  }

  func row(_ epoch: Int, loss: Double = 0.123_456_789_012_345) -> EpochRecord {
    EpochRecord(
      epoch: epoch, step: epoch * 10, seconds: 1.5, learningRate: 1e-5, trainLoss: loss,
      trainAccuracy: 0.5, validationLoss: nil, validationAccuracy: nil, gradientNorm: 1e300)
  }

  @Test func `rows are read back in full precision`() throws {
    try CSVTable.write([row(0), row(1)], to: path)
    try CSVTable.append([row(2)], to: path)
    #expect(try CSVTable.read(EpochRecord.self, from: path) == [row(0), row(1), row(2)])
  }

  @Test func `every number is read back exactly`() throws {
    var generator = SystemRandomNumberGenerator()
    var losses = (0..<20_000).map { index in
      Double.random(in: 0...1, using: &generator) * [1e-3, 1, 1e3, 1e9][index % 4]
    }
    losses += [0, 1, 0.1, 0x1p-1074, 0x1p53 + 2, 1e22, 0x1p60 + 256, 0.3, 2.5e-7]
    losses += losses.prefix(9000).map { Double(Float($0)) }
    try CSVTable.write(losses.map { row(1, loss: $0) }, to: path)
    #expect(try CSVTable.read(EpochRecord.self, from: path).map(\.trainLoss) == losses)
  }

  @Test func `a table of many pieces is read like a short one`() throws {
    let rows = (0..<9000).map { row($0, loss: 1 / Double($0 + 3)) }
    try CSVTable.write(rows, to: path)
    #expect(try folder.read("metrics.csv").count > 1 << 18)
    #expect(try CSVTable.read(EpochRecord.self, from: path) == rows)
  }

  @Test func `the header stands once, whatever is appended`() throws {
    try CSVTable.write([EpochRecord](), to: path)
    try CSVTable.append([row(0)], to: path)
    try CSVTable.append([row(1)], to: path)
    let text = String(decoding: try folder.read("metrics.csv"), as: UTF8.self)
    #expect(text.split(separator: "\n").count == 3)
    #expect(text.hasPrefix("epoch,step,seconds,learning_rate,train_loss,train_accuracy,"))
  }

  @Test func `a loss that is not a number survives`() throws {
    try CSVTable.write([row(0, loss: -.nan)], to: path)
    #expect(try CSVTable.read(EpochRecord.self, from: path)[0].trainLoss.isNaN)
    #expect(String(decoding: try folder.read("metrics.csv"), as: UTF8.self).contains(",nan,"))
  }

  @Test func `a last line without its end is not a row`() throws {
    try CSVTable.write([row(0), row(1)], to: path)
    let bytes = try folder.read("metrics.csv")
    try folder.write(bytes.dropLast(7), to: "metrics.csv")
    #expect(try CSVTable.read(EpochRecord.self, from: path) == [row(0)])
  }

  @Test func `a line that is no row is named by its number`() throws {
    try CSVTable.write([row(0)], to: path)
    try folder.write(try folder.read("metrics.csv") + Array("1,2,three\n".utf8), to: "metrics.csv")
    #expect(
      throws: TableError.malformed(
        path: path, line: 3, expected: EpochRecord.columns.joined(separator: ","))
    ) { try CSVTable.read(EpochRecord.self, from: path) }
  }

  @Test func `another header is not this table`() throws {
    try folder.write(Array("a,b\n1,2\n".utf8), to: "metrics.csv")
    #expect(throws: TableError.self) { try CSVTable.read(EpochRecord.self, from: path) }
    #expect(throws: TableError.missing(path: "nowhere")) {
      try CSVTable.read(EpochRecord.self, from: "nowhere")
    }
  }
}

@Suite struct RunDirectoryTests {
  @Test func `a run's name tells time, model and optimizer, and latest points to it`() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(in: folder.path, model: "kitten", optimizer: "adam")
    try Data("{}".utf8).write(to: URL(filePath: run.record))
    run.makeLatest()
    #expect(
      run.name.wholeMatch(of: /\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_kitten_adam_[a-z2-9]{4}/) != nil)
    #expect(RunDirectory(path: "\(folder.path)/latest").name == run.name)
    let next = try RunDirectory.create(in: folder.path, model: "kitten", optimizer: "adam")
    next.makeLatest()
    #expect(RunDirectory(path: "\(folder.path)/latest/").name == next.name)
  }

  @Test func `a name that is taken is refused`() throws {
    let folder = try TemporaryFolder()
    _ = try RunDirectory.create(in: folder.path, name: "a", model: "m", optimizer: "o")
    #expect(throws: FileError(path: "\(folder.path)/a", reason: "File exists")) {
      try RunDirectory.create(in: folder.path, name: "a", model: "m", optimizer: "o")
    }
  }

  @Test func `a folder that is a file is refused with its name`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write([1], to: "runs")
    let error = #expect(throws: FileError.self) {
      try RunDirectory.create(in: file, model: "m", optimizer: "o")
    }
    #expect(error?.path.hasPrefix(file) == true)
  }
}
