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
  /// that come twice, are dropped where the others are whole without them; not what somebody has
  /// written between them.
  ///
  /// - Returns: The rows, and how many lines before the last of them were dropped.
  /// - Throws: `TableError`, if a row up to `last` is not there, or if a line is somebody else's.
  static func recover<Row: CountedRow>(
    _ type: Row.Type = Row.self, from path: String, through last: Int
  ) throws(TableError) -> (rows: [Row], damagedLines: Int) {
    var rows: [Row] = []
    var damaged = 0
    var next = Row.first
    func keep(_ number: Int, _ line: ArraySlice<UInt8>) throws(TableError) {
      if let row = row(Row.self, line), row.number == next {
        if next <= last { rows.append(row) }
        next += 1
      } else if isWritten(line) || isExtended(line, Row.self, next) {
        throw .written(path: path, line: number)
      } else if next <= last {
        damaged += 1
      }
    }
    do throws(TableError) {
      let torn = try forEachLine(of: path, Row.self, keep)
      if let torn, isWritten(torn.line) {
        throw .written(path: path, line: torn.number)
      }
    } catch {
      // Of no table, all rows are missing.
      guard case .missing = error else { throw error }
    }
    guard Row.first + rows.count > last else {
      throw .incomplete(path: path, unit: Row.unit, number: Row.first + rows.count, last: last)
    }
    return (rows, damaged)
  }

  /// Whether a line is a text that neither a row nor a part of one has: a person's.
  private static func isWritten(_ line: ArraySlice<UInt8>) -> Bool {
    guard line.allSatisfy({ $0 >= 32 || $0 == UInt8(ascii: "\t") }),
      let text = String(validating: line, as: UTF8.self)
    else { return false }
    return text.split(separator: ",").contains { field in
      !field.allSatisfy { "0123456789+-.eE".contains($0) } && !"nan".contains(field)
        && !"-inf".contains(field)
    }
  }

  /// Whether a line is a row with more columns.
  private static func isExtended<Row: CountedRow>(
    _ line: ArraySlice<UInt8>, _ type: Row.Type, _ number: Int
  ) -> Bool {
    let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard fields.count > Row.columns.count else { return false }
    let own = fields.prefix(Row.columns.count).joined(separator: [UInt8(ascii: ",")])
    return row(Row.self, Array(own)[...])?.number == number
  }

  /// The row that a line stands for; nil if it is none.
  static func row<Row: TableRow>(_ type: Row.Type, _ line: ArraySlice<UInt8>) -> Row? {
    var values: [Double?] = []
    values.reserveCapacity(Row.columns.count)
    var start = line.startIndex
    while true {
      let end = line[start...].firstIndex(of: UInt8(ascii: ",")) ?? line.endIndex
      if start == end {
        values.append(nil)
      } else {
        guard let value = number(line[start..<end]) else { return nil }
        values.append(value)
      }
      guard end < line.endIndex else { break }
      start = end + 1
    }
    return values.count == Row.columns.count ? Row(values: values) : nil
  }

  /// The number that bytes stand for; nil if they are none.
  private static func number(_ field: ArraySlice<UInt8>) -> Double? {
    if let number = DecimalNumber.read(field) { return number }
    // A number is read up to a zero byte, which a power cut leaves.
    return field.contains(0) ? nil : Double(String(decoding: field, as: UTF8.self))
  }
}

extension CSVTable {
  /// The readings of the clock up to the last one that a state knows, as far as they are there.
  static func readings(
    from path: String, through last: ClockReading?
  ) throws(TableError) -> [ClockReading] {
    guard let last else { return [] }
    var readings: [ClockReading] = []
    do throws(TableError) {
      _ = try forEachLine(of: path, ClockReading.self) { _, line throws(TableError) in
        if let reading = row(ClockReading.self, line), reading.step <= last.step {
          readings.append(reading)
        }
      }
    } catch {
      guard case .missing = error else { throw error }
    }
    // A step may have been read twice: before and after something that takes time.
    return readings.last == last ? readings : readings + [last]
  }
}

extension CSVTable {
  /// The rows of `layers.csv` up to a step, as far as they are there: a run that began before there
  /// was this table has only later ones.
  ///
  /// - Returns: The rows, and how many lines before the last of them were dropped.
  /// - Throws: `TableError` if a line is somebody else's.
  static func layers(
    from path: String, through last: Int
  ) throws(TableError) -> (rows: [LayerRecord], damagedLines: Int) {
    var rows: [LayerRecord] = []
    var damaged = 0
    func keep(_ number: Int, _ line: ArraySlice<UInt8>) throws(TableError) {
      if let row = row(LayerRecord.self, line) {
        let isNext = rows.last.map { ($0.step, $0.array) < (row.step, row.array) } ?? true
        if isNext, row.step <= last { rows.append(row) } else if !isNext { damaged += 1 }
      } else if isWritten(line) {
        throw .written(path: path, line: number)
      } else {
        damaged += 1
      }
    }
    do throws(TableError) {
      let torn = try forEachLine(of: path, LayerRecord.self, keep)
      if let torn, isWritten(torn.line) { throw .written(path: path, line: torn.number) }
    } catch {
      guard case .missing = error else { throw error }
    }
    return (rows, damaged)
  }
}

/// The tables of a run as far as a saved state counts their rows.
struct RecoveredTables {
  private(set) var epochs: (rows: [EpochRecord], damagedLines: Int) = ([], 0)
  private(set) var steps: (rows: [StepRecord], damagedLines: Int) = ([], 0)
  private(set) var layers: (rows: [LayerRecord], damagedLines: Int) = ([], 0)
  private let readings: [ClockReading]?

  /// Reads them; those of a run that has not begun have no rows.
  ///
  /// - Throws: `TableError` if a row is not there or not the run's.
  init(
    of run: RunDirectory, through progress: TrainingState.Progress, hasBegun: Bool, hasClock: Bool
  ) throws(TableError) {
    readings =
      hasClock ? try CSVTable.readings(from: run.clock, through: progress.clock) : nil
    guard hasBegun else { return }
    epochs = try CSVTable.recover(from: run.metrics, through: progress.epoch)
    // Which epoch a budgeted run keeps is not known from its losses.
    try epochs.rows.check(against: progress, isLowest: !hasClock, run.metrics)
    steps = try CSVTable.recover(from: run.steps, through: progress.step)
    layers = try CSVTable.layers(from: run.layers, through: progress.step)
  }

  /// Writes them, without what came after.
  func write(to run: RunDirectory) throws(FileError) {
    try CSVTable.write(epochs.rows, to: run.metrics)
    try CSVTable.write(steps.rows, to: run.steps)
    try CSVTable.write(layers.rows, to: run.layers)
    if let readings { try CSVTable.write(readings, to: run.clock) }
  }
}

extension [EpochRecord] {
  /// Refuses rows of another run, or changed ones, as far as the saved state tells.
  ///
  /// - Parameter isLowest: Whether the best epoch is the one with the lowest loss.
  /// - Throws: `TableError.foreign` if the loss of the best epoch is another one.
  func check(
    against progress: TrainingState.Progress, isLowest: Bool, _ path: String
  ) throws(TableError) {
    let losses = compactMap(\.validationLoss)
    guard let epoch = progress.bestEpoch, let loss = progress.bestLoss, !losses.isEmpty else {
      return
    }
    guard contains(where: { $0.epoch == epoch && $0.validationLoss == loss }),
      !isLowest || !losses.contains(where: { $0 < loss })
    else { throw .foreign(path: path, epoch: epoch, loss: loss) }
  }
}

extension RunDirectory {
  /// Where the best network of a saved state is: in the last checkpoint until it is saved on its
  /// own, which comes after the state.
  func bestCheckpoint(of progress: TrainingState.Progress) -> String {
    // Inside an epoch, the last network may be another one.
    guard progress.isBetweenEpochs, progress.bestEpoch == progress.epoch,
      step(ofCheckpoint: bestCheckpoint) != progress.step,
      step(ofCheckpoint: lastCheckpoint) == progress.step
    else { return bestCheckpoint }
    return lastCheckpoint
  }

  /// The step that a checkpoint is of; nil if it does not say.
  private func step(ofCheckpoint path: String) -> Int? {
    struct Description: Decodable { var step: Int }
    let text = (try? SafeTensors(contentsOf: path))?.metadata[Checkpoint.metadataKey]
    let description = text.flatMap {
      try? jsonDecoder().decode(Description.self, from: Data($0.utf8))
    }
    return description?.step
  }

  /// Saves the best network where a kill came between the state and it.
  func completeBest(of progress: TrainingState.Progress) throws(FileError) {
    let path = bestCheckpoint(of: progress)
    guard path != bestCheckpoint else { return }
    try copy(path, to: bestCheckpoint)
  }

  /// Saves what a run goes back to when it diverges, where it was not to until now; removes it
  /// where it no longer is.
  func completeReturnState(
    of progress: TrainingState.Progress, _ action: DivergenceAction?
  ) throws(FileError) {
    guard action == .retry else {
      unsafe unlink(returnState)
      return
    }
    guard progress.isBegun, !FileManager.default.fileExists(atPath: returnState) else { return }
    try copy(state, to: returnState)
  }

  private func copy(_ path: String, to copy: String) throws(FileError) {
    let bytes: [UInt8]
    do {
      bytes = try PlainFile.bytes(of: path)
    } catch {
      throw FileError(path: path, reason: error.reason)
    }
    try AtomicFile.write(Data(bytes), to: copy)
  }

  /// Drops what a kill or a power cut left of the last lines of `events.jsonl`.
  ///
  /// - Returns: How many lines were dropped.
  func recoverEvents() throws(FileError) -> Int {
    let data: Data
    do {
      data = Data(try PlainFile.bytes(of: events))
    } catch {
      if error.isMissing { return 0 }
      throw FileError(path: events, reason: error.reason)
    }
    let lines = data.split(separator: UInt8(ascii: "\n"))
    let whole = lines.filter { (try? JSONSerialization.jsonObject(with: $0)) != nil }
    let text = whole.reduce(into: Data()) { $0 += $1 + [UInt8(ascii: "\n")] }
    // Also unchanged: a link to the old file, as snapshots have, is not added to.
    try AtomicFile.write(text, to: events)
    return lines.count - whole.count
  }
}
