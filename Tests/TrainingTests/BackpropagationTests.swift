import ConvNet
import Foundation
import Optimization
import Tensors
import TestSupport
import Testing
import Training

@Suite struct BackpropagationTests {
  /// What PyTorch makes of the same networks: see Tools/reference/backprop.py.
  struct Reference: Decodable {
    struct Case: Decodable, CustomTestStringConvertible {
      var architecture: String, shape: [Int], target: [Float], objective: String
      var parameters: [Float], input: [Float]
      var loss: Double, parameterGradients: [Double], inputGradients: [Double]
      var lossAfter: Double

      var testDescription: String { architecture }
    }
    var learningRate: Float, cases: [Case]
  }

  static let reference = try? fixture(Reference.self, "backprop.json", in: .module)

  private func network(
    _ text: String, _ shape: [Int], classes: Int = 2
  ) throws -> Network {
    try Network(
      Architecture(text),
      inputShape: Shape(height: shape[0], width: shape[1], channels: shape[2]),
      classCount: classes)
  }

  /// - Parameter scalars: In file order; some drawn ones if nil.
  private func backpropagation(
    _ text: String, _ input: [Float], shape: [Int] = [1, 1, 2], target: [Float] = [1, 0],
    objective: String = "cross-entropy", parameters scalars: [Float]? = nil, rate: Float = 0.5,
    optimizer: String = "sgd"
  ) throws -> Backpropagation {
    let network = try network(text, shape, classes: target.count)
    var parameters = ParameterVector(network.parameterLayout)
    let values = scalars ?? hashedNumbers(stream: 3, count: parameters.layout.count)
    for (slot, range) in parameters.layout.ranges.enumerated() {
      parameters[slot: slot] = Array(values[range])
    }
    return try Backpropagation(
      network, parameters: parameters, statistics: network.initialValues(seed: 1).statistics,
      input: input, target: target, objective: ObjectiveChoice(objective),
      optimizer: OptimizerChoice(optimizer), learningRate: rate)
  }

  private func gradients(_ own: Backpropagation, _ kind: ScalarGraph.Kind) -> [Double] {
    own.graph.nodes.filter { $0.kind == kind }.map(\.gradient)
  }

  @Test func `a network of whole numbers has the gradients that are computed by hand`() throws {
    // h = (−1, 3), a = (0, 3), z = (6, 3), L = ((6 − 5)² + (3 − 3)²)/2.
    let own = try backpropagation(
      "dense 2, relu, dense", [1, 2], target: [5, 3], objective: "mse",
      parameters: [1, -1, 2, 1, 0, -1, 1, 2, 0, 1, 0, 0], rate: 0.25)
    #expect(
      own.graph.nodes.map(\.name) == [
        "x₁", "x₂", "w₁₁", "w₁₂", "w₂₁", "w₂₂", "b₁", "b₂", "h₁", "h₂", "a₁", "a₂", "v₁₁", "v₁₂",
        "v₂₁", "v₂₂", "c₁", "c₂", "z₁", "z₂", "L",
      ])
    #expect(
      own.graph.nodes.map(\.value) == [
        1, 2, 1, -1, 2, 1, 0, -1, -1, 3, 0, 3, 1, 2, 0, 1, 0, 0, 6, 3, 0.5,
      ])
    #expect(
      own.graph.nodes.map(\.gradient) == [
        4, 2, 0, 0, 2, 4, 0, 2, 0, 2, 1, 2, 0, 3, 0, 0, 1, 0, 1, 0, 1,
      ])
    #expect(own.updated == [1, -1, 1.5, 0, 0, -1.5, 1, 1.25, 0, 1, -0.25, 0])
    // h₂ = 1.5 − 1.5 = 0, so z = (−0.25, 0).
    #expect(own.lossAfter == (5.25 * 5.25 + 9) / 2)
  }

  @Test func `there are numbers of PyTorch`() {
    #expect(Self.reference?.cases.count == 10)
  }

  @Test(arguments: reference?.cases ?? [])
  func `loss, gradients and the loss after a step are those of PyTorch`(
    case other: Reference.Case
  ) throws {
    let own = try backpropagation(
      other.architecture, other.input, shape: other.shape, target: other.target,
      objective: other.objective, parameters: other.parameters,
      rate: try #require(Self.reference).learningRate)
    #expect(abs(own.graph.loss.value - other.loss) < 2e-6)
    #expect(
      relativeDifference(gradients(own, .parameter), other.parameterGradients) < 2e-6)
    #expect(relativeDifference(gradients(own, .input), other.inputGradients) < 2e-6)
    #expect(abs(own.lossAfter - other.lossAfter) < 5e-6)
  }

  @Test(arguments: reference?.cases ?? [])
  func `products along the arrows add up to the gradients of the layers`(
    case other: Reference.Case
  ) throws {
    let own = try backpropagation(
      other.architecture, other.input, shape: other.shape, target: other.target,
      objective: other.objective, parameters: other.parameters)
    #expect(own.graph.largestChainError < 1e-6)
    #expect(own.checks.count == other.parameters.count + other.input.count)
    #expect(own.checks.allSatisfy { $0.passes })
    #expect(own.checks.count { $0.hasKink } <= 2)
  }

  @Test(arguments: ["cross-entropy", "mse", "focal", "brier", "hinge", "huber:delta=0.1", "mae"])
  func `any objective can be followed`(objective: String) throws {
    let own = try backpropagation(
      "dense 2, tanh, dense", [0.5, -1], target: [0, 1], objective: objective)
    #expect(own.graph.largestChainError < 1e-6)
    #expect(own.checks.allSatisfy { $0.passes })
  }

  @Test func `the factors on all ways from a number to the loss give its gradient`() throws {
    let graph = try backpropagation("dense 3, silu, dense 2, tanh, dense", [0.3, -0.8]).graph
    for place in graph.nodes.indices.dropLast() {
      let paths = graph.paths(from: place, atMost: 1000)
      let sum = paths.reduce(0) { $0 + $1.reduce(1) { $0 * $1.derivative } }
      #expect(abs(sum - graph.nodes[place].gradient) < 1e-6, "\(graph.nodes[place].name)")
    }
    #expect(graph.paths(from: 0, atMost: 5).count == 5)
    // Of two outputs one is wanted: 3 units, then 2, then 2 logits.
    #expect(graph.paths(from: 0, atMost: 1000).count == 3 * 2 * 2)
  }

  @Test func `a gradient at a kink is not called wrong`() throws {
    let own = try backpropagation(
      "dense 1, relu, dense", [1, 1], parameters: [1, -1, 0, 1, -1, 0, 0])
    let kinks = own.checks.filter(\.hasKink).map { own.graph.nodes[$0.place].name }
    #expect(kinks == ["w₁", "w₂", "b", "x₁", "x₂"])
    #expect(own.checks.allSatisfy { $0.passes })
    // Moving a weight of the relu's output, which is 0, moves nothing.
    #expect(own.checks.contains { !$0.hasKink })
  }

  @Test(arguments: [Float(100), 3000])
  func `large numbers do not make right gradients look wrong`(size: Float) throws {
    for text in ["dense 2, relu, dense", "dense 3, tanh, dense", "dense"] {
      let own = try backpropagation(text, [size, -size / 2])
      #expect(own.checks.allSatisfy { $0.passes })
    }
  }

  @Test func `an optimizer takes its own step`() throws {
    let own = try backpropagation(
      "dense 2, relu, dense", [1, 2], target: [5, 3], objective: "mse",
      parameters: [1, -1, 2, 1, 0, -1, 1, 2, 0, 1, 0, 0], rate: 0.25, optimizer: "lion:decay=0")
    #expect(own.updated == [1, -1, 1.75, 0.75, 0, -1.25, 1, 1.75, 0, 1, -0.25, 0])
  }

  @Test func `every layer of the catalogue is known or refused by name`() throws {
    let texts = [
      "residual": "residual (conv 1 1x1)", "conv": "conv 1 1x1", "depthwise": "depthwise 1x1",
      "pool": "pool 1", "average-pool": "average-pool 1", "dropout": "dropout 0.5",
    ]
    for entry in LayerCatalogue.standard.entries where !["flatten", "dense"].contains(entry.name) {
      let text = "\(texts[entry.name] ?? entry.name), flatten, dense"
      let own = Result { () throws in
        try backpropagation(text, [0.5, -0.25, 1, 0.75], shape: [2, 2, 1])
      }
      switch own {
      case .success(let own):
        #expect(own.graph.largestChainError < 1e-6, "\(text)")
        #expect(own.checks.allSatisfy { $0.passes }, "\(text)")
      case .failure(let error):
        #expect(entry.name == "residual", "\(text): \(error)")
        #expect(error as? BackpropagationError == .unknownLayer("residual (conv 1 1x1)"))
      }
    }
    #expect(throws: BackpropagationError.unknownLayer("dense 2 frozen")) {
      try backpropagation("dense 2 frozen, dense", [1, 2])
    }
  }

  @Test func `more than a person can follow is refused with the count`() throws {
    #expect(throws: BackpropagationError.tooManyParameters(42, limit: 40)) {
      try backpropagation("dense 8, relu, dense", [1, 2])
    }
    #expect(throws: BackpropagationError.tooManyValues(148, limit: 120)) {
      try backpropagation(
        "conv 1 1x1, global-pool, flatten, dense", hashedNumbers(stream: 1, count: 72),
        shape: [6, 12, 1])
    }
    #expect(throws: BackpropagationError.notFinite) {
      try backpropagation(
        "dense", [1e30, 1e30], target: [0, 0], objective: "mse",
        parameters: [1e30, 1, 1, 1, 0, 0])
    }
  }

  @Test func `names have as many numbers as their arrays have directions`() throws {
    func names(_ text: String, _ shape: [Int] = [1, 1, 1]) throws -> [String] {
      let count = shape.reduce(1, *)
      let input = hashedNumbers(stream: 1, count: count)
      return try backpropagation(text, input, shape: shape).graph.nodes.map(\.name)
    }
    #expect(try names("dense") == ["x", "w₁", "w₂", "b₁", "b₂", "z₁", "z₂", "p₁", "p₂", "L"])
    let three = try names("dense 1, relu, dense 1, tanh, dense no-bias")
    #expect(three.contains("w¹") && three.contains("a²") && three.contains("z³₂"))
    let wide = try names("dense 10 no-bias, dense 1 no-bias, dense no-bias", [1, 1, 2])
    #expect(wide.contains("w¹₁₀,₂") && wide.contains("z¹₁₀") && wide.contains("w²₁₀"))
    let all = try names("batchnorm, prelu, flatten, dense", [2, 2, 1])
    #expect(Set(all).count == all.count)
    #expect(all.contains("γ") && all.contains("n₂₁") && all.contains("s") && all.contains("f₄"))
  }
}
