internal import ConvNet
internal import ImageLoading
internal import LocalServer
internal import Optimization
internal import Support
internal import Tensors
internal import Training

/// A state whose every field has been checked, with what follows from it.
struct NetworkPlan {
  /// What may be asked for.
  enum Limits {
    static let layers = 1...4, neurons = 1...8, samples = 20...1000, sketches = 40...400
    static let noise = 0.0...1.0, validation = 0.0...0.9, batch = 1...256
    static let added = 100, changes = 50, text = 200, steps = 0...100_000
  }

  let state: NetworkState
  let network: Network
  let objective: any Objective
  let objectiveChoice: ObjectiveChoice
  let optimizer: OptimizerChoice
  let subject: any Subject

  /// - Throws: `FieldError`.
  init(_ state: NetworkState, sketches: PracticeSet) throws(FieldError) {
    self.state = state
    try check("validation", state.validation, in: Limits.validation)
    try check("noise", state.noise, in: Limits.noise)
    try check("batch", state.batch, in: Limits.batch)
    try check("layers", state.layers.count, in: Limits.layers)
    for neurons in state.layers { try check("layers", neurons, in: Limits.neurons) }
    try check("rate", Double(state.rate), in: 1e-9...1e6)
    try check("changes", state.changes?.count ?? 0, in: 0...Limits.changes)
    for change in state.changes ?? [] {
      try check("changes", change.step, in: Limits.steps)
      try check("changes", Double(change.rate), in: 1e-9...1e6)
    }
    let steps = (state.changes ?? []).map(\.step)
    guard zip(steps, steps.dropFirst()).allSatisfy(<) else {
      throw FieldError(field: "changes", message: "expected steps that ascend")
    }
    guard NetworkPage.activations.contains(state.activation) else {
      throw FieldError(
        field: "activation", message: "expected \(NetworkPage.activations.joined(separator: ", "))")
    }
    for (name, text) in [("objective", state.objective), ("optimizer", state.optimizer)] {
      guard text.utf8.count <= Limits.text else {
        throw FieldError(field: name, message: "expected at most \(Limits.text) characters")
      }
    }
    optimizer = try choice("optimizer") { () throws(ChoiceError) in
      try OptimizerChoice(state.optimizer)
    }
    let objectiveChoice = try choice("objective") { () throws(ChoiceError) in
      try ObjectiveChoice(state.objective)
    }
    self.objectiveChoice = objectiveChoice
    objective = try choice("objective") { () throws(ChoiceError) in
      try objectiveChoice.makeObjective(classCount: 2)
    }
    if state.data == PracticeSet.name {
      try check("count", state.count, in: Limits.sketches)
      guard state.points?.isEmpty ?? true else {
        throw FieldError(field: "points", message: "there is no plane; leave them out")
      }
      subject = try SketchSubject(state, sketches)
    } else {
      try check("count", state.count, in: Limits.samples)
      subject = try PointSubject(state)
    }
    do {
      network = try Network(
        Architecture(subject.architecture(state)), inputShape: subject.inputShape, classCount: 2)
    } catch {
      throw FieldError(field: "layers", message: "\(error)")
    }
  }

  /// A training at a place, or at its beginning.
  func training(from place: SteppedTraining.Place?) -> SteppedTraining {
    SteppedTraining(
      network, subject.source, objective: objective,
      optimizer: optimizer.makeOptimizer(layout: network.parameterLayout), seed: state.seed,
      from: place, workers: Workers(count: 1))
  }
}

private func check<Value: Comparable>(
  _ field: String, _ value: Value, in range: ClosedRange<Value>
) throws(FieldError) {
  guard range.contains(value) else {
    throw FieldError(
      field: field, message: "\(value), expected \(range.lowerBound) to \(range.upperBound)")
  }
}

private func choice<Value>(
  _ field: String, _ read: () throws(ChoiceError) -> Value
) throws(FieldError) -> Value {
  do throws(ChoiceError) {
    return try read()
  } catch {
    throw FieldError(field: field, message: error.description)
  }
}

/// What a network learns to tell apart.
protocol Subject {
  /// Of one sample.
  var inputShape: Shape { get }
  var source: any SampleSource { get }
  /// Samples of each part.
  func count(of part: Split.Part) -> Int
  /// The layers of a state.
  func architecture(_ state: NetworkState) -> String
  /// How a network judges a part that is not empty.
  func evaluate(
    _ part: Split.Part, _ network: Network, _ values: NetworkValues, _ objective: any Objective
  ) -> Evaluation
}

extension FieldError {
  /// Checks the number of a sample.
  static func check(sample: Int, of count: Int) throws(FieldError) {
    guard (0..<count).contains(sample) else {
      throw FieldError(field: "sample", message: "\(sample + 1), expected 1 to \(count)")
    }
  }
}
