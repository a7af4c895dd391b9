internal import Tensors

/// A marble moved by an optimizer, by the same steps that train a network.
struct OptimizerMarble: Marble {
  private var optimizer: any Optimizer
  private var learningRate: Float
  /// A vector of two elements is too short to share.
  private let workers = Workers(count: 1)
  private var state: OptimizerState
  private var parameters: [Float]
  private var lastStep: OptimizerStep?

  init(_ choice: OptimizerChoice, learningRate: Float, start: [Double]) {
    self.learningRate = learningRate
    optimizer = choice.makeOptimizer(layout: .marble(dimension: start.count))
    state = optimizer.makeState(parameterCount: start.count)
    parameters = start.map(Float.init)
  }

  /// Where it is; an average of the path if the optimizer evaluates one.
  var place: [Double] {
    (optimizer.evaluationParameters(parameters, state: state) ?? parameters).map(Double.init)
  }

  mutating func step(on slope: Slope) {
    func gradient(_ point: [Float]) -> [Float] {
      slope.gradient(at: point.map(Double.init)).map(Float.init)
    }
    let (before, oldState) = (parameters, state)
    let here = gradient(parameters)
    let perturbed = optimizer.perturbedParameters(parameters, gradients: here, workers: workers)
    let used = perturbed.map(gradient) ?? here
    optimizer.step(
      &parameters, gradients: used, learningRate: learningRate, state: &state, workers: workers)
    lastStep = OptimizerStep(
      learningRate: learningRate, gradient: used, before: before, after: parameters,
      oldState: oldState, state: state)
  }

  /// The vectors that the optimizer remembers.
  var memory: [(name: String, values: [Double])] {
    zip(optimizer.memoryNames, state.memory).map { ($0, $1.map(Double.init)) }
  }

  /// This marble, moved by another optimizer from now on.
  ///
  /// What it remembers is kept if the other remembers nothing else; otherwise it begins anew.
  func moved(by choice: OptimizerChoice, learningRate: Float) -> OptimizerMarble {
    var marble = self
    marble.learningRate = learningRate
    marble.optimizer = choice.makeOptimizer(layout: .marble(dimension: parameters.count))
    let names = optimizer.memoryNames
    let places = marble.optimizer.memoryNames.map { names.firstIndex(of: $0) }
    if places.allSatisfy({ $0 != nil }) {
      marble.state.memory = places.compactMap { $0 }.map { state.memory[$0] }
    } else {
      marble.state = marble.optimizer.makeState(parameterCount: parameters.count)
    }
    return marble
  }

  var explanation: String { lastStep?.explanation(by: optimizer) ?? "" }
}

extension ParameterLayout {
  /// A marble is a matrix of one row, so that it is treated like weights.
  static func marble(dimension: Int) -> ParameterLayout {
    ParameterLayout([ParameterSlot(name: "place", shape: [1, dimension])])
  }
}
