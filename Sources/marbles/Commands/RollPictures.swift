import Foundation
import Optimization
import Plotting

/// The pictures of a race.
struct RollPictures {
  let report: RollReport
  let race: RaceOptions
  let theme: Theme

  private var surface: Surface { report.surface }

  private func format(_ path: String) -> CairoCanvas.FileFormat {
    CairoCanvas.FileFormat(path: path) ?? .png
  }

  func drawRace(_ path: String) throws {
    try raceFigure.write(to: path, format: format(path))
  }

  func drawAnimation(_ path: String) throws {
    try RaceAnimation(raceFigure).write(to: path)
  }

  private var title: String {
    let names = report.rolls.reduce(into: [String]()) {
      if !$0.contains($1.choice.name) { $0.append($1.choice.name) }
    }
    let marbles = names.count == 1 ? names[0] : "\(report.rolls.count) marbles"
    return "\(marbles) on \(surface.name.hasPrefix("expr:") ? "f" : surface.name)"
  }

  private var subtitle: String {
    let formula = "f(\(surface.formula.variables.joined(separator: ", "))) = \(surface.formula)"
    let printed = [("^2", "²"), ("^3", "³"), ("^4", "⁴"), ("*", "·"), ("-", "−")]
      .reduce(formula) { $0.replacing($1.0, with: $1.1) }
    return printed.count < 110 ? printed : surface.summary
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
    return facts.joined(separator: " · ")
  }

  private var raceFigure: RaceFigure {
    let ground: RaceFigure.Ground
    if surface.dimension == 2 {
      ground = .map(
        heightField(columns: 161, rows: 135), minima: surface.minima.map { DataPoint($0[0], $0[1]) }
      )
    } else {
      let (low, high) = (surface.window[0].lowerBound, surface.window[0].upperBound)
      let curve = (0...400).map { index in
        let x = low + (high - low) * Double(index) / 400
        return DataPoint(x, surface.value(at: [x]))
      }
      ground = .curve(
        curve, minima: surface.minima.map { DataPoint($0[0], surface.value(at: $0)) })
    }
    return RaceFigure(
      title: title, subtitle: subtitle,
      footer: footer + " · marbles at one place stand side by side"
        + (surface.dimension == 2 ? " · bands of equal area" : ""),
      ground: ground, paths: paths,
      isAboveLowest: surface.lowest != nil, theme: theme)
  }

  func heightField(columns: Int, rows: Int) -> HeightField {
    HeightField(
      x: surface.window[0], y: surface.window[1], columns: columns, rows: rows
    ) { surface.value(at: [$0, $1]) }
  }

  private var paths: [RacePath] {
    var seen: [String: Int] = [:]
    let isAlone = Set(report.rolls.map(\.choice.name)).count == 1
    return report.rolls.enumerated().map { index, roll in
      // The same optimizer again has its colour, and dashes of its own.
      let again = seen[roll.choice.name, default: 0]
      seen[roll.choice.name] = again + 1
      var style = MarbleStyle(optimizer: roll.choice.name)
      style.member += again
      // Colours tell optimizers apart; where there is only one they can tell its rates apart.
      if isAlone, again > 0 {
        let families = MarbleStyle.Family.allCases.filter { $0 != style.family }
        style.family = families[(index - 1) % families.count]
      }
      let points = roll.trajectory.map { sample in
        DataPoint(sample.place[0], surface.dimension == 2 ? sample.place[1] : sample.value)
      }
      let slopes =
        surface.dimension == 1
        ? roll.trajectory.map { surface.valueAndGradient(at: $0.place).gradient[0] } : []
      return RacePath(
        label: roll.choice.name, detail: roll.choice.hasRate ? roll.rate.short : "",
        outcome: roll.outcome.words, style: style, points: points,
        // Rounding may lead below the lowest place.
        values: roll.trajectory.map { sample in
          surface.lowest.map { max(sample.value - $0, 0) } ?? sample.value
        },
        slopes: slopes)
    }
  }

  func drawLandscape(_ path: String) throws {
    try LandscapeFigure(
      title: title, subtitle: subtitle, footer: footer, field: heightField(columns: 57, rows: 57),
      minima: surface.minima.map { DataPoint($0[0], $0[1]) }, paths: paths, theme: theme
    ).write(to: path, format: format(path))
  }
}

extension MarbleStyle {
  /// The one style of an optimizer in all pictures.
  init(optimizer name: String) {
    let families: [(Family, [String])] = [
      (.descent, ["sgd", "sign-sgd", "backtracking", "wolfe"]),
      (.momentum, ["momentum", "nesterov", "qhm", "conjugate-gradient"]),
      (.adagrad, ["adagrad", "adadelta"]),
      (.rmsprop, ["rmsprop", "rprop"]),
      (
        .adam,
        [
          "adam", "adamw", "amsgrad", "nadam", "radam", "adamax", "adabelief", "yogi", "adan",
          "schedule-free",
        ]
      ),
      (.other, ["lion", "muon", "lamb", "newton", "l-bfgs", "nelder-mead"]),
    ]
    for (family, members) in families {
      if let member = members.firstIndex(of: name) {
        self.init(family, member: member)
        return
      }
    }
    self.init(.other)
  }
}
