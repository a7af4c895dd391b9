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
  private let steps: [PlannedLayer]
  /// `activations[i]` reaches step i; the last ones are the logits.
  private let activations: [FloatRegion]
  private let kept: [FloatRegion]
  private let scratch: FloatRegion
  /// Gradients of activations, used in turn; empty when there is no training.
  private let gradients: [FloatRegion]
  /// What the last passes were lent: others on the same memory allocate nothing.
  private var forwardLoan: Loan<ForwardPass>?, backwardLoan: Loan<BackwardPass>?
  private var logits: [Float] = []

  /// Reserves memory.
  ///
  /// - Parameters:
  ///   - trains: Whether backward passes will be run; inference needs far less memory.
  ///   - convolution: How convolutions are computed.
  public init(
    network: Network, batchSize: Int, workers: Workers, trains: Bool,
    convolution: ConvolutionAlgorithm = .automatic
  ) {
    self.network = network
    self.batchSize = batchSize
    self.workers = workers
    steps = plan(
      network.layers, on: network.inputShape.batch(batchSize), convolution: convolution,
      trains: trains)
    let inputs = steps.map { network.shapes[$0.indices.lowerBound].batch(batchSize) }
    let counts = inputs.map(\.count) + [network.classCount * batchSize]
    let keptByStep = zip(steps, inputs).map { $0.layer.keptCount(for: $1) }
    // Nothing is kept beyond a layer that is never gone back through.
    let keptCounts = trains ? keptByStep : [keptByStep.max() ?? 0]
    let scratchCount = zip(steps, inputs).map {
      $0.layer.scratchCount(for: $1, batch: batchSize, workers: workers.count)
    }
    // Inference needs only what one layer reads and writes, so two regions take turns.
    let activationCounts = trains ? counts : Self.turns(counts)
    // Nobody needs the gradient of the images.
    let gradientCounts = trains ? Self.turns([0] + counts.dropFirst()) : []
    let scratchSize = scratchCount.max() ?? 0
    let arena = Arena(pieces: activationCounts + gradientCounts + keptCounts + [scratchSize])
    let pieces = activationCounts.map { arena.piece($0) }
    activations = counts.indices.map { trains ? pieces[$0] : pieces[$0 % 2][0..<counts[$0]] }
    gradients = gradientCounts.map { arena.piece($0) }
    let keptPieces = keptCounts.map { arena.piece($0) }
    kept = keptByStep.indices.map {
      trains ? keptPieces[$0] : keptPieces[0][0..<keptByStep[$0]]
    }
    scratch = arena.piece(scratchSize)
    input = activations[0]
  }

  /// The most that is needed at even and at odd places.
  private static func turns(_ counts: [Int]) -> [Int] {
    [0, 1].map { turn in
      stride(from: turn, to: counts.count, by: 2).map { counts[$0] }.max() ?? 0
    }
  }

  /// Runs the first `count` images of `input` through the network.
  ///
  /// - Parameter statistics: Updated by a training pass.
  /// - Returns: The logits, count × classes.
  /// - Precondition: `count` is in `1...batchSize`.
  public func forward(
    count: Int, parameters: ParameterVector, statistics: inout ParameterVector, phase: Phase
  ) -> [Float] {
    precondition(count > 0 && count <= batchSize, "\(count) images in a batch of \(batchSize)")
    parameters.withRegionToRead { parameters in
      statistics.withRegion { statistics in
        let passes = forwardPasses(count, parameters, statistics, phase)
        for index in steps.indices {
          PassTimes.measure(times, .forward, steps[index].indices.lowerBound) {
            steps[index].layer.forward(passes[index])
          }
        }
      }
    }
    let output = activation(steps.count, count: count)
    if logits.count != output.count {
      logits = output.array
    } else {
      output.copy(to: &logits, at: 0)
    }
    return logits
  }

  /// Carries the gradient of the loss back from the logits to every parameter.
  ///
  /// - Parameters:
  ///   - logitGradient: count × classes, for the batch of the last forward pass.
  ///   - gradients: Overwritten; in the layout of the parameters.
  ///   - phase: That of the forward pass.
  public func backward(
    logitGradient: [Float], parameters: ParameterVector, statistics: inout ParameterVector,
    gradients: inout ParameterVector, phase: Phase
  ) {
    let count = logitGradient.count / network.classCount
    precondition(!self.gradients.isEmpty, "a backward pass without memory for it")
    self.gradients[steps.count % 2].copy(from: logitGradient)
    parameters.withRegionToRead { parameters in
      statistics.withRegion { statistics in
        gradients.withRegion { gradients in
          let passes = backwardPasses(count, parameters, statistics, gradients, phase)
          for index in steps.indices.reversed() where index >= firstLearningStep {
            PassTimes.measure(times, .backward, steps[index].indices.lowerBound) {
              steps[index].layer.backward(passes[index])
            }
          }
        }
      }
    }
  }

  /// The first layer whose output of the last forward pass is not finite, for a message.
  public func firstLayerNotFinite(count: Int) -> Int? {
    steps.indices.first {
      !activation($0 + 1, count: count).array.allSatisfy(\.isFinite)
    }.map { steps[$0].indices.lowerBound }
  }

  /// Nobody needs gradients before it.
  private var firstLearningStep: Int {
    steps.firstIndex { $0.indices.upperBound > network.firstLearningLayer } ?? steps.count
  }

  private func activation(_ index: Int, count: Int) -> FloatRegion {
    activations[index][0..<activations[index].count / batchSize * count]
  }

  private func forwardPasses(
    _ count: Int, _ parameters: FloatRegion, _ statistics: FloatRegion, _ phase: Phase
  ) -> [ForwardPass] {
    if forwardLoan?.isOf(count, parameters, statistics, nil) != true {
      forwardLoan = Loan(
        count: count, parameters: parameters, statistics: statistics, gradients: nil,
        passes: steps.indices.map { index in
          let step = steps[index]
          return step.layer.lending(
            ForwardPass(
              inputShape: network.shapes[step.indices.lowerBound].batch(count),
              outputShape: network.shapes[step.indices.upperBound].batch(count),
              input: activation(index, count: count), output: activation(index + 1, count: count),
              parameters: slots(network.parameterSlots, step, network.parameterLayout, parameters),
              statistics: slots(network.statisticSlots, step, network.statisticLayout, statistics),
              kept: kept[index], scratch: scratch, phase: phase, workers: workers))
        })
    }
    for index in steps.indices { forwardLoan?.passes[index].enter(phase) }
    return forwardLoan?.passes ?? []
  }

  private func backwardPasses(
    _ count: Int, _ parameters: FloatRegion, _ statistics: FloatRegion, _ gradients: FloatRegion,
    _ phase: Phase
  ) -> [BackwardPass] {
    if backwardLoan?.isOf(count, parameters, statistics, gradients) != true {
      let first = firstLearningStep
      backwardLoan = Loan(
        count: count, parameters: parameters, statistics: statistics, gradients: gradients,
        passes: forwardPasses(count, parameters, statistics, phase).enumerated().map {
          index, forward in
          steps[index].layer.lending(
            BackwardPass(
              forward: forward,
              outputGradient: self.gradients[(index + 1) % 2][0..<forward.output.count],
              inputGradient: index <= first
                ? nil : self.gradients[index % 2][0..<forward.input.count],
              parameterGradients: slots(
                network.parameterSlots, steps[index], network.parameterLayout, gradients)))
        })
    }
    for index in steps.indices { backwardLoan?.passes[index].enter(phase) }
    return backwardLoan?.passes ?? []
  }

  /// The arrays of all layers of a step.
  private func slots(
    _ slots: [Range<Int>], _ step: PlannedLayer, _ layout: ParameterLayout, _ region: FloatRegion
  ) -> [FloatRegion] {
    step.indices.flatMap { slots[$0] }.map { region[layout.ranges[$0]] }
  }
}

/// What the steps of one kind of pass are lent, and whose memory that is.
private struct Loan<Pass> {
  let count: Int
  let parameters: FloatRegion, statistics: FloatRegion
  /// Of the parameters; nil for a forward pass.
  let gradients: FloatRegion?
  var passes: [Pass]

  func isOf(
    _ count: Int, _ parameters: FloatRegion, _ statistics: FloatRegion, _ gradients: FloatRegion?
  ) -> Bool {
    guard
      self.count == count && self.parameters.isSame(as: parameters)
        && self.statistics.isSame(as: statistics)
    else { return false }
    switch (self.gradients, gradients) {
    case (let own?, let other?): return own.isSame(as: other)
    case (nil, nil): return true
    default: return false
    }
  }
}
