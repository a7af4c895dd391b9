internal import Support

/// The tables of a run as far as they are there, and what they lack.
public struct RunTables: Sendable {
  /// The rows of `metrics.csv`.
  public let epochs: [EpochRecord]
  /// A line for each table that lacks rows: which.
  public let gaps: [String]

  /// Reads the tables; an incomplete last line is no row.
  ///
  /// - Parameter addStep: Is given the rows of `steps.csv`, of which there may be very many.
  /// - Throws: `TableError` naming the line that is no row.
  public init(
    of run: RunDirectory, _ record: RunRecord, addStep: (StepRecord) -> Void
  ) throws(TableError) {
    var (epochs, steps) = ([EpochRecord](), StepRecord.first - 1)
    var epochGaps = TableGaps(EpochRecord.self, of: run.metrics)
    epochGaps.isCut = try CSVTable.forEach(EpochRecord.self, from: run.metrics) { row in
      epochs.append(row)
      epochGaps.add(row.number)
    }
    var stepGaps = TableGaps(StepRecord.self, of: run.steps)
    stepGaps.isCut = try CSVTable.forEach(StepRecord.self, from: run.steps) { row in
      steps = row.step
      stepGaps.add(row.number)
      addStep(row)
    }
    // What one table lacks at its end, the other one knows of.
    let last = max(steps, epochs.last?.step ?? 0)
    let perEpoch = record.configuration.stepsPerEpoch(trainingCount: record.trainingCount)
    // A run that is going on, or was stopped, may not have evaluated its last epoch.
    let evaluated = record.status == .finished ? last : max(0, last - 1)
    self.epochs = epochs
    gaps = [
      epochGaps.text(through: evaluated / max(1, perEpoch)), stepGaps.text(through: last),
    ].compactMap(\.self)
  }

  /// Says that a table ends within a line.
  package static func cut(_ path: String) -> String {
    "\(path): the last line is incomplete and not drawn"
  }
}

/// Finds the rows that a table lacks while its rows go by.
private struct TableGaps {
  /// Whether the last line is incomplete.
  var isCut = false
  private let path: String, unit: String
  private var next: Int
  private var missing: [ClosedRange<Int>] = []
  /// Ranges that a message names.
  private static let mostNamed = 5

  init<Row: CountedRow>(_ type: Row.Type, of path: String) {
    (self.path, unit, next) = (path, Row.unit, Row.first)
  }

  mutating func add(_ number: Int) {
    if number > next, missing.count <= Self.mostNamed { missing.append(next...(number - 1)) }
    next = max(next, number + 1)
  }

  /// Which rows up to `last` are missing; nil if none is.
  func text(through last: Int) -> String? {
    let ranges = missing + (last >= next ? [next...last] : [])
    guard !ranges.isEmpty else {
      return isCut ? RunTables.cut(path) : nil
    }
    let texts = ranges.prefix(Self.mostNamed).map { range in
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
    }
    return "\(path): the rows of these \(unit)s are missing: " + texts.joined(separator: ", ")
      + (ranges.count > Self.mostNamed ? ", …" : "")
  }
}
