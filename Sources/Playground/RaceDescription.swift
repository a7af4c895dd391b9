internal import Optimization
internal import Plotting
package import Races
internal import Support

/// What the page shows of a race before a step is taken: names, colors, and the command for it.
package struct RaceDescription: Encodable {
  struct Ground: Encodable {
    /// `f` for a formula.
    var name: String
    var summary: String
    /// As it is printed.
    var formula: String
    var variables: [String]
    var window: [[Double]]
    var start: [Double]
    var minima: [[Double]]
    var lowest: Double?
  }

  struct Marble: Encodable {
    var name: String
    /// The shortest text that means the same.
    var optimizer: String
    var rate: Double
    var hasRate: Bool
    /// In the light and in the dark theme.
    var colors: [String: String]
    /// Dashes and gaps of its line; none for a solid one.
    var dashes: [Double]
  }

  var surface: Ground
  var marbles: [Marble]
  /// What a shell takes to draw the same race.
  package let command: String

  /// Describes a race.
  package init(_ race: Race) {
    let ground = race.surface
    surface = Ground(
      name: ground.name.hasPrefix("expr:") ? "f" : ground.name, summary: ground.summary,
      formula: ground.printedFormula, variables: ground.formula.variables,
      window: ground.window.map { [$0.lowerBound, $0.upperBound] },
      start: race.start ?? ground.start, minima: ground.minima, lowest: ground.lowest)
    let groups = race.contestants.map(\.choice.family.colorGroup)
    let pens = Dictionary(
      uniqueKeysWithValues: Theme.onPages.map { ($0.key, $0.value.pens(for: groups)) })
    marbles = race.contestants.enumerated().map { index, contestant in
      let choice = contestant.choice
      return Marble(
        name: choice.name, optimizer: "\(choice)",
        rate: choice.rate ?? choice.defaultRate(on: ground), hasRate: choice.hasRate,
        colors: pens.mapValues { $0[index].color.hex },
        dashes: Theme.light.pens(for: groups)[index].stroke.dashes)
    }
    command = race.command
  }
}

extension Race {
  /// The command that rolls this race and draws it.
  package var command: String {
    var words = ["marbles", "roll", surface.name, "--optimizers"]
    words += contestants.map { "\($0.choice)" }
    words += ["--steps", "\(steps)"]
    if let start { words.append("--start=\(start.map(\.text).joined(separator: ","))") }
    let ends = surface.window.flatMap { [$0.lowerBound, $0.upperBound] }
    if let original = try? Surface(surface.name), original.window != surface.window {
      words.append("--window=\(ends.map(\.text).joined(separator: ","))")
    }
    if let noise {
      words += ["--noise", noise.strength.text, "--seed", "\(noise.seed)"]
    }
    for (index, contestant) in contestants.enumerated() {
      for change in contestant.changes where change.step <= steps {
        words += ["--change", "\(change.step),\(index + 1),\(change.choice)"]
      }
    }
    return (words + ["--out", "race.png"]).map(\.shellWord).joined(separator: " ")
  }
}
