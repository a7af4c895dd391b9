/// All that makes a small network and its training, as the page sends it and keeps it in its
/// address.
package struct NetworkState: Codable, Hashable, Sendable {
  /// A set of points, or `sketches`.
  package var data: String
  /// Samples, those that are held out included, but not those that were added.
  package var count: Int
  /// How far points stray, 0…1; ignored for sketches.
  package var noise: Double
  /// The fraction held out for validation, 0…0.9.
  package var validation: Double
  /// Determines the data, the initial weights and the order of every epoch.
  package var seed: UInt64
  /// Points that were added for training: x, y and class.
  package var points: [[Double]]?
  /// Neurons of each hidden layer; of sketches, filters of each convolution.
  package var layers: [Int]
  /// A layer without parameters, as in `tanh`.
  package var activation: String
  /// As on the command line of `marbles train`.
  package var objective: String, optimizer: String
  package var rate: Float
  package var batch: Int
  /// Other rates on the way, in order.
  package var changes: [Change]?

  /// Another learning rate.
  package struct Change: Codable, Hashable, Sendable {
    /// Steps taken before the first with this rate.
    package var step: Int
    package var rate: Float

    /// Creates a change.
    package init(atStep step: Int, rate: Float) { (self.step, self.rate) = (step, rate) }
  }

  /// Creates a state.
  package init(
    _ data: String, count: Int = 300, noise: Double = 0.2, validation: Double = 0.3,
    seed: UInt64 = 1, layers: [Int] = [4, 4], activation: String = "tanh",
    objective: String = "cross-entropy", optimizer: String = "adam", rate: Float = 0.01,
    batch: Int = 16
  ) {
    (self.data, self.count, self.noise, self.validation) = (data, count, noise, validation)
    (self.seed, self.layers, self.activation) = (seed, layers, activation)
    (self.objective, self.optimizer, self.rate, self.batch) = (objective, optimizer, rate, batch)
  }

  /// The rate of a step, counted from 0.
  func rate(ofStep step: Int) -> Float {
    changes?.last { $0.step <= step }?.rate ?? rate
  }

  /// What must be the same for a training to go on from a step that it has reached.
  func course(to step: Int) -> NetworkState {
    var course = self
    course.changes = changes?.filter { $0.step < step }
    if course.changes?.isEmpty == true { course.changes = nil }
    return course
  }
}
