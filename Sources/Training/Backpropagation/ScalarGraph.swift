internal import ConvNet
internal import Foundation
internal import Tensors

/// The computation of a loss, number by number: what each number follows from, and how the loss
/// depends on it.
///
/// Values and gradients are those of the layers as they run; only the derivatives on the arrows are
/// computed here. So each gradient is known in two ways: by the layer, and as the sum of products
/// along the arrows that leave its number.
package struct ScalarGraph: Sendable {
  /// What a number is.
  package enum Kind: String, Sendable {
    case input, parameter, activation, probability, loss
  }

  /// One number.
  package struct Node: Sendable {
    /// As it is written: `w₁₂`.
    package let name: String
    package let kind: Kind
    /// The stage that it belongs to.
    package let stage: Int
    package let value: Double
    /// ∂loss/∂value.
    package internal(set) var gradient: Double
    /// What it follows from; nil for inputs and parameters.
    package let formula: ScalarFormula?
  }

  /// One number enters another.
  package struct Arrow: Sendable {
    /// Places of the two.
    package let source: Int, target: Int
    /// ∂target/∂source.
    package let derivative: Double
  }

  /// A step of the computation: the input, a layer, the softmax, or the loss.
  package struct Stage: Sendable {
    /// The layer as it is written.
    package let name: String
    /// Places of its parameters and of what it computes.
    package let parameters: Range<Int>, outputs: Range<Int>
  }

  /// In order of computation; the last is the loss.
  package private(set) var nodes: [Node] = []
  /// In order of their targets.
  package private(set) var arrows: [Arrow] = []
  /// In order.
  package private(set) var stages: [Stage] = []

  /// The loss.
  package var loss: Node { nodes[nodes.count - 1] }

  /// Writes down what a network has computed for one input.
  ///
  /// - Throws: `BackpropagationError.unknownLayer`.
  init(
    _ network: Network, parameters: ParameterVector, statistics: ParameterVector,
    _ trace: NetworkTrace, loss: Double, objective: LossFormula
  ) throws(BackpropagationError) {
    let layers = try network.scalarLayers()
    let names = ScalarNames(layers.map(\.letters))
    add(
      "input", .input, ScalarNames.elements("x", network.inputShape.extents),
      trace.activations[0], trace.gradients[0])
    for (index, layer) in layers.enumerated() {
      let slots = parameters.layout.slots(ofLayer: index)
      let start = nodes.count
      for (rank, slot) in slots.enumerated() {
        append(
          .parameter, names.parameters(ofLayer: index, rank, parameters.layout.slots[slot].shape),
          parameters[slot: slot], trace.parameterGradients[slot: slot], stage: index + 1)
      }
      let formulas = layer.formulas(
        ScalarPlaces(
          inputShape: network.shapes[index], outputShape: network.shapes[index + 1],
          inputs: stages[index].outputs, parameters: ranges(of: slots, parameters, from: start),
          statistics: statistics.layout.slots(ofLayer: index).map {
            statistics[slot: $0].map(Double.init)
          }))
      add(
        layer.text, .activation, names.outputs(ofLayer: index, network.shapes[index + 1].extents),
        trace.activations[index + 1], trace.gradients[index + 1], formulas, from: start)
    }
    addLoss(objective, loss)
    addArrows()
    for place in nodes.indices where nodes[place].kind == .probability {
      nodes[place].gradient = chainGradient(of: place)
    }
  }

  /// Softmax, if the objective is one of probabilities, and the loss.
  private mutating func addLoss(_ objective: LossFormula, _ loss: Double) {
    let logits = Array(stages[stages.count - 1].outputs)
    let values = logits.map { nodes[$0].value }
    var formula: ScalarFormula
    switch objective {
    case .crossEntropy(let target):
      let places = logits.map { $0 + logits.count }
      let largest = values.max() ?? 0
      let parts = values.map { exp($0 - largest) }
      let sum = parts.reduce(0, +)
      add(
        "softmax", .probability, ScalarNames.elements("p", [logits.count]),
        parts.map { Float($0 / sum) }, parts.map { _ in 0 },
        logits.indices.map { .probability(logits, places: places, index: $0) })
      formula = .crossEntropy(places, target: target)
    case .squaredError(let target): formula = .squaredError(logits, target: target)
    case .other(let name):
      formula = .loss(name, logits, slopes: logits.map { nodes[$0].gradient })
    }
    add(objective.name, .loss, ["L"], [Float(loss)], [1], [formula])
  }

  private mutating func append(
    _ kind: Kind, _ names: [String], _ values: [Float], _ gradients: [Float],
    _ formulas: [ScalarFormula] = [], stage: Int
  ) {
    for (index, name) in names.enumerated() {
      nodes.append(
        Node(
          name: name, kind: kind, stage: stage, value: Double(values[index]),
          gradient: Double(gradients[index]),
          formula: formulas.isEmpty ? nil : formulas[index]))
    }
  }

  private mutating func add(
    _ stage: String, _ kind: Kind, _ names: [String], _ values: [Float], _ gradients: [Float],
    _ formulas: [ScalarFormula] = [], from start: Int? = nil
  ) {
    let first = nodes.count
    append(kind, names, values, gradients, formulas, stage: stages.count)
    stages.append(
      Stage(name: stage, parameters: (start ?? first)..<first, outputs: first..<nodes.count))
  }

  private func ranges(
    of slots: [Int], _ parameters: ParameterVector, from start: Int
  ) -> [Range<Int>] {
    var next = start
    return slots.map { slot in
      defer { next += parameters.layout.slots[slot].count }
      return next..<next + parameters.layout.slots[slot].count
    }
  }

  private mutating func addArrows() {
    let values = nodes.map(\.value)
    for (target, node) in nodes.enumerated() {
      guard let formula = node.formula else { continue }
      for source in formula.sources {
        let derivative = formula.derivative(by: source, values, value: node.value)
        arrows.append(Arrow(source: source, target: target, derivative: derivative))
      }
    }
  }
}

/// How the loss follows from the logits.
enum LossFormula: Sendable {
  case crossEntropy(target: [Double])
  case squaredError(target: [Double])
  /// Only its value and its slopes are known.
  case other(String)

  var name: String {
    switch self {
    case .crossEntropy: "cross-entropy"
    case .squaredError: "mse"
    case .other(let name): name
    }
  }
}
