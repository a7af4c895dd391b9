internal import ConvNet
internal import Optimization
internal import Tensors

/// Runs a network on single inputs, and writes down what it computed.
struct ScalarPass {
  let network: Network
  let statistics: ParameterVector
  let objective: any Objective
  let targets: Targets
  let workers = Workers(count: 1)
  let tracer: NetworkTracer
  private let choice: ObjectiveChoice
  private let target: [Double]

  /// - Throws: `ChoiceError` if the objective does not fit the outputs.
  init(
    _ network: Network, _ statistics: ParameterVector, target: [Float], _ choice: ObjectiveChoice
  ) throws(ChoiceError) {
    self.network = network
    self.statistics = statistics
    self.choice = choice
    self.target = target.map(Double.init)
    objective = try choice.makeObjective(classCount: network.classCount)
    targets = Targets(probabilities: target, classCount: network.classCount)
    tracer = NetworkTracer(network: network, batchSize: 1, workers: workers)
  }

  /// - Throws: `BackpropagationError.unknownLayer`.
  func graph(
    _ parameters: ParameterVector, _ input: [Float]
  ) throws(BackpropagationError) -> ScalarGraph {
    var loss: Float = 0
    let trace = tracer.trace(images: input, parameters: parameters, statistics: statistics) {
      let result = objective.evaluate(logits: $0, targets: targets)
      loss = result.loss
      return result.gradient
    }
    return try ScalarGraph(
      network, parameters: parameters, statistics: statistics, trace, loss: Double(loss),
      objective: formula(trace.logits))
  }

  private func formula(_ logits: [Float]) -> LossFormula {
    // A probability of 0 has no logarithm; the loss itself is computed without it.
    let probabilities = softmax(logits)
    let isPossible = zip(probabilities, target).allSatisfy { $0 > 1e-30 || $1 == 0 }
    if choice == .crossEntropy, isPossible { return .crossEntropy(target: target) }
    return "\(choice)" == "mse" ? .squaredError(target: target) : .other("\(choice)")
  }

  /// Moves every parameter and every input up and down.
  func checks(
    of graph: ScalarGraph, _ parameters: ParameterVector, _ input: [Float], reach: Float
  ) throws(BackpropagationError) -> [Backpropagation.Check] {
    let gradients = graph.nodes.map { abs($0.gradient) }
    let largest = graph.nodes.map { abs($0.value) }.max() ?? 0
    let rounding = Double(Float.ulpOfOne) * max(1, largest) / Double(reach)
    let tolerance = 1e-3 * (gradients.dropLast().max() ?? 0) + 4 * rounding
    func check(
      _ place: Int, _ value: Float, _ moved: (Float) throws(BackpropagationError) -> ScalarGraph
    ) throws(BackpropagationError) -> Backpropagation.Check {
      // Far enough from a large number to be another one.
      let reach = max(reach, 64 * value.ulp)
      let (high, low) = (value + reach, value - reach)
      let (up, down) = (try moved(high), try moved(low))
      let hasKink = zip(up.arrows, down.arrows).contains { up, down in
        let size = max(1, abs(up.derivative), abs(down.derivative))
        return abs(up.derivative - down.derivative) > 0.1 * size
      }
      return Backpropagation.Check(
        place: place, gradient: graph.nodes[place].gradient,
        finiteDifference: (up.loss.value - down.loss.value) / Double(high - low),
        hasKink: hasKink, tolerance: tolerance)
    }
    var checks: [Backpropagation.Check] = []
    for (stage, slots) in slots().enumerated() {
      var place = graph.stages[stage + 1].parameters.lowerBound
      for slot in slots {
        let values = parameters[slot: slot]
        for index in values.indices {
          checks.append(
            try check(place, values[index]) { moved throws(BackpropagationError) in
              var (other, own) = (parameters, values)
              own[index] = moved
              other[slot: slot] = own
              return try self.graph(other, input)
            })
          place += 1
        }
      }
    }
    for index in input.indices {
      checks.append(
        try check(index, input[index]) { moved throws(BackpropagationError) in
          var other = input
          other[index] = moved
          return try self.graph(parameters, other)
        })
    }
    return checks
  }

  private func slots() -> [[Int]] {
    network.layers.indices.map { network.parameterLayout.slots(ofLayer: $0) }
  }
}

/// A network on one input, for a step of training.
struct ScalarModel: DifferentiableModel {
  let pass: ScalarPass
  let input: [Float]

  func forward(parameters: ParameterVector, statistics: inout ParameterVector) -> [Float] {
    pass.tracer.trace(images: input, parameters: parameters, statistics: statistics) {
      $0.map { _ in 0 }
    }.logits
  }

  func backward(
    logitGradient: [Float], parameters: ParameterVector, statistics: inout ParameterVector,
    gradients: inout ParameterVector
  ) {
    gradients =
      pass.tracer.trace(images: input, parameters: parameters, statistics: statistics) { _ in
        logitGradient
      }.parameterGradients
  }
}
