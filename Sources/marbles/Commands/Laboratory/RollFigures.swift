import Foundation
import Optimization
import Plotting
import Support

/// The figures of a race.
struct RollFigures {
  let report: RollReport
  let race: RaceOptions
  /// What the marbles are called, in their order.
  let names: [String]
  let look: FigureLook

  var theme: Theme { look.theme }
  var surface: Surface { report.surface }

  func drawRace(_ file: OutputFile) throws {
    try file.write(raceFigure(reading: report.reading(names)), look)
  }

  func drawAnimation(_ file: OutputFile) throws {
    try file.write(raceAnimation.encoded().bytes)
  }

  func drawLandscape(_ file: OutputFile) throws {
    let figure = LandscapeFigure(
      title: title, reading: report.reading(names), subtitle: subtitle, footer: footer,
      field: heightField(columns: 57, rows: 57), minima: minima, paths: paths, theme: theme)
    try file.write(figure, look)
  }

  // MARK: Words

  /// The name of the surface in titles.
  var surfaceName: String { surface.name.hasPrefix("expr:") ? "f" : surface.name }

  private var title: String {
    let marbles = Set(names).count == 1 ? names[0] : "\(report.rolls.count) marbles"
    return "\(marbles) on \(surfaceName)"
  }

  private var subtitle: String {
    surface.printedFormula.count < 110 ? surface.printedFormula : surface.summary
  }

  private var footer: String {
    let start = report.rolls.first?.trajectory.first?.place ?? surface.start
    var facts = [
      "from (\(start.map(\.short).joined(separator: ", ")))".replacing("-", with: "−"),
      report.steps.counted("step"),
    ]
    if race.tune { facts.append("learning rates tuned for each") }
    if race.noise > 0 { facts.append("noise \(race.noise.short) on the slope, seed \(race.seed)") }
    if !surface.minima.isEmpty { facts.append("★ lowest place") }
    facts.append("○ start")
    return facts.joined(separator: " · ")
  }

  // MARK: Values

  private func raceFigure(reading: String) -> RaceFigure {
    RaceFigure(
      title: title, reading: reading, subtitle: subtitle,
      footer: footer + (surface.dimension == 2 ? " · bands of equal area" : ""),
      ground: ground, paths: paths, isAboveLowest: surface.lowest != nil, theme: theme)
  }

  /// The race on its way, which does not say beforehand how it ends.
  var raceAnimation: MarbleAnimation {
    look.animation(raceFigure(reading: ""))
  }

  private var ground: RaceFigure.Ground {
    guard surface.dimension == 1 else {
      return .map(heightField(columns: 161, rows: 135), minima: minima)
    }
    let (low, high) = (surface.window[0].lowerBound, surface.window[0].upperBound)
    let curve = (0...400).map { index in
      let x = low + (high - low) * Double(index) / 400
      return DataPoint(x, surface.value(at: [x]))
    }
    return .curve(curve, minima: minima)
  }

  private var minima: [DataPoint] { surface.minima.map { point(at: $0) } }

  /// A place of the surface as it is drawn: x and y on a map, x and height on a curve.
  private func point(at place: [Double]) -> DataPoint {
    DataPoint(place[0], surface.dimension == 2 ? place[1] : surface.value(at: place))
  }

  private func heightField(columns: Int, rows: Int) -> HeightField {
    HeightField(
      x: surface.window[0], y: surface.window[1], columns: columns, rows: rows
    ) { surface.value(at: [$0, $1]) }
  }

  private var paths: [RacePath] { zip(report.rolls, names).map(path) }

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
  /// The formula as it is written on paper.
  var printedFormula: String {
    let formula = "f(\(self.formula.variables.joined(separator: ", "))) = \(self.formula)"
    return [("^2", "²"), ("^3", "³"), ("^4", "⁴"), ("*", "·"), ("-", "−")]
      .reduce(formula) { $0.replacing($1.0, with: $1.1) }
  }
}
