import Foundation
import Plotting
import Support
import Tensors
import Training

/// The losses and accuracies along a line of a loss surface.
struct SurfaceCut {
  /// A row of the table beside the figure.
  struct Row: Codable {
    var x: Double, loss: Double, accuracy: Double
  }

  let rows: [Row]
  private let choice: PlaneChoice
  /// The losses at 0 and at 1.
  private let ends: (start: Double, end: Double)
  private let guessing: (loss: Double, accuracy: Double)

  /// Measures a line; processes share the places.
  ///
  /// - Parameter count: Places, at least 2.
  /// - Throws: `TaskFailure`.
  init(
    _ surface: LossSurface, _ plane: LossPlane, _ choice: PlaneChoice, x: ClosedRange<Double>,
    count: Int, classCount: Int, _ workers: Workers, quiet: Bool
  ) throws {
    var bar = ProgressBar(quiet: quiet)
    defer { bar.clear() }
    let grid = LossGrid(x: x, y: 0...0, count: count)
    rows = try workers.shareTasks(count) { column in
      let x = grid.place(of: LossGrid.Point(column: column, row: 0)).x
      let found = surface.evaluation(in: plane, x: x, y: 0)
      bar.show("cut", done: column + 1, of: count, bar.remaining(done: column + 1, of: count))
      return Row(x: x, loss: found.loss, accuracy: found.accuracy)
    }
    self.choice = choice
    ends = (surface.loss(in: plane, x: 0, y: 0), surface.loss(in: plane, x: 1, y: 0))
    guessing = (surface.guessingLoss, 1 / Double(classCount))
  }

  /// The table, its head first.
  var table: [[String]] {
    [["x", "loss", "accuracy"]] + rows.map { [$0.x.text, $0.loss.text, $0.accuracy.text] }
  }

  /// What a figure shows of it.
  func plotted(over axis: String) -> PlottedLossCut {
    PlottedLossCut(
      losses: rows.map { DataPoint($0.x, $0.loss) },
      accuracies: rows.map { DataPoint($0.x, $0.accuracy) }, guessingLoss: guessing.loss,
      guessingAccuracy: guessing.accuracy, horizontal: axis)
  }

  // MARK: Words

  /// What the numbers say.
  var reading: String {
    guard let low = rows.map(\.loss).filter(\.isFinite).min() else { return "No loss is finite." }
    switch choice {
    case .through: return barrier
    case .random: return sharpness
    case .path:
      return
        "The line's lowest loss is \(low.short). Dots are snapshots at their own losses, off it."
    }
  }

  /// How far the loss rises above the straight line between those of two networks.
  ///
  /// - Source: Frankle et al., 2020, "Linear mode connectivity and the lottery ticket hypothesis".
  private var barrier: String {
    let (start, end) = ends
    let rises = rows.filter { (0...1).contains($0.x) && $0.loss.isFinite }.map {
      (row: $0, height: $0.loss - ((1 - $0.x) * start + $0.x * end))
    }
    guard let top = rises.max(by: { $0.height < $1.height }), top.height > 0 else {
      return "No barrier between them: the loss stays below the line between \(start.short) and "
        + "\(end.short)."
    }
    return "Between them the loss rises to \(top.row.loss.short), a barrier of "
      + "\(top.height.short) above the line between \(start.short) and \(end.short)."
  }

  /// How far one can go until the loss has doubled.
  private var sharpness: String {
    let loss = ends.start
    guard loss > 0 else { return "The loss at 0 is \(loss.short), which cannot double." }
    func distance(_ side: [Row]) -> Double? {
      side.first { !($0.loss < 2 * loss) }.map { abs($0.x) }
    }
    let left = distance(rows.filter { $0.x < 0 }.reversed())
    let right = distance(rows.filter { $0.x > 0 })
    switch (left, right) {
    case (nil, nil):
      return "The loss stays below twice its \(loss.short)."
    case (let left?, let right?):
      return "The loss of \(loss.short) has doubled \(left.short) to the left and "
        + "\(right.short) to the right."
    case (let left?, nil):
      return
        "The loss of \(loss.short) has doubled \(left.short) to the left, and to the right not."
    case (nil, let right?):
      return
        "The loss of \(loss.short) has doubled \(right.short) to the right, and to the left not."
    }
  }
}
