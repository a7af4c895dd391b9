internal import Foundation
package import Optimization
package import Plotting
internal import Support

/// The figures of a race.
package struct RaceFigures {
  let race: Race
  /// One for each contestant.
  let rolls: [Roll]
  /// What the marbles are called, in their order.
  let names: [String]
  let theme: Theme

  /// Prepares the figures.
  ///
  /// - Parameters:
  ///   - rolls: One for each contestant of the race.
  ///   - names: One for each, or nil for those of the optimizers.
  /// - Precondition: There is a marble.
  package init(_ race: Race, _ rolls: [Roll], names: [String]? = nil, theme: Theme) {
    let names = names ?? rolls.map(\.choice.name)
    precondition(!rolls.isEmpty && names.count == rolls.count, "\(names) for \(rolls.count) rolls")
    (self.race, self.rolls, self.names, self.theme) = (race, rolls, names, theme)
  }

  var surface: Surface { race.surface }

  /// The paths on the surface, and the heights over the steps.
  package var map: RaceFigure { map(reading: reading) }

  /// The same to be set in motion: it does not say beforehand how the race ends.
  package var movingMap: RaceFigure { map(reading: "") }

  private func map(reading: String) -> RaceFigure {
    RaceFigure(
      title: title, reading: reading, subtitle: subtitle,
      footer: footer + (surface.dimension == 2 ? " · bands of equal area" : ""),
      ground: ground, paths: paths, isAboveLowest: surface.lowest != nil, theme: theme)
  }

  /// The surface in three dimensions, and the paths on it.
  ///
  /// - Precondition: The surface has two dimensions.
  package var landscape: LandscapeFigure {
    LandscapeFigure(
      title: title, reading: reading, subtitle: subtitle, footer: footer,
      field: heightField(columns: 57, rows: 57), minima: minima, paths: paths, theme: theme)
  }

  // MARK: Words

  /// The name of the surface in titles.
  var surfaceName: String { surface.name.hasPrefix("expr:") ? "f" : surface.name }

  private var title: String {
    let marbles = Set(names).count == 1 ? names[0] : "\(rolls.count) marbles"
    return "\(marbles) on \(surfaceName)"
  }

  private var subtitle: String {
    surface.printedFormula.count < 110 ? surface.printedFormula : surface.summary
  }

  private var footer: String {
    let start = rolls.first?.trajectory.first?.place ?? surface.start
    var facts = [
      "from (\(start.map(\.short).joined(separator: ", ")))".replacing("-", with: "−"),
      race.steps.counted("step"),
    ]
    if race.isTuned { facts.append("learning rates tuned for each") }
    if let noise = race.noise {
      facts.append("noise \(noise.strength.short) on the slope, seed \(noise.seed)")
    }
    if race.contestants.contains(where: { !$0.changes.isEmpty }) {
      facts.append("changed on the way")
    }
    if !surface.minima.isEmpty { facts.append("★ lowest place") }
    facts.append("○ start")
    return facts.joined(separator: " · ")
  }

  // MARK: Values

  private var ground: RaceFigure.Ground {
    surface.dimension == 1
      ? .curve(surface.curve, minima: minima)
      : .map(heightField(columns: 161, rows: 135), minima: minima)
  }

  private var minima: [DataPoint] { surface.minima.map { point(at: $0) } }

  /// A place of the surface as it is drawn: x and y on a map, x and height on a curve.
  private func point(at place: [Double]) -> DataPoint {
    DataPoint(place[0], surface.dimension == 2 ? place[1] : surface.value(at: place))
  }

  private func heightField(columns: Int, rows: Int) -> HeightField {
    surface.heightField(columns: columns, rows: rows)
  }

  private var paths: [RacePath] { zip(rolls, names).map(path) }

  private func path(of roll: Roll, _ name: String) -> RacePath {
    RacePath(
      label: name, detail: roll.choice.hasRate ? roll.rate.short : "",
      outcome: roll.outcome.words, group: roll.choice.family.colorGroup,
      points: roll.trajectory.map { point(at: $0.place) },
      // Rounding may lead below the lowest place.
      values: roll.trajectory.map { sample in
        surface.lowest.map { max(sample.value - $0, 0) } ?? sample.value
      },
      slopes: surface.dimension == 1
        ? roll.trajectory.map { surface.valueAndGradient(at: $0.place).gradient[0] } : [])
  }
}

extension Surface {
  /// Heights on a grid over the window of a surface of two dimensions.
  package func heightField(columns: Int, rows: Int) -> HeightField {
    HeightField(x: window[0], y: window[1], columns: columns, rows: rows) { value(at: [$0, $1]) }
  }

  /// Heights along the window of a surface of one dimension.
  package var curve: [DataPoint] {
    let (low, high) = (window[0].lowerBound, window[0].upperBound)
    return (0...400).map { index in
      let x = low + (high - low) * Double(index) / 400
      return DataPoint(x, value(at: [x]))
    }
  }

  /// The formula as it is written on paper.
  package var printedFormula: String {
    let formula = "f(\(self.formula.variables.joined(separator: ", "))) = \(self.formula)"
    return [("^2", "²"), ("^3", "³"), ("^4", "⁴"), ("*", "·"), ("-", "−")]
      .reduce(formula) { $0.replacing($1.0, with: $1.1) }
  }
}
