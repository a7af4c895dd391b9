import ConvNet
import Tensors
import Testing

/// The verdicts of the gradient check on right and on wrong gradients.
@Suite struct GradientVerdictTests {
  /// A network of random layers that fits images of 8 × 8.
  private func randomNetwork(_ seed: UInt64) throws -> Network {
    var generator = SeededGenerator(seed: seed)
    func pick(_ texts: [String]) -> String { texts.randomElement(using: &generator) ?? texts[0] }
    var layers: [String] = []
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      layers.append(
        pick([
          "conv 4 3x3", "conv 6 1x1", "conv 5 2x2 stride 2", "conv 8 3x3 no-bias", "batchnorm",
          "relu", "gelu", "gelu tanh", "silu", "sigmoid", "tanh", "leaky-relu 0.1", "prelu",
          "pool 2",
          "average-pool 2", "dropout 0.3", "depthwise 3x3", "residual (batchnorm, relu)",
          "residual (conv 6 1x1, relu) shortcut (conv 6 1x1)",
        ]))
    }
    layers += [
      pick(["global-pool", "global-max-pool", "relu"]), "flatten", pick(["tanh", "relu"]),
    ]
    layers.append("dense")
    return try Network(
      Architecture(layers.joined(separator: ", ")), imageSize: 8, classCount: 2)
  }

  @Test func `a right network never fails, whatever its layers and the seed`() throws {
    var count = 0
    for seed in UInt64(1)...60 {
      // Pooling may leave too little for a layer.
      guard let network = try? randomNetwork(seed) else { continue }
      count += 1
      for (place, layer) in network.layers.enumerated() {
        let checks = try GradientCheck.check(
          layer, on: network.shapes[place].batch(2), samples: 32, seed: seed,
          workers: Workers(count: 2))
        for check in checks { #expect(check.passes, "\(network.architecture) \(seed) \(check)") }
      }
    }
    #expect(count > 30)
  }

  /// A layer whose gradient of one weight is 1% too long.
  struct Planted: Layer {
    let layer: any Layer
    let place: Int
    var text: String { layer.text }
    func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
      try layer.outputShape(for: input)
    }
    func parameters(for input: Shape) -> [ParameterSlot] { layer.parameters(for: input) }
    func statistics(for input: Shape) -> [ParameterSlot] { layer.statistics(for: input) }
    func initialValue(
      of slot: ParameterSlot, using generator: inout SeededGenerator
    ) -> [Float] {
      layer.initialValue(of: slot, using: &generator)
    }
    func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
      Operation(base: layer.compileForTraining(context), place: place)
    }

    struct Operation: TrainingOperation {
      let base: any TrainingOperation
      let place: Int
      var scratch: WorkspaceLayout { base.scratch }
      var saved: WorkspaceLayout { base.saved }
      func bind(_ pass: ForwardPass) -> ForwardPass { base.bind(pass) }
      func bind(_ pass: BackwardPass) -> BackwardPass { base.bind(pass) }
      func forward(_ pass: ForwardPass) { base.forward(pass) }
      func backward(_ pass: BackwardPass) {
        base.backward(pass)
        pass.parameterGradients[0][place % pass.parameterGradients[0].count] *= 1.01
      }
    }
  }

  @Test(arguments: [
    "conv 4 3x3", "conv 16 3x3", "conv 6 1x1", "conv 8 5x5 no-bias", "batchnorm", "dense 10",
    "depthwise 3x3", "prelu", "conv 6 3x3 groups 3",
  ])
  func `an error of 1% in the gradient of one weight is always found`(text: String) throws {
    for place in stride(from: 0, to: 1000, by: 59) {
      let checks = try GradientCheck.check(
        Planted(layer: layer(text), place: place),
        on: text.hasPrefix("dense")
          ? Shape(batch: 2, height: 1, width: 1, channels: 90)
          : Shape(batch: 2, height: 8, width: 8, channels: 6), samples: 64, seed: UInt64(place + 1),
        workers: Workers(count: 2))
      #expect(!checks[1].passes, "\(place) \(checks[1])")
      #expect(checks[0].passes, "\(checks[0])")
    }
  }
}
