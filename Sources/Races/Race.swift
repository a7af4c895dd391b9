package import Optimization

/// Marbles that roll together from one place on one surface.
package struct Race: Sendable {
  /// What moves a marble.
  package struct Contestant: Hashable, Sendable {
    package var choice: MarbleChoice
    /// Nil for the choice's own, or its default on the surface.
    package var rate: Double?
    package var changes: [Roll.Change]

    /// Creates a contestant.
    package init(_ choice: MarbleChoice, rate: Double? = nil, changes: [Roll.Change] = []) {
      (self.choice, self.rate, self.changes) = (choice, rate, changes)
    }
  }

  package var surface: Surface
  /// Nil for the surface's own.
  package var start: [Double]?
  package var contestants: [Contestant]
  /// The most steps of a marble.
  package var steps: Int
  package var noise: GradientNoise?
  /// Whether each learning rate is the best that is found.
  package var isTuned: Bool

  /// Prepares a race.
  package init(
    on surface: Surface, from start: [Double]? = nil, _ contestants: [Contestant], steps: Int,
    noise: GradientNoise? = nil, isTuned: Bool = false
  ) {
    (self.surface, self.start, self.contestants) = (surface, start, contestants)
    (self.steps, self.noise, self.isTuned) = (steps, noise, isTuned)
  }

  /// Lets all marbles roll.
  ///
  /// - Parameter isExplained: Whether explanations of the steps are kept.
  /// - Returns: One roll for each contestant.
  package func rolls(isExplained: Bool = false) -> [Roll] {
    contestants.map { contestant in
      let rate =
        isTuned
        ? Roll.bestRate(
          of: contestant.choice, on: surface, from: start, steps: steps, noise: noise)
        : contestant.rate
      return Roll(
        contestant.choice, on: surface, rate: rate, from: start, steps: steps, noise: noise,
        changes: contestant.changes, isExplained: isExplained)
    }
  }
}
