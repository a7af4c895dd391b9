package import Optimization
package import Plotting
internal import Support

/// Which minimum an optimizer rolls to, over a grid of starts.
package struct BasinMap {
  let surface: Surface
  let steps: Int
  let choice: MarbleChoice
  let rate: Double
  /// Starts along x.
  package let columns: Int
  /// Row by row from the lowest y.
  package private(set) var cells: [BasinFigure.Cell] = []
  /// The known minima, and others that were found.
  package private(set) var minima: [[Double]]

  /// Rolls a marble from every start.
  ///
  /// - Parameters:
  ///   - columns: Starts along x.
  ///   - rows: Starts along y.
  /// - Precondition: The surface has two dimensions.
  package init(
    _ choice: MarbleChoice, rate: Double, on surface: Surface, steps: Int, noise: GradientNoise?,
    columns: Int = 87, rows: Int = 51
  ) {
    self.columns = columns
    (self.surface, self.steps, self.choice, self.rate) = (surface, steps, choice, rate)
    minima = surface.minima
    for row in 0..<rows {
      for column in 0..<columns {
        let start = [
          Self.middle(of: column, columns, surface.window[0]),
          Self.middle(of: row, rows, surface.window[1]),
        ]
        add(Roll(choice, on: surface, rate: rate, from: start, steps: steps, noise: noise))
      }
    }
  }

  private static func middle(
    of index: Int, _ count: Int, _ range: ClosedRange<Double>
  ) -> Double {
    let width = range.upperBound - range.lowerBound
    return range.lowerBound + width * (Double(index) + 0.5) / Double(count)
  }

  private mutating func add(_ roll: Roll) {
    let end = roll.trajectory.last?.place ?? []
    switch roll.outcome {
    case .minimum(let step):
      cells.append(.init(basin: minimum(near: end), time: Double(step) / Double(steps)))
    case .localMinimum:
      if minimum(near: end) == nil { minima.append(end) }
      cells.append(.init(basin: minimum(near: end), time: 1))
    default: cells.append(.init(basin: nil, time: 1))
    }
  }

  private func minimum(near end: [Double]) -> Int? {
    minima.firstIndex { known in
      zip(known, end).allSatisfy { abs($0 - $1) < surface.extent / 40 }
    }
  }

  /// How many starts lead to each minimum, those of most starts first.
  private var reading: String {
    let shown = 2
    let counts = minima.indices.map { basin in (basin, cells.count { $0.basin == basin }) }
      .filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }
    func part(_ count: Int) -> String {
      (Double(count) / Double(cells.count)).percentage(decimals: 0)
    }
    var parts = counts.prefix(shown).map { basin, count in
      "\(part(count)) to (\(minima[basin].map { $0.decimal(2) }.joined(separator: ", ")))"
    }
    let others = counts.dropFirst(shown)
    if !others.isEmpty {
      parts.append("\(part(others.reduce(0) { $0 + $1.1 })) to \(others.count.counted("other"))")
    }
    let lost = cells.count { $0.basin == nil }
    if lost > 0 { parts.append("\(part(lost)) to none") }
    return "Of all starts, \(parts.joined(separator: ", "))."
  }

  /// The map as a figure.
  package func figure(title: String, theme: Theme) -> BasinFigure {
    BasinFigure(
      title: title, reading: reading,
      subtitle: "each start has the color of the minimum it leads to, fainter the longer it takes; "
        + "without color: to none",
      footer: "\(choice), learning rate \(rate.short) · \(steps.counted("step")) · ★ minimum",
      x: surface.window[0], y: surface.window[1], columns: columns, cells: cells,
      basins: minima.map { DataPoint($0[0], $0[1]) }, theme: theme)
  }
}
