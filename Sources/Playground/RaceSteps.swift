internal import Optimization
package import Races

/// Some steps of all marbles of a race.
///
/// Nothing is kept between two requests: every marble rolls again from the start, so that the same
/// state gives the same numbers, to the last bit those of `marbles roll`.
package struct RaceSteps: Encodable {
  /// The lists have a value for each step from `first` on; a marble that left the map has fewer.
  package struct Marble: Encodable {
    package var place: [[Double]] = []
    package var height: [Double] = []
    /// The exact slope there, without noise.
    package var gradient: [[Double]] = []
    /// The learning rate of the step that led there.
    package var rate: [Double] = []
    /// What the optimizer remembers, by name.
    package var memory: [[String: [Double]]] = []
    /// The arithmetic of the step that led there; only where it was asked for.
    package var words: [String]?
    /// The last step before it left the map; nil while it is near.
    package var lastStep: Int?
    /// How the roll to the last of these steps ended; only where words were asked for.
    package var outcome: String?
  }

  package let first: Int
  package let marbles: [Marble]

  /// Takes the steps.
  ///
  /// - Parameters:
  ///   - first: The first one wanted; 0 is the start.
  ///   - isExplained: Whether words are wanted.
  /// - Complexity: The steps of the race for each marble.
  package init(_ race: Race, from first: Int, isExplained: Bool) {
    self.first = first
    let outcomes = isExplained ? race.rolls().map(\.outcome.words) : []
    marbles = race.contestants.enumerated().map { index, contestant in
      var marble = RollingMarble(
        contestant.choice, on: race.surface, rate: contestant.rate, from: race.start,
        noise: race.noise, changes: contestant.changes)
      var steps = Marble()
      if isExplained {
        steps.words = []
        steps.outcome = outcomes[index]
      }
      while true {
        if marble.stepCount >= first { steps.append(marble, on: race.surface) }
        guard marble.stepCount < race.steps else { break }
        guard marble.advance() else {
          steps.lastStep = marble.stepCount - 1
          break
        }
      }
      return steps
    }
  }
}

extension RaceSteps.Marble {
  fileprivate mutating func append(_ marble: RollingMarble, on surface: Surface) {
    place.append(marble.sample.place)
    height.append(marble.sample.value)
    gradient.append(surface.valueAndGradient(at: marble.sample.place).gradient)
    rate.append(marble.rate)
    memory.append(Dictionary(uniqueKeysWithValues: marble.memory.map { ($0.name, $0.values) }))
    words?.append(marble.explanation)
  }
}
