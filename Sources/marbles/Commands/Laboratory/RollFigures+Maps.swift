import Optimization
import Plotting

// Many races at once: over learning rates, and over starts.
extension RollFigures {
  /// Draws how high each optimizer ends, over learning rates.
  func drawRateMap(_ file: OutputFile) throws {
    let choices = report.rolls.map(\.choice).reduce(into: [MarbleChoice]()) {
      if $1.hasRate, !$0.contains($1) { $0.append($1) }
    }
    guard !choices.isEmpty else {
      throw Failure(.usage, "--rate-map needs an optimizer with a learning rate")
    }
    let map = try RateMap(
      choices, on: surface, from: race.start(), steps: report.steps, noise: race.gradientNoise)
    try file.write(map.figure(title: "Learning rates on \(surfaceName)", theme: theme))
  }

  /// Draws which minimum the first optimizer rolls to, over starts.
  func drawBasinMap(_ file: OutputFile) throws {
    guard let first = report.rolls.first else { return }
    let map = BasinMap(
      first.choice, rate: first.rate, on: surface, steps: report.steps, noise: race.gradientNoise)
    let title = "Where \(first.choice.name) rolls to on \(surfaceName)"
    try file.write(map.figure(title: title, theme: theme))
  }
}
