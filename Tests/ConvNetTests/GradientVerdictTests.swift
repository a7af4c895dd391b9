import ConvNet
import Foundation
import Synchronization
import Tensors
import Testing

/// The verdicts of the gradient check on right and on wrong gradients.
///
/// `MARBLES_GRADIENT_NETWORKS=1000` tries as many random networks instead of a few.
@Suite struct GradientVerdictTests {
  private static let networkCount =
    ProcessInfo.processInfo.environment["MARBLES_GRADIENT_NETWORKS"].flatMap(Int.init) ?? 25

  /// Layers of every kind, with all their options.
  private static let texts = [
    "conv 4", "conv 6 1x1", "conv 5 2x2 stride 2", "conv 8 3x3 no-bias", "conv 4 5x3 padding 1",
    "conv 6 3x3 groups 3", "conv 4 3x3 padding valid initial glorot", "conv 16 3x3 initial dirac",
    "conv 8 7x7 stride 2 padding 3", "conv 24 3x3", "conv 4 3x3 frozen",
    "depthwise", "depthwise 5x5 no-bias", "depthwise 3x3 stride 2",
    "pool 2", "pool 3 stride 2 padding 1", "average-pool 2", "average-pool 3 stride 1 padding 1",
    "batchnorm", "batchnorm momentum 0.5 epsilon 0.001", "batchnorm frozen", "relu",
    "leaky-relu 0.1", "prelu", "gelu", "gelu tanh", "silu", "sigmoid", "tanh", "dropout 0.3",
    "residual (batchnorm, relu)", "residual (conv 6 1x1, relu) shortcut (conv 6 1x1)",
    "residual (conv 8 3x3, batchnorm, gelu, conv 8 3x3) shortcut (conv 8 1x1)",
    "residual (depthwise 3x3, prelu)",
  ]
  private static let ends = [
    "global-pool, flatten, dense", "global-max-pool, flatten, tanh, dense",
    "relu, flatten, dense 12, relu, dense", "flatten, prelu, dense", "flatten, dense",
  ]

  /// A network of random layers that fits images of 8 × 8; nil if pooling left too little.
  private func randomNetwork(_ generator: inout SeededGenerator) -> Network? {
    let count = Int.random(in: 1...5, using: &generator)
    let layers = (0..<count).compactMap { _ in Self.texts.randomElement(using: &generator) }
    let end = Self.ends.randomElement(using: &generator) ?? Self.ends[0]
    let text = (layers + [end]).joined(separator: ", ")
    return try? Network(Architecture(text), imageSize: 8, classCount: 2)
  }

  private func randomNetworks(
    _ body: (Network, inout SeededGenerator) throws -> Void
  ) rethrows {
    var (count, seed) = (0, UInt64(0))
    while count < Self.networkCount {
      seed += 1
      var generator = SeededGenerator(seed: seed)
      guard let network = randomNetwork(&generator) else { continue }
      count += 1
      try body(network, &generator)
    }
  }

  @Test func `random networks have layers of every kind`() {
    let words = Set((Self.texts + Self.ends).flatMap { $0.split { " (,)".contains($0) } })
    for entry in LayerCatalogue.standard.entries { #expect(words.contains(entry.name[...])) }
  }

  @Test func `a right network never fails, whatever its layers and the seed`() throws {
    var arrays = 0
    try randomNetworks { network, generator in
      let seed = generator.next()
      for (place, layer) in network.layers.enumerated() {
        let checks = try GradientCheck.check(
          layer, on: network.shapes[place].batch(2), samples: 16, seed: seed,
          workers: Workers(count: 2))
        arrays += checks.count
        for check in checks { #expect(check.passes, "\(network.architecture) \(seed) \(check)") }
      }
    }
    print("\(Self.networkCount) networks, \(arrays) arrays")
  }

  @Test func `an error of 1% in the gradient of any weight is always found`() throws {
    var plants = 0
    try randomNetworks { network, generator in
      let places = network.layers.indices.filter {
        let parameters = network.layers[$0].parameters(for: network.shapes[$0])
        return !parameters.isEmpty && network.layers[$0].layers.isEmpty
      }
      guard let place = places.randomElement(using: &generator) else { return }
      let layer = network.layers[place]
      let plant = Planted(layer: layer, place: Int.random(in: 0..<1 << 30, using: &generator))
      let checks = try GradientCheck.check(
        plant, on: network.shapes[place].batch(2), samples: 16, seed: generator.next(),
        workers: Workers(count: 2))
      // A weight that only meets padding has no gradient to be wrong.
      guard plant.hasChanged else { return }
      plants += 1
      let isFound = checks.contains { !$0.passes }
      #expect(isFound, "\(network.architecture) \(place) \(checks)")
    }
    print("\(plants) errors planted")
    #expect(plants > Self.networkCount / 2)
  }

  /// A layer whose gradient of one weight is 1% too long.
  struct Planted: Layer {
    let layer: any Layer
    let place: Int
    /// Whether there was a gradient to change.
    var hasChanged: Bool { change.isMade.load(ordering: .relaxed) }
    private let change = Change()
    final class Change: Sendable { let isMade = Atomic(false) }

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
      Operation(base: layer.compileForTraining(context), place: place, change: change)
    }

    struct Operation: TrainingOperation {
      let base: any TrainingOperation
      let place: Int
      let change: Change
      var scratch: WorkspaceLayout { base.scratch }
      var saved: WorkspaceLayout { base.saved }
      var prepared: WorkspaceLayout { base.prepared }
      func prepare(_ pass: ForwardPass) { base.prepare(pass) }
      func bind(_ pass: ForwardPass) -> ForwardPass { base.bind(pass) }
      func bind(_ pass: BackwardPass) -> BackwardPass { base.bind(pass) }
      func forward(_ pass: ForwardPass) { base.forward(pass) }
      func backward(_ pass: BackwardPass) {
        base.backward(pass)
        var place = place % pass.parameterGradients.reduce(0) { $0 + $1.count }
        for gradient in pass.parameterGradients {
          if (0..<gradient.count).contains(place), gradient[place] != 0 {
            gradient[place] *= 1.01
            change.isMade.store(true, ordering: .relaxed)
          }
          place -= gradient.count
        }
      }
    }
  }

  @Test func `an error of 1% in one of 147,456 weights is found`() throws {
    for place in [0, 147_455] {
      let checks = try GradientCheck.check(
        Planted(layer: layer("conv 128 no-bias"), place: place),
        on: Shape(batch: 2, height: 4, width: 4, channels: 128), samples: 8, seed: 3,
        workers: Workers(count: 2))
      #expect(checks.map(\.passes) == [true, false], "\(place) \(checks)")
    }
  }
}
