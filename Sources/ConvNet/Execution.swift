public import Tensors

/// The memory and the order of work of a network on batches up to a given size.
///
/// Everything a pass needs is reserved once; passes allocate nothing that grows with the batch.
/// Forward and backward passes belong together: a backward pass works on what the last forward
/// pass left.
public final class Execution {
  /// What is run.
  public let network: Network
  /// The largest batch.
  public let batchSize: Int
  /// Where the images of a batch go before a forward pass: batch × height × width × channels.
  public let input: FloatRegion

  /// Where the time of each pass is noted, if anybody asks.
  public var times: PassTimes?

  private let workers: Workers
  private let convolution: ConvolutionAlgorithm
  /// `activations[i]` reaches layer i; the last ones are the logits.
  private let activations: [FloatRegion]
  private let kept: [FloatRegion]
  private let scratch: FloatRegion
  /// Gradients of activations, used in turn; empty when there is no training.
  private let gradients: [FloatRegion]

  /// Reserves memory.
  ///
  /// - Parameters:
  ///   - trains: Whether backward passes will be run; inference needs far less memory.
  ///   - convolution: How convolutions are computed.
  public init(
    network: Network, batchSize: Int, workers: Workers, trains: Bool,
    convolution: ConvolutionAlgorithm = .automatic
  ) {
    self.convolution = convolution
    self.network = network
    self.batchSize = batchSize
    self.workers = workers
    let shapes = network.shapes.map { $0.batch(batchSize) }
    let largest = shapes.map(\.count).max() ?? 0
    let layers = network.layers.indices
    let keptCounts = layers.map { network.layers[$0].keptCount(for: shapes[$0]) }
    let scratchCount = layers.map {
      network.layers[$0].scratchCount(for: shapes[$0], batch: batchSize, workers: workers.count)
    }
    // Inference needs only what one layer reads and writes, so two regions take turns.
    let activationCounts = trains ? shapes.map(\.count) : [largest, largest]
    let gradientCounts = trains ? [largest, largest] : []
    let scratchSize = scratchCount.max() ?? 0
    let arena = Arena(pieces: activationCounts + gradientCounts + keptCounts + [scratchSize])
    let pieces = activationCounts.map { arena.piece($0) }
    activations = shapes.indices.map {
      trains ? pieces[$0] : pieces[$0 % 2][0..<shapes[$0].count]
    }
    gradients = gradientCounts.map { arena.piece($0) }
    kept = keptCounts.map { arena.piece($0) }
    scratch = arena.piece(scratchSize)
    input = activations[0]
  }

  /// Runs the first `count` images of `input` through the network.
  ///
  /// - Parameter statistics: Updated by a training pass.
  /// - Returns: The logits, count × classes.
  /// - Precondition: `count` is in `1...batchSize`.
  public func forward(
    count: Int, parameters: inout ParameterVector, statistics: inout ParameterVector, phase: Phase
  ) -> [Float] {
    precondition(count > 0 && count <= batchSize, "\(count) images in a batch of \(batchSize)")
    parameters.withRegion { parameters in
      statistics.withRegion { statistics in
        for index in network.layers.indices {
          PassTimes.measure(times, .forward, index) {
            network.layers[index].forward(
              pass(index, count: count, parameters, statistics, phase))
          }
        }
      }
    }
    return activation(network.layers.count, count: count).array
  }

  /// Carries the gradient of the loss back from the logits to every parameter.
  ///
  /// - Parameters:
  ///   - logitGradient: count × classes, for the batch of the last forward pass.
  ///   - gradients: Overwritten; in the layout of the parameters.
  ///   - phase: That of the forward pass.
  public func backward(
    logitGradient: [Float], parameters: inout ParameterVector, statistics: inout ParameterVector,
    gradients: inout ParameterVector, phase: Phase
  ) {
    let count = logitGradient.count / network.classCount
    precondition(!self.gradients.isEmpty, "a backward pass without memory for it")
    self.gradients[network.layers.count % 2].copy(from: logitGradient)
    let first = network.firstLearningLayer
    parameters.withRegion { parameters in
      statistics.withRegion { statistics in
        gradients.withRegion { gradients in
          for index in network.layers.indices.reversed() where index >= first {
            let input = network.shapes[index].batch(count)
            let output = network.shapes[index + 1].batch(count)
            PassTimes.measure(times, .backward, index) {
              network.layers[index].backward(
                BackwardPass(
                  forward: pass(index, count: count, parameters, statistics, phase),
                  outputGradient: self.gradients[(index + 1) % 2][0..<output.count],
                  inputGradient: index > first ? self.gradients[index % 2][0..<input.count] : nil,
                  parameterGradients: slots(
                    network.parameterSlots[index], network.parameterLayout, gradients)))
            }
          }
        }
      }
    }
  }

  /// The first layer whose output of the last forward pass is not finite, for a message.
  public func firstLayerNotFinite(count: Int) -> Int? {
    network.layers.indices.first {
      !activation($0 + 1, count: count).array.allSatisfy(\.isFinite)
    }
  }

  private func activation(_ index: Int, count: Int) -> FloatRegion {
    activations[index][0..<count * network.shapes[index].imageCount]
  }

  private func pass(
    _ index: Int, count: Int, _ parameters: FloatRegion, _ statistics: FloatRegion, _ phase: Phase
  ) -> ForwardPass {
    ForwardPass(
      inputShape: network.shapes[index].batch(count),
      outputShape: network.shapes[index + 1].batch(count),
      input: activation(index, count: count), output: activation(index + 1, count: count),
      parameters: slots(network.parameterSlots[index], network.parameterLayout, parameters),
      statistics: slots(network.statisticSlots[index], network.statisticLayout, statistics),
      kept: kept[index], scratch: scratch, phase: phase, workers: workers,
      convolution: convolution)
  }

  private func slots(
    _ indices: Range<Int>, _ layout: ParameterLayout, _ region: FloatRegion
  ) -> [FloatRegion] {
    indices.map { region[layout.ranges[$0]] }
  }
}
