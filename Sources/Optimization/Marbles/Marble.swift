internal import Tensors

/// A point that rolls on a surface, one step at a time.
protocol Marble {
  /// Where it is.
  var place: [Double] { get }
  /// Takes a step; the slope may be pushed about by noise.
  mutating func step(on slope: Slope)
  /// What it did in its last step, in words.
  var story: String { get }
}

extension Marble {
  var story: String { "" }
}

/// What a marble can feel of a surface at one step.
struct Slope {
  let surface: Surface
  let push: [Double]

  func value(at place: [Double]) -> Double { surface.value(at: place) }

  func gradient(at place: [Double]) -> [Double] {
    zip(surface.valueAndGradient(at: place).gradient, push).map { $0 + $1 }
  }
}

/// A marble moved by an optimizer: the very steps that train a network.
struct OptimizerMarble: Marble {
  let optimizer: any Optimizer
  let choice: OptimizerChoice
  let learningRate: Float
  private(set) var state: OptimizerState
  private var parameters: [Float]
  private(set) var explanation: StepExplanation?

  init(_ choice: OptimizerChoice, learningRate: Float, start: [Double]) {
    self.choice = choice
    self.learningRate = learningRate
    optimizer = choice.makeOptimizer(layout: .marble(dimension: start.count))
    state = optimizer.makeState(parameterCount: start.count)
    parameters = start.map(Float.init)
  }

  /// What an average of the path settled on, where there is one.
  var place: [Double] {
    (optimizer.evaluationParameters(parameters, state: state) ?? parameters).map(Double.init)
  }

  mutating func step(on slope: Slope) {
    let before = (parameters, state)
    let workers = Workers(count: 1)
    func gradient(_ point: [Float]) -> [Float] {
      slope.gradient(at: point.map(Double.init)).map(Float.init)
    }
    let here = gradient(parameters)
    let perturbed = optimizer.perturbedParameters(
      parameters, gradients: here, workers: workers)
    let felt = perturbed.map(gradient) ?? here
    optimizer.step(
      &parameters, gradients: felt, learningRate: learningRate, state: &state,
      workers: workers)
    explanation = StepExplanation(
      choice: choice, learningRate: learningRate, before: before.0, gradient: felt,
      after: parameters, oldMemory: before.1.memory, memory: state.memory,
      memoryNames: optimizer.memoryNames, step: state.stepCount)
  }

  var story: String { explanation?.text ?? "" }
}

extension ParameterLayout {
  /// A marble is a matrix of one row, so that everything that is done to weights is done to it.
  static func marble(dimension: Int) -> ParameterLayout {
    ParameterLayout([ParameterSlot(name: "place", shape: [1, dimension])])
  }
}
