internal import ConvNet
internal import Optimization
internal import Tensors
internal import Training

// Steps of small networks, number by number.
extension Worked {
  /// The step that `marbles backprop` shows if nothing is chosen.
  static let firstStep = step(
    "dense 2, sigmoid, dense", shape: Shape(height: 1, width: 1, channels: 2), input: [1, 0.5],
    parameters: [0.9, -0.5, -0.4, -0.9, -0.1, 0.2, 0.1, -0.8, -0.7, 0.7, -0.5, 0.6])

  /// A step in which the relu of the first unit is off.
  static let stepWithRelu = step(
    "dense 2, relu, dense", shape: Shape(height: 1, width: 1, channels: 2), input: [1, 2],
    parameters: [1, -1, 2, 1, 0, -1, 1, 2, 0, 1, 0, 0])

  /// Pooling of a window with the rows (1, −3) and (4, 2): its result, and the derivative of it by
  /// the 2.
  static let pooled: (value: Double, factor: Double) = {
    let graph = step(
      "pool 2, flatten, dense", shape: Shape(height: 2, width: 2, channels: 1),
      input: [1, -3, 4, 2], parameters: [1, -1, 0, 0]
    ).graph
    let result = graph.stages[1].outputs.lowerBound
    let factor = graph.arrows(from: 3).first { $0.target == result }?.derivative
    return (graph.nodes[result].value, factor ?? 0)
  }()

  /// One step of gradient descent with rate 0.5 toward the first of two classes.
  private static func step(
    _ architecture: String, shape: Shape, input: [Float], parameters values: [Float]
  ) -> Backpropagation {
    make {
      let network = try Network(Architecture(architecture), inputShape: shape, classCount: 2)
      var parameters = ParameterVector(network.parameterLayout)
      for slot in parameters.layout.slots.indices {
        parameters[slot: slot] = Array(values[parameters.layout.ranges[slot]])
      }
      return try Backpropagation(
        network, parameters: parameters, statistics: ParameterVector(network.statisticLayout),
        input: input, target: [1, 0], objective: .crossEntropy, optimizer: .sgd,
        learningRate: 0.5)
    }
  }
}

extension Backpropagation {
  /// The slope of the loss with respect to a number, by its name in the figure.
  func gradient(of name: String) -> Double {
    graph.nodes.first { $0.name == name }?.gradient ?? .nan
  }

  /// A parameter after the step.
  func updated(_ name: String) -> Double {
    let parameters = graph.nodes.filter { $0.kind == .parameter }
    return parameters.firstIndex { $0.name == name }.map { updated[$0] } ?? .nan
  }
}
