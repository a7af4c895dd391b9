import Optimization
import Plotting

// Many races at once: over learning rates, and over starts.
extension RollFigures {
  /// Draws how high each optimizer ends, over learning rates.
  func drawRateMap(_ file: OutputFile) throws {
    var (choices, names) = ([MarbleChoice](), [String]())
    for (choice, name) in zip(report.rolls.map(\.choice), self.names)
    where choice.hasRate && !choices.contains(choice) {
      choices.append(choice)
      names.append(name)
    }
    guard !choices.isEmpty else {
      throw Failure(.usage, "--rate-map needs an optimizer with a learning rate")
    }
    let map = try RateMap(
      choices, on: surface, from: race.start(), steps: report.steps, noise: race.gradientNoise)
    try file.write(
      map.figure(title: "Learning rates on \(surfaceName)", names: names, theme: theme), look)
  }

  /// Draws which minimum the first optimizer rolls to, over starts.
  func drawBasinMap(_ file: OutputFile) throws {
    guard let first = report.rolls.first else { return }
    let map = BasinMap(
      first.choice, rate: first.rate, on: surface, steps: report.steps, noise: race.gradientNoise)
    let title = "Where \(names[0]) rolls to on \(surfaceName)"
    try file.write(map.figure(title: title, theme: theme), look)
  }
}
