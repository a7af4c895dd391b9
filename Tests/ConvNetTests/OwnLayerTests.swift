import ConvNet
import Tensors
import TestSupport
import Testing

/// A layer defined outside the library, by its public declarations alone: y = scale · x for each
/// channel.
struct ChannelScale: Layer {
  var initial: Float = 1

  static let entry = LayerEntry(
    "channel-scale", "a learned factor for each channel",
    parameters: [
      .named(
        "initial", .number(NumberRange(from: 0, to: 10)), default: .number(1), "the first factor")
    ], learns: true
  ) { values in ChannelScale(initial: values.number("initial")) }

  var text: String { Self.entry.text(["initial": .number(initial)]) }

  func outputShape(for input: Shape) -> Shape { input }

  func parameters(for input: Shape) -> [ParameterSlot] {
    [ParameterSlot(name: "scale", shape: [input.channels])]
  }

  func initialValue(of slot: ParameterSlot, using generator: inout SeededGenerator) -> [Float] {
    [Float](repeating: initial, count: slot.count)
  }

  func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    Operation(channels: context.input.channels, batch: context.input.batch)
  }

  struct Operation: TrainingOperation {
    let channels: Int
    /// A sum for each image.
    private let sums: WorkspacePiece<Float>
    let scratch: WorkspaceLayout

    init(channels: Int, batch: Int) {
      self.channels = channels
      var scratch = WorkspaceLayout()
      sums = scratch.reserve(batch * channels)
      self.scratch = scratch
    }

    func forward(_ pass: ForwardPass) {
      pass.forEachImage { input, output in
        for index in 0..<input.count {
          output[index] = input[index] * pass.parameters[0][index % channels]
        }
      }
    }

    func backward(_ pass: BackwardPass) {
      let forward = pass.forward
      let sums = forward.scratch[sums]
      forward.workers.run(forward.inputShape.batch) { image in
        let input = forward.image(image, of: forward.input, forward.inputShape)
        let gradient = forward.image(image, of: pass.outputGradient, forward.outputShape)
        let own = sums[image * channels..<(image + 1) * channels]
        own.fill(0)
        for index in 0..<input.count {
          own[index % channels] += input[index] * gradient[index]
        }
      }
      pass.parameterGradients[0].fill(0)
      for image in 0..<forward.inputShape.batch {
        Kernels.add(sums[image * channels..<(image + 1) * channels], to: pass.parameterGradients[0])
      }
      pass.forEachImage { input, _, outputGradient, inputGradient in
        for index in 0..<input.count {
          inputGradient[index] = outputGradient[index] * forward.parameters[0][index % channels]
        }
      }
    }
  }
}

@Suite struct OwnLayerTests {
  static let catalogue = LayerCatalogue.standard.adding(ChannelScale.entry)

  @Test func `the gradients of one's own layer are checked like any other's`() throws {
    let checks = try GradientCheck.check(
      ChannelScale(), on: Shape(batch: 3, height: 4, width: 5, channels: 6), samples: 200,
      workers: Workers(count: 2))
    #expect(checks.map(\.array) == ["input", "scale"])
    #expect(checks.allSatisfy { $0.passes })
  }

  @Test func `one's own layer is read through a catalogue that has it, and refused by others`()
    throws
  {
    let text = "conv 4 3x3, channel-scale initial 2.0, residual (channel-scale), flatten, dense"
    let architecture = try Architecture(text, catalogue: Self.catalogue)
    #expect(architecture.description == text)
    #expect((architecture.layers[1] as? ChannelScale)?.initial == 2)
    #expect(throws: ArchitectureError.self) { _ = try Architecture(text) }
    #expect(throws: ArchitectureError.self) {
      _ = try Architecture("channel-scale initial 11, flatten, dense", catalogue: Self.catalogue)
    }
  }

  @Test(arguments: ["", " frozen"])
  func `a network with one's own layer trains`(frozen: String) throws {
    let network = try Network(
      Architecture(
        "conv 4 3x3, channel-scale\(frozen), relu, residual (channel-scale), flatten, dense",
        catalogue: Self.catalogue), imageSize: 8, classCount: 2)
    let slots = frozen.isEmpty ? network.parameterLayout.slots : network.statisticLayout.slots
    #expect(slots.contains { $0.name == "1.scale" })
    var (parameters, statistics) = network.initialValues(seed: 3)
    let execution = Execution(
      network: network, batchSize: 4, workers: Workers(count: 2), trains: true)
    var gradients = ParameterVector(network.parameterLayout)
    execution.input.copy(from: hashedNumbers(stream: 1, count: 4 * network.inputShape.count))
    let targets: [Float] = [1, -1, 1, -1]
    var losses: [Float] = []
    for step in 0..<60 {
      let phase = Phase.training(seed: UInt64(step))
      let logits = execution.forward(
        count: 4, parameters: parameters, statistics: &statistics, phase: phase)
      // Half the mean squared difference of both logits from ±1.
      let differences = logits.indices.map {
        logits[$0] - ($0.isMultiple(of: 2) ? targets[$0 / 2] : -targets[$0 / 2])
      }
      losses.append(differences.reduce(0) { $0 + $1 * $1 } / 8)
      execution.backward(
        logitGradient: differences.map { $0 / 4 }, parameters: parameters, statistics: &statistics,
        gradients: &gradients, phase: phase)
      for index in parameters.scalars.indices {
        parameters.scalars[index] -= 0.01 * gradients.scalars[index]
      }
    }
    #expect(losses[59] < 0.05 * losses[0], "\(losses[0]) to \(losses[59])")
  }
}

/// Networks written in Swift.
@Suite struct WrittenNetworkTests {
  @Test func `a network written in Swift is the network written as text`() throws {
    let groups = 2
    let network = try Network(imageSize: 32, classCount: 3) {
      Convolution(8, kernelHeight: 2, stride: 2, usesBias: false)
      BatchNormalization()
      Rectifier()
      for _ in 0..<groups {
        Residual {
          DepthwiseConvolution()
          Activation(.silu)
          Frozen(Convolution(8, kernelHeight: 1))
        }
        Pooling(height: 2)
      }
      if groups == 2 { Dropout(rate: 0.25) }
      Pooling(.average)
      Flatten()
      Dense()
    }
    let block = "residual (depthwise 3x3, silu, conv 8 1x1 frozen), pool 2"
    let text =
      "conv 8 2x2 stride 2 no-bias, batchnorm, relu, \(block), \(block), dropout 0.25, "
      + "global-pool, flatten, dense"
    #expect(network.architecture.description == text)
    let read = try Network(Architecture(text), imageSize: 32, classCount: 3)
    #expect(network.parameterLayout == read.parameterLayout)
    #expect(network.initialValues(seed: 4).parameters == read.initialValues(seed: 4).parameters)
    #expect(network.architecture == read.architecture)
  }

  @Test func `two dropouts drop different values, wherever they stand`() throws {
    let network = try Network(imageSize: 8, classCount: 2) {
      Residual(body: [Dropout(rate: 0.5)], shortcut: [Dropout(rate: 0.5)])
      Flatten()
      Dense()
    }
    let execution = Execution(
      network: network, batchSize: 1, workers: Workers(count: 1), trains: true)
    var (parameters, statistics) = network.initialValues(seed: 1)
    // The sum of a value and of itself is 0, 2 or 4; 2 only where one of the two was dropped.
    parameters[slot: 0] = (0..<384).map { $0 % 192 == 5 ? 1 : 0 }
    execution.input.fill(1)
    let sums = (0..<40).map { step in
      execution.forward(
        count: 1, parameters: parameters, statistics: &statistics,
        phase: .training(seed: UInt64(step)))[0]
    }
    #expect(Set(sums) == [0, 2, 4])
  }

  @Test(arguments: [[], [Dense(3)], [Dense(), Rectifier()], [Dense(), Dense()]] as [[any Layer]])
  func `the last layer, and only the last, is the head`(layers: [any Layer]) {
    #expect(throws: ArchitectureError.withoutHead(last: layers.last?.text ?? "")) {
      _ = try Architecture(layers)
    }
  }
}
