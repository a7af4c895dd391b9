package import ConvNet
package import Optimization
internal import Support
package import Tensors

/// One step of training on one input, with every number it takes.
///
/// The network runs as in inference: statistics are not those of the batch, and nothing is dropped.
package struct Backpropagation: Sendable {
  /// A gradient, and the slope of the loss when its number is moved a little up and down.
  package struct Check: Sendable {
    /// The place of the number in the graph.
    package let place: Int
    package let gradient: Double, finiteDifference: Double
    /// Whether a derivative jumps in between, where the two need not agree.
    package let hasKink: Bool
    /// How far rounding and curvature may set them apart.
    package let tolerance: Double

    package var difference: Double { abs(gradient - finiteDifference) }
    package var passes: Bool { hasKink || difference <= tolerance }
  }

  /// The most parameters that are written down as a list, and the most other numbers.
  package static let mostParameters = 40, mostValues = 120

  package let network: Network
  /// What each output should be.
  package let target: [Float]
  /// Before the step.
  package let graph: ScalarGraph
  /// Of every parameter, then of every input.
  package let checks: [Check]
  /// How far numbers are moved up and down, at least.
  package let reach: Double
  /// The parameters after the step, in the order of the graph.
  package let updated: [Double]
  /// The loss of the same input after the step.
  package let lossAfter: Double

  /// Goes forward and backward, checks every gradient, and takes a step.
  ///
  /// - Parameters:
  ///   - input: Rows × columns × channels of the network's input.
  ///   - target: One value for each output.
  ///   - learningRate: Of the step, > 0.
  ///   - mostParameters: More are refused.
  /// - Throws: `BackpropagationError`, or `ChoiceError` if the objective does not fit the outputs.
  package init(
    _ network: Network, parameters: ParameterVector, statistics: ParameterVector,
    input: [Float], target: [Float], objective: ObjectiveChoice, optimizer: OptimizerChoice,
    learningRate: Float, mostParameters: Int = Self.mostParameters
  ) throws {
    try Self.check(network, mostParameters: mostParameters)
    self.network = network
    self.target = target
    let pass = try ScalarPass(network, statistics, target: target, objective)
    let graph = try pass.graph(parameters, input)
    guard graph.nodes.allSatisfy({ $0.value.isFinite && $0.gradient.isFinite }) else {
      throw BackpropagationError.notFinite
    }
    self.graph = graph
    let largest = graph.nodes.map { abs($0.value) }.max() ?? 0
    let reach = 1 / 256 / max(1, Float(largest))
    self.reach = Double(reach)
    checks = try pass.checks(of: graph, parameters, input, reach: reach)
    guard checks.allSatisfy({ $0.finiteDifference.isFinite }) else {
      throw BackpropagationError.notFinite
    }
    let step = TrainingStep(
      layout: network.parameterLayout, objective: pass.objective,
      optimizer: optimizer.makeOptimizer(layout: network.parameterLayout),
      workers: pass.workers)
    var state = ModelState(
      parameters: parameters, statistics: statistics,
      optimizer: step.optimizer.makeState(parameterCount: parameters.scalars.count))
    do {
      _ = try step.take(
        ScalarModel(pass: pass, input: input), targets: pass.targets, learningRate: learningRate,
        state: &state)
    } catch {
      throw BackpropagationError.notFinite
    }
    let after = try pass.graph(state.parameters, input)
    updated = after.nodes.filter { $0.kind == .parameter }.map(\.value)
    lossAfter = after.loss.value
  }

  /// Whether every gradient agrees with its finite difference.
  package var passes: Bool { checks.allSatisfy(\.passes) }

  /// The same in words.
  package var verdict: String {
    let smooth = checks.filter { !$0.hasKink }
    let worst = smooth.map(\.difference).max() ?? 0
    guard let wrong = checks.first(where: { !$0.passes }) else {
      let kinks = checks.count - smooth.count
      return "gradients are right: \(smooth.count) checked, largest difference \(worst.short)"
        + (kinks > 0 ? "; \(kinks) at a kink" : "")
    }
    return "gradients are wrong: \(graph.nodes[wrong.place].name), difference "
      + wrong.difference.short
  }

  /// Refuses what cannot be written down, before anything is reserved for it.
  ///
  /// - Throws: `BackpropagationError`.
  package static func check(
    _ network: Network, mostParameters: Int = Self.mostParameters
  ) throws(BackpropagationError) {
    _ = try network.scalarLayers()
    let count = network.parameterLayout.count
    guard count <= mostParameters else {
      throw .tooManyParameters(count, limit: mostParameters)
    }
    let values = network.shapes.reduce(0) { $0 + $1.count }
    guard values <= mostValues else { throw .tooManyValues(values, limit: mostValues) }
  }
}
