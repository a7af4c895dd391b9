public import Tensors

/// Runs a network on batches up to a given size: its memory and its order of work.
///
/// Everything a pass needs is reserved once; warm passes allocate nothing. A backward pass uses
/// what the last forward pass saved. One compiled for inference transforms weights and folds
/// normalizations once, and keeps them while it is given the same parameters and statistics.
public final class Execution {
  /// The network that is run.
  public let network: Network
  /// The largest batch.
  public let batchSize: Int
  /// Where the images of a batch go before a forward pass: batch × height × width × channels.
  public let input: FloatRegion
  /// Adds up the time of each pass; nil if it is not measured.
  public var times: PassTimes?

  private let workers: Workers
  private let sequence: ForwardSequence
  private let training: Training?
  private let arena: Arena
  private let memory: SequenceMemory
  /// What the operations of inference are prepared for.
  ///
  /// As long as these copies share the memory of what is given, it cannot have changed.
  private var preparedValues: (parameters: ParameterVector, statistics: ParameterVector)?
  /// The last passes, reused on the same memory so that nothing is allocated.
  private var forwardPasses: BoundPasses<ForwardPass>?, backwardPasses: BoundPasses<BackwardPass>?
  private var logits: [Float] = []

  /// What only training needs.
  private struct Training {
    let sequence: TrainingSequence
    let logitGradient: FloatRegion
    /// Where the gradient of the images goes; nil if it is not asked for.
    let inputGradient: FloatRegion?
  }

  /// Compiles a network and reserves memory.
  ///
  /// - Parameters:
  ///   - workers: Who share the work, and the memory that training may take.
  ///   - trains: Whether backward passes will be run; inference needs far less memory, and has no
  ///     training phase.
  ///   - differentiatesInput: Whether backward passes go on to the images.
  ///   - keepsOutputs: Whether the outputs of all layers can be read after a forward pass; else
  ///     their memory is used for other things once nothing needs them.
  ///   - convolution: How convolutions are computed.
  ///   - precision: What products multiply where that is faster than float32.
  public init(
    network: Network, batchSize: Int, workers: Workers, trains: Bool,
    differentiatesInput: Bool = false, keepsOutputs: Bool = false,
    convolution: ConvolutionAlgorithm = .automatic, precision: Precision = .float32
  ) {
    precondition(trains || !differentiatesInput, "a network compiled for inference trains")
    precondition(
      workers.processes == nil || !differentiatesInput, "the gradient of images that are shared")
    self.network = network
    self.batchSize = batchSize
    self.workers = workers
    let plan = Plan(
      network, batchSize, workers, trains: trains, differentiatesInput: differentiatesInput,
      keepsOutputs: keepsOutputs, convolution, precision)
    sequence = plan.sequence
    arena = Arena(pieces: [plan.layout.count])
    let workspace = Workspace(arena.piece(plan.layout.count))
    memory = SequenceMemory(
      saved: workspace[plan.saved], scratch: workspace[plan.scratch],
      prepared: workspace[plan.prepared])
    guard let input = sequence.input(in: memory) else {
      preconditionFailure("a network without memory for its input")
    }
    self.input = input
    training = plan.training.map { sequence in
      Training(
        sequence: sequence, logitGradient: workspace[plan.gradient],
        inputGradient: differentiatesInput ? workspace[plan.inputGradient] : nil)
    }
  }

  /// The operations of a network, and the pieces of the one block of memory they need.
  private struct Plan {
    let training: TrainingSequence?
    let sequence: ForwardSequence
    let saved: WorkspacePiece<Workspace>, scratch: WorkspacePiece<Workspace>
    let prepared: WorkspacePiece<Workspace>
    let gradient: WorkspacePiece<Float>, inputGradient: WorkspacePiece<Float>
    let layout: WorkspaceLayout

    init(
      _ network: Network, _ batchSize: Int, _ workers: Workers, trains: Bool,
      differentiatesInput: Bool = false, keepsOutputs: Bool = false,
      _ convolution: ConvolutionAlgorithm, _ precision: Precision
    ) {
      let context = CompileContext(
        input: network.inputShape.batch(batchSize), workerCount: workers.count,
        sharesBatch: workers.processes != nil, convolution: convolution, precision: precision)
      let layers = network.sequence
      var layout = WorkspaceLayout()
      gradient = layout.reserve(trains ? batchSize * network.classCount : 0)
      inputGradient = layout.reserve(
        differentiatesInput ? batchSize * network.inputShape.count : 0)
      let rest = workers.memoryLimit.map { $0 / MemoryLayout<Float>.stride - layout.count }
      training =
        trains
        ? layers.compileForTraining(
          context, differentiatesInput: differentiatesInput, keepsOutputs: keepsOutputs,
          limit: rest) : nil
      sequence = training?.forward ?? layers.compile(context, holdsInput: true)
      saved = layout.reserve(sequence.saved)
      scratch = layout.reserve(sequence.scratch)
      prepared = layout.reserve(sequence.prepared)
      self.layout = layout
    }
  }

  /// Bytes that an execution with these arguments reserves.
  static func byteCount(
    network: Network, batchSize: Int, workers: Workers, trains: Bool,
    convolution: ConvolutionAlgorithm, precision: Precision
  ) -> Int {
    Plan(network, batchSize, workers, trains: trains, convolution, precision).layout.count
      * MemoryLayout<Float>.stride
  }

  /// The operations the layers were compiled into, in order.
  public var operations: [String] { sequence.steps.map { "\($0.operation)" } }

  /// The work of each operation, with its first layer.
  public var work: [(layer: Int, work: OperationWork)] {
    sequence.steps.indices.map { (sequence.steps[$0].layers.lowerBound, sequence.work($0)) }
  }

  /// Bytes that an operation keeps from its forward pass to the backward passes.
  public struct KeptMemory: Sendable {
    /// Its first layer.
    public let layer: Int
    /// What it is, in words.
    public let operation: String
    /// Its output, as far as it is kept, and what else is saved.
    public let output: Int, saved: Int
    /// Whether it runs again before its backward pass.
    public let isRepeated: Bool
  }

  /// What each operation keeps for the backward passes; empty in inference.
  public var keptMemory: [KeptMemory] {
    guard let training else { return [] }
    let size = MemoryLayout<Float>.stride
    return zip(sequence.steps, training.sequence.kept).enumerated().map { index, pair in
      KeptMemory(
        layer: pair.0.layers.lowerBound, operation: "\(pair.0.operation)",
        output: pair.1.output * size, saved: pair.1.saved * size,
        isRepeated: training.sequence.retention.repeated.contains(index))
    }
  }

  /// The images of a batch that this process needs in `input`: all, unless processes share them.
  public func images(ofBatch count: Int) -> Range<Int> {
    sequence.firstUndivided == 0
      ? 0..<count : BatchShards(of: count, among: workers.processes).images
  }

  /// The layer from which on every process computes all images of a batch.
  public var firstUndividedLayer: Int {
    sequence.steps.dropFirst(sequence.firstUndivided).first?.layers.lowerBound
      ?? network.layers.count
  }

  /// Runs the first `count` images of `input` through the network.
  ///
  /// - Parameters:
  ///   - statistics: Updated by a training pass.
  ///   - averaged: To measure statistics anew as means over batches, the number of batches measured
  ///     before this one; nil to update running ones.
  ///   - observe: Called after each operation, with its first layer and its output.
  /// - Returns: The logits, count × classes.
  /// - Precondition: `count` is in `1...batchSize`; without training the phase is inference.
  public func forward(
    count: Int, parameters: ParameterVector, statistics: inout ParameterVector, phase: Phase,
    averaged: Int? = nil, observe: ((_ layer: Int, _ output: FloatRegion) -> Void)? = nil
  ) -> [Float] {
    precondition(count > 0 && count <= batchSize, "\(count) images in a batch of \(batchSize)")
    precondition(training != nil || phase == .inference, "a network compiled for inference trains")
    let isPrepared = isPrepared(for: parameters, statistics)
    parameters.withRegionToRead { parameters in
      func run(_ statistics: FloatRegion) {
        let passes = bind(Arrays(count, parameters, statistics), phase, averaged: averaged)
        if !isPrepared { sequence.prepare(passes[...]) }
        for (index, step) in sequence.steps.enumerated() {
          PassTimes.measure(times, .forward, step.layers.lowerBound) {
            if index > 0, index == sequence.firstUndivided {
              BatchShards(of: count, among: workers.processes).gather(
                imagesOf: passes[index].input, each: step.inputShape.count)
            }
            sequence.forward(index, passes[index])
          }
          observe?(step.layers.lowerBound, passes[index].output)
        }
      }
      if training == nil {
        statistics.withRegionToRead(run)
      } else {
        statistics.withRegion(run)
      }
    }
    if !isPrepared { preparedValues = (parameters, statistics) }
    guard let output = forwardPasses?.passes.last?.output else { return [] }
    if logits.count != output.count {
      logits = output.array
    } else {
      output.copy(to: &logits, at: 0)
    }
    return logits
  }

  /// Whether inference has prepared its operations for these values; always in training, which
  /// prepares each operation before it runs.
  private func isPrepared(
    for parameters: ParameterVector, _ statistics: ParameterVector
  ) -> Bool {
    guard training == nil else { return true }
    guard let preparedValues else { return false }
    return preparedValues.parameters.sharesMemory(with: parameters)
      && preparedValues.statistics.sharesMemory(with: statistics)
  }

  /// Lets go of the parameters and statistics of the last inference, so that they can change in
  /// place without being copied first.
  public func releaseValues() { preparedValues = nil }

  /// Lets go of them, and gives memory back to the system until the next pass: images and what
  /// passes have left is lost.
  public func releaseMemory() {
    releaseValues()
    arena.discard()
  }

  /// Propagates the gradient of the loss back from the logits to every parameter.
  ///
  /// - Parameters:
  ///   - logitGradient: count × classes, for the batch of the last forward pass.
  ///   - gradients: Overwritten; in the layout of the parameters.
  ///   - phase: That of the forward pass.
  ///   - observe: Called after each operation that passes a gradient on, the last one first, with
  ///     its first layer and the gradient of that layer's input.
  /// - Precondition: The execution trains.
  public func backward(
    logitGradient: [Float], parameters: ParameterVector, statistics: inout ParameterVector,
    gradients: inout ParameterVector, phase: Phase,
    observe: ((_ layer: Int, _ inputGradient: FloatRegion) -> Void)? = nil
  ) {
    guard let training else { preconditionFailure("a network compiled for inference trains") }
    let count = logitGradient.count / network.classCount
    training.logitGradient.copy(from: logitGradient)
    parameters.withRegionToRead { parameters in
      statistics.withRegion { statistics in
        gradients.withRegion { gradients in
          let passes = bind(Arrays(count, parameters, statistics, gradients), phase, training)
          for place in passes.indices.reversed() {
            let (index, pass) = (training.sequence.first + place, passes[place])
            let layer = sequence.steps[index].layers.lowerBound
            PassTimes.measure(times, .backward, layer) { training.sequence.backward(index, pass) }
            if let observe, let gradient = pass.inputGradient { observe(layer, gradient) }
          }
        }
      }
    }
  }

  /// What the operations wrote in the last forward pass, each with its last layer.
  ///
  /// - Precondition: The execution keeps outputs.
  var outputs: [(layer: Int, values: FloatRegion)] {
    zip(sequence.steps, forwardPasses?.passes ?? []).map {
      ($0.layers.upperBound - 1, $1.output)
    }
  }

  /// What the last layer was given for each image in the last forward pass, count × its inputs;
  /// empty before the first.
  public var features: [Float] { forwardPasses?.passes.last?.input.array ?? [] }

  /// The first layer whose output is not finite when the last forward pass runs again, for a
  /// message; nil if there is none.
  ///
  /// Processes that share a batch must all ask.
  public func firstLayerNotFinite(
    count: Int, parameters: ParameterVector, statistics: ParameterVector
  ) -> Int? {
    guard let phase = forwardPasses?.passes.last?.phase else { return nil }
    var (statistics, found) = (statistics, Int?.none)
    _ = forward(count: count, parameters: parameters, statistics: &statistics, phase: phase) {
      if found == nil, !$1.array.allSatisfy(\.isFinite) { found = $0 }
    }
    return found
  }

  private func bind(
    _ arrays: Arrays, _ phase: Phase, averaged: Int? = nil
  ) -> [ForwardPass] {
    if forwardPasses?.arrays.isSame(as: arrays) != true {
      forwardPasses = BoundPasses(
        arrays: arrays, passes: sequence.passes(binding(arrays, phase)))
    }
    for index in sequence.steps.indices {
      forwardPasses?.passes[index].enter(phase, averaged: averaged)
    }
    return forwardPasses?.passes ?? []
  }

  private func bind(_ arrays: Arrays, _ phase: Phase, _ training: Training) -> [BackwardPass] {
    if backwardPasses?.arrays.isSame(as: arrays) != true {
      backwardPasses = BoundPasses(
        arrays: arrays,
        passes: training.sequence.passes(
          binding(arrays, phase),
          outputGradient: training.logitGradient[0..<network.classCount * arrays.count],
          inputGradient: training.inputGradient?[0..<network.inputShape.count * arrays.count],
          parameterGradients: arrays.gradients.map(network.parameterLayout.slices(of:)) ?? []))
    }
    for index in backwardPasses?.passes.indices ?? 0..<0 {
      backwardPasses?.passes[index].enter(phase)
    }
    return backwardPasses?.passes ?? []
  }

  private func binding(_ arrays: Arrays, _ phase: Phase) -> ForwardSequence.Binding {
    let (own, size) = (images(ofBatch: arrays.count), network.inputShape.count)
    return ForwardSequence.Binding(
      batch: BatchShards(of: arrays.count, among: workers.processes),
      input: input[own.lowerBound * size..<own.upperBound * size],
      parameters: network.parameterLayout.slices(of: arrays.parameters),
      statistics: network.statisticLayout.slices(of: arrays.statistics), memory: memory,
      phase: phase, workers: workers)
  }
}
