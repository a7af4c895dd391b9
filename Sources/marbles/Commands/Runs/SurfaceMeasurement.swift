import Foundation
import ImageLoading
import Plotting
import Support
import Tensors
import Training

/// Measures the losses of a grid, from coarse to fine; processes share the points.
struct SurfaceMeasurement {
  let surface: LossSurface
  let plane: LossPlane
  private(set) var grid: LossGrid
  private let workers: Workers
  /// Seconds of a point, measured first; those of the first process.
  private let pointSeconds: Double

  /// A row of the table beside the figure.
  struct Row: TableRow, Codable {
    static let columns = ["x", "y", "loss"]
    let x: Double, y: Double, loss: Double

    var values: [Double?] { [x, y, loss] }

    init(x: Double, y: Double, loss: Double) { (self.x, self.y, self.loss) = (x, y, loss) }

    init?(values: [Double?]) {
      guard let x = values[0], let y = values[1], let loss = values[2] else { return nil }
      self.init(x: x, y: y, loss: loss)
    }
  }

  /// Prepares a measurement, and times a point.
  ///
  /// - Throws: `DecodingError` if the first process is of another version.
  init(
    _ surface: LossSurface, _ plane: LossPlane, _ grid: LossGrid, _ workers: Workers
  ) throws {
    self.surface = surface
    self.plane = plane
    self.grid = grid
    self.workers = workers
    // The first pass reserves memory.
    _ = surface.loss(in: plane, x: 0, y: 0)
    let start = ContinuousClock.now
    _ = surface.loss(in: plane, x: 0, y: 0)
    pointSeconds = try workers.first((ContinuousClock.now - start).seconds)
  }

  /// About the seconds of all points that are missing, and of some others.
  func seconds(with others: Int) -> Double {
    pointSeconds * Double(grid.missing + others) / Double(workers.processCount)
  }

  /// Reads the losses of a table, if it is one of the same surface.
  ///
  /// - Throws: `TableError` if it cannot be read, or `Failure` if it is missing or its first loss
  ///   is another one.
  func rows(ofTable path: String) throws -> [Row] {
    guard !isMissing(path) else {
      throw Failure(.inputMissing, "\(path): no such table to go on with; leave out --resume")
    }
    let rows = try CSVTable.read(Row.self, from: path)
    if let row = rows.first {
      let loss = surface.loss(in: plane, x: row.x, y: row.y)
      guard loss.text == row.loss.text else {
        throw Failure(
          .data,
          "\(path): its first loss is \(row.loss.text) and not \(loss.text), so it is of another "
            + "surface; take another --out, or leave --resume out")
      }
    }
    return rows
  }

  /// Takes losses that are known.
  ///
  /// - Returns: How many.
  mutating func take(_ rows: [Row]) -> Int {
    let points = Dictionary(
      grid.rounds.flatMap(\.self).map { (key(grid.place(of: $0)), $0) }
    ) { first, _ in first }
    var count = 0
    for row in rows {
      guard let point = points[key((row.x, row.y))] else { continue }
      grid[point] = row.loss
      count += 1
    }
    return count
  }

  private func key(_ place: (x: Double, y: Double)) -> [Double] { [place.x, place.y] }

  /// About how often a picture is drawn, seconds.
  private static let interval = 5.0

  /// Measures what is missing.
  ///
  /// - Parameter draw: Is called after the first round, then every few seconds, and at the end.
  mutating func run(quiet: Bool, draw: (SurfaceMeasurement) throws -> Void) throws {
    var bar = ProgressBar(quiet: quiet)
    defer { bar.clear() }
    let total = grid.missing
    let size = max(1, Int(min(1e6, Self.interval / pointSeconds))) * workers.processCount
    let rounds = grid.rounds.map { round in round.filter { grid[$0] == nil } }
    for part in [rounds[0]] + rounds.dropFirst().flatMap(\.self).batches(of: size) {
      let before = total - grid.missing
      let losses = try workers.shareTasks(part.count) { task in
        let place = grid.place(of: part[task])
        let loss = surface.loss(in: plane, x: place.x, y: place.y)
        let done = before + task + 1
        bar.show("surface", done: done, of: total, bar.remaining(done: done, of: total))
        return loss
      }
      for (point, loss) in zip(part, losses) { grid[point] = loss }
      try draw(self)
    }
  }

  /// The losses, those not yet measured from their neighbors.
  var field: HeightField {
    let (losses, count) = (grid.filled, grid.count)
    var index = 0
    return HeightField(x: grid.x, y: grid.y, columns: count, rows: count) { _, _ in
      defer { index += 1 }
      return losses[index]
    }
  }

  /// The table, its head first.
  var table: [[String]] {
    [Row.columns] + rows.map { row in row.values.map { $0?.text ?? "" } }
  }

  /// The rows of the table, those measured, from the lowest y.
  private var rows: [Row] {
    grid.losses.indices.compactMap { index in
      let point = LossGrid.Point(column: index % grid.count, row: index / grid.count)
      let place = grid.place(of: point)
      return grid[point].map { Row(x: place.x, y: place.y, loss: $0) }
    }
  }
}
