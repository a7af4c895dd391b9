/// What is on the playground, as the page sends it and keeps it in its address.
package struct RaceState: Codable, Hashable, Sendable {
  /// The name of a surface, or `expr:` and a formula.
  package var surface: String
  /// One number for each variable; nil for the surface's own start.
  package var start: [Double]?
  /// The lower and the upper end along each variable; nil for the surface's own window.
  package var window: [Double]?
  package var marbles: [Marble]
  /// The standard deviation of noise on the slope; nil for none.
  package var noise: Double?
  /// Of the noise; nil for 1.
  package var seed: UInt64?

  /// One marble.
  package struct Marble: Codable, Hashable, Sendable {
    /// An optimizer with its parameters, as in `momentum:momentum=0.8,rate=0.1`.
    package var optimizer: String
    package var changes: [Change]?

    /// Creates a marble.
    package init(_ optimizer: String, changes: [Change]? = nil) {
      (self.optimizer, self.changes) = (optimizer, changes)
    }
  }

  /// The same optimizer with other parameters, after a number of steps.
  package struct Change: Codable, Hashable, Sendable {
    package var step: Int
    package var optimizer: String

    /// Creates a change.
    package init(atStep step: Int, to optimizer: String) {
      (self.step, self.optimizer) = (step, optimizer)
    }
  }

  /// Creates a state.
  package init(
    _ surface: String, start: [Double]? = nil, window: [Double]? = nil, _ marbles: [Marble],
    noise: Double? = nil, seed: UInt64? = nil
  ) {
    (self.surface, self.start, self.window) = (surface, start, window)
    (self.marbles, self.noise, self.seed) = (marbles, noise, seed)
  }
}
