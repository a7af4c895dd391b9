import Foundation
import Optimization
import Plotting

// Many races at once: over learning rates, and over starts.
extension RollPictures {
  /// How high each optimizer ends, over learning rates.
  func drawRateMap(_ path: String) throws {
    let surface = report.surface
    let choices = report.rolls.map(\.choice).reduce(into: [MarbleChoice]()) {
      if $1.hasRate, !$0.contains($1) { $0.append($1) }
    }
    guard !choices.isEmpty else {
      throw Failure(.usage, "--rate-map needs an optimizer with a learning rate")
    }
    let centers = choices.map { $0.defaultRate(on: surface) }
    let low = (centers.min() ?? 0.1) / 100
    let high = (centers.max() ?? 0.1) * 100
    let count = 80
    let rates = (0..<count).map { low * pow(high / low, Double($0) / Double(count - 1)) }
    let noise = race.gradientNoise
    let start = try race.start()
    let rolls = choices.map { choice in
      rates.map {
        Roll(choice, on: surface, rate: $0, from: start, steps: report.steps, noise: noise)
      }
    }
    let lowest =
      surface.lowest ?? rolls.joined().compactMap { $0.trajectory.last?.value }.min() ?? 0
    let floor = 1e-12
    let first = max((rolls[0][0].trajectory[0].value - lowest), floor)
    let ceiling = first * 100
    let lines = zip(choices, rolls).map { choice, rolls -> (MarbleChoice, [DataPoint]) in
      let points = zip(rates, rolls).map { rate, roll in
        let height = (roll.trajectory.last?.value ?? .nan) - lowest
        if case .diverged = roll.outcome { return DataPoint(rate, ceiling * 10) }
        return DataPoint(rate, max(height, floor))
      }
      return (choice, points)
    }
    let reached = lines.flatMap { $0.1.map(\.y) }.min() ?? floor
    let bottom = pow(10, Foundation.floor(log10(max(reached, floor))))
    let marks = lines.map { choice, points in
      Mark.line(
        points, MarbleStyle(optimizer: choice.name).pen(theme), label: choice.name)
    }
    try Figure(
      title: "Learning rates on \(surface.name.hasPrefix("expr:") ? "f" : surface.name)",
      subtitle:
        "where a marble is after \(report.steps.counted("step")); up and out of the picture: diverged",
      axes: [
        Axes(
          horizontal: Axis("learning rate", low...high, .logarithmic),
          vertical: Axis(
            "height above the lowest place", min(bottom, first / 10)...ceiling, .logarithmic,
            tickLimit: 8),
          marks: [.reference(first, label: "start")] + marks)
      ], footer: "\(surface.formula)", theme: theme
    ).write(to: path, format: CairoCanvas.FileFormat(path: path) ?? .png)
  }

  /// Which minimum the first optimizer rolls to, over starts.
  func drawBasinMap(_ path: String) throws {
    let surface = report.surface
    guard let contestant = report.rolls.first else { return }
    let (columns, rows) = (87, 51)
    var basins = surface.minima
    var cells: [BasinFigure.Cell] = []
    func place(_ index: Int, _ count: Int, _ range: ClosedRange<Double>) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * (Double(index) + 0.5)
        / Double(count)
    }
    func basin(at end: [Double]) -> Int? {
      basins.firstIndex { known in
        zip(known, end).allSatisfy { abs($0 - $1) < surface.extent / 40 }
      }
    }
    for row in 0..<rows {
      for column in 0..<columns {
        let roll = Roll(
          contestant.choice, on: surface, rate: contestant.rate,
          from: [
            place(column, columns, surface.window[0]), place(row, rows, surface.window[1]),
          ], steps: report.steps, noise: race.gradientNoise)
        let end = roll.trajectory.last?.place ?? []
        switch roll.outcome {
        case .minimum(let step):
          cells.append(
            .init(basin: basin(at: end), time: Double(step) / Double(report.steps)))
        case .localMinimum:
          if basin(at: end) == nil { basins.append(end) }
          cells.append(.init(basin: basin(at: end), time: 1))
        default: cells.append(.init(basin: nil, time: 1))
        }
      }
    }
    try BasinFigure(
      title:
        "Where \(contestant.choice.name) rolls to on \(surface.name.hasPrefix("expr:") ? "f" : surface.name)",
      subtitle:
        "each start has the colour of the minimum that is reached from it, paler the longer it takes; none: nothing reached",
      footer:
        "\(contestant.choice), learning rate \(contestant.rate.short) · \(report.steps.counted("step")) · ★ minimum",
      x: surface.window[0], y: surface.window[1], columns: columns, cells: cells,
      basins: basins.map { DataPoint($0[0], $0[1]) }, theme: theme
    ).write(to: path, format: CairoCanvas.FileFormat(path: path) ?? .png)
  }
}
