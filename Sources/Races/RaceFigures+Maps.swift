internal import Optimization
package import Plotting

// Many races at once: over learning rates, and over starts.
extension RaceFigures {
  /// How high each optimizer ends, over learning rates; nil if none has one.
  package var rateMap: AxesFigure? {
    var (choices, names) = ([MarbleChoice](), [String]())
    for (choice, name) in zip(rolls.map(\.choice.withoutRate), self.names)
    where choice.hasRate && !choices.contains(choice) {
      choices.append(choice)
      names.append(name)
    }
    guard !choices.isEmpty else { return nil }
    let map = RateMap(
      choices, on: surface, from: race.start, steps: race.steps, noise: race.noise)
    return map.figure(title: "Learning rates on \(surfaceName)", names: names, theme: theme)
  }

  /// Which minimum the first optimizer rolls to, over starts.
  ///
  /// - Precondition: The surface has two dimensions.
  package var basinMap: BasinFigure {
    let map = BasinMap(
      rolls[0].choice, rate: rolls[0].rate, on: surface, steps: race.steps, noise: race.noise)
    return map.figure(title: "Where \(names[0]) rolls to on \(surfaceName)", theme: theme)
  }
}
