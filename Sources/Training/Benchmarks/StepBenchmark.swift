public import ConvNet
public import Optimization
public import Tensors

/// Training steps and inference of a network on made-up batches that are already in memory.
///
/// Inputs are numbers any other program can make from their index (`hashed` in Tools/reference), and
/// the truths are 0, 1, …, again and again, so that two programs that begin with the same weights
/// must see the same losses.
public final class StepBenchmark {
  /// What is measured.
  public let network: Network
  /// Images per step.
  public let batchSize: Int
  /// The point the optimizer has reached.
  public private(set) var parameters: ParameterVector, statistics: ParameterVector

  private let workers: Workers
  private let convolution: ConvolutionAlgorithm
  private let optimizer: any Optimizer
  private let learningRate: Float
  private let objective = SoftmaxCrossEntropy()
  private let targets: Targets

  /// Begins with the weights that a run with this seed would begin with.
  public init(
    network: Network, batchSize: Int, optimizer: any Optimizer, learningRate: Float, seed: UInt64,
    workers: Workers, convolution: ConvolutionAlgorithm = .automatic
  ) {
    self.convolution = convolution
    self.network = network
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.workers = workers
    (parameters, statistics) = network.initialValues(seed: seed)
    targets = Targets(
      (0..<batchSize).map { $0 % network.classCount }, classCount: network.classCount)
  }

  /// One kind of work, measured.
  public struct Result: Sendable {
    /// Seconds of a step or of a batch.
    public let timing: Timing
    /// Mean seconds each layer took.
    public let forward: [Double], backward: [Double]
    /// Mean seconds of comparing logits with the truth, and of changing the parameters.
    public let objective: Double, optimizer: Double
    /// Pages the kernel handed out in a step; 0 when nothing is allocated.
    public let pageFaults: Double
    /// Allocations in a step but for those of the objective, which is written for readers; nil where
    /// they cannot be counted.
    public let allocations: Int?
    /// Allocations of the objective; nil in inference as well.
    public let objectiveAllocations: Int?
  }

  /// Takes the first steps, each on a batch of its own, and measures nothing.
  ///
  /// - Returns: The loss before each step.
  public func losses(steps: Int) -> [Float] {
    let state = TrainingMemory(self)
    return (0..<steps).map { step in
      fill(state.execution.input, batch: step)
      return self.step(state)
    }
  }

  /// Trains on one batch, until the time is over.
  public func train(for duration: Double) -> Result {
    let state = TrainingMemory(self)
    fill(state.execution.input, batch: 0)
    return measure(state.execution, state, for: duration) { _ = self.step(state) }
  }

  /// Classifies one batch, until the time is over.
  public func infer(for duration: Double) -> Result {
    let execution = Execution(
      network: network, batchSize: batchSize, workers: workers, trains: false,
      convolution: convolution)
    // Passes may use the memory of the input for other things.
    let images = images(batch: 0)
    return measure(execution, nil, for: duration) {
      execution.input.copy(from: images)
      _ = execution.forward(
        count: self.batchSize, parameters: self.parameters, statistics: &self.statistics,
        phase: .inference)
    }
  }

  /// What lives as long as the training does.
  private final class TrainingMemory {
    let execution: Execution
    var gradients: ParameterVector
    var optimizer: OptimizerState
    var step: UInt64 = 0
    var objectiveTime = 0.0, optimizerTime = 0.0

    init(_ benchmark: StepBenchmark) {
      execution = Execution(
        network: benchmark.network, batchSize: benchmark.batchSize, workers: benchmark.workers,
        trains: true, convolution: benchmark.convolution)
      gradients = ParameterVector(benchmark.network.parameterLayout)
      optimizer = benchmark.optimizer.makeState(parameterCount: gradients.layout.count)
    }
  }

  private func step(_ state: TrainingMemory) -> Float {
    let clock = ContinuousClock()
    let phase = Phase.training(seed: state.step)
    state.step += 1
    let logits = state.execution.forward(
      count: batchSize, parameters: parameters, statistics: &statistics, phase: phase)
    let compared = clock.now
    let (loss, gradient) = objective.evaluate(logits: logits, targets: targets)
    state.objectiveTime += (clock.now - compared) / .seconds(1)
    state.execution.backward(
      logitGradient: gradient, parameters: parameters, statistics: &statistics,
      gradients: &state.gradients, phase: phase)
    let changed = clock.now
    optimizer.step(
      &parameters.scalars, gradients: state.gradients.scalars, learningRate: learningRate,
      state: &state.optimizer, workers: workers)
    state.optimizerTime += (clock.now - changed) / .seconds(1)
    return loss
  }

  private func measure(
    _ execution: Execution, _ state: TrainingMemory?, for duration: Double, _ work: () -> Void
  ) -> Result {
    // The first ones touch memory for the first time.
    work()
    work()
    let times = PassTimes(layerCount: network.layers.count)
    execution.times = times
    state?.objectiveTime = 0
    state?.optimizerTime = 0
    let faults = ProcessUsage().pageFaults
    let timing = Timing(for: duration, work)
    let count = Double(timing.count)
    let pageFaults = ProcessUsage().pageFaults - faults
    execution.times = nil
    let allocations = ProcessUsage.allocations(in: work)
    let logits = [Float](repeating: 0, count: batchSize * network.classCount)
    let own = state.flatMap { _ in
      ProcessUsage.allocations { _ = self.objective.evaluate(logits: logits, targets: targets) }
    }
    return Result(
      timing: timing, forward: times.forward.map { $0 / count },
      backward: times.backward.map { $0 / count },
      objective: (state?.objectiveTime ?? 0) / count,
      optimizer: (state?.optimizerTime ?? 0) / count,
      pageFaults: Double(pageFaults) / count, allocations: allocations.map { $0 - (own ?? 0) },
      objectiveAllocations: own)
  }

  private func fill(_ input: FloatRegion, batch: Int) { input.copy(from: images(batch: batch)) }

  /// Uniform numbers in -1..<1: `hashed(10_000 + batch, …)` in Tools/reference, as height × width × 3.
  private func images(batch: Int) -> [Float] {
    (0..<batchSize * network.inputShape.count).map { index in
      var generator = SeededGenerator(seed: UInt64(10_000 + batch) << 32 + UInt64(index))
      return Float(Double(generator.next() >> 40) / 0x1p23 - 1)
    }
  }
}
