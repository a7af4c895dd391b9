public import ConvNet
public import Optimization
public import Tensors
internal import Training

/// Training steps and inference of a network on made-up batches that are already in memory.
///
/// Inputs are values any other program can make from their index (`hashed` in Tools/reference), and
/// the labels cycle through the classes, so that two programs that begin with the same weights must
/// see the same losses.
public final class StepBenchmark {
  /// What is measured.
  public let network: Network
  /// Images per step.
  public let batchSize: Int
  /// The weights after the steps so far.
  public var parameters: ParameterVector { model.parameters }
  /// The running statistics after the steps so far.
  public var statistics: ParameterVector { model.statistics }

  private let workers: Workers
  private let convolution: ConvolutionAlgorithm
  private let precision: Precision
  private let learningRate: Float
  private let objective = SoftmaxCrossEntropy()
  private let optimizer: any Optimizer
  private let targets: Targets
  private var model: ModelState

  /// Creates a benchmark with the initial weights of a run with this seed.
  public init(
    network: Network, batchSize: Int, optimizer: any Optimizer, learningRate: Float, seed: UInt64,
    workers: Workers, convolution: ConvolutionAlgorithm = .automatic,
    precision: Precision = .float32
  ) {
    self.convolution = convolution
    self.precision = precision
    self.network = network
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.workers = workers
    let values = network.initialValues(seed: seed)
    model = ModelState(
      parameters: values.parameters, statistics: values.statistics,
      // Inference needs no optimizer memory; training creates its own.
      optimizer: OptimizerState(memory: []))
    targets = Targets(
      (0..<batchSize).map { $0 % network.classCount }, classCount: network.classCount)
  }

  /// One kind of work, measured.
  public struct Result: Sendable {
    /// Seconds of a step or of a batch.
    public let timing: Timing
    /// Mean seconds each layer took.
    public let forward: [Double], backward: [Double]
    /// Mean seconds of the objective, and of the optimizer's update.
    public let objective: Double, optimizer: Double
    /// Pages the kernel handed out in a step; 0 when nothing is allocated.
    public let pageFaults: Double
    /// Allocations in a step except those of the objective, which is written for clarity; nil where
    /// they cannot be counted.
    public let allocations: Int?
    /// Allocations of the objective; nil in inference as well.
    public let objectiveAllocations: Int?
    /// What each layer computes and moves in inference; nil in training, and where a layer is not
    /// the first of its operation.
    public let work: [OperationWork?]
  }

  /// Takes the first steps, each on a batch of its own, without measuring anything.
  ///
  /// - Returns: The loss before each step.
  public func losses(steps: Int) -> [Float] {
    let training = Steps(self)
    return (0..<steps).map { step in
      training.execution.input.copy(from: images(batch: step))
      return self.step(training)
    }
  }

  /// Trains on one batch until the time is up.
  public func train(for duration: Double) -> Result {
    train(.seconds(duration))
  }

  /// Trains on one batch for that many steps, and `unmeasuredSteps` besides.
  public func train(steps: Int) -> Result {
    train(.repetitions(steps))
  }

  /// Steps that are taken before those that are measured, and after them.
  static let unmeasuredSteps = (before: 2, after: 1)

  private func train(_ extent: Timing.Extent) -> Result {
    let training = Steps(self)
    training.execution.input.copy(from: images(batch: 0))
    return measure(training.execution, training, extent) { _ = self.step(training) }
  }

  /// The memory of training, bytes.
  public struct Memory: Sendable {
    /// What operations keep for the backward pass.
    public let kept: [Execution.KeptMemory]
    /// All that passes take.
    public let passes: Int
    /// The parameters, the gradient and what the optimizer remembers.
    public let vectors: Int
  }

  /// The memory of training in what the workers allow; none of it is touched.
  public func memory() -> Memory {
    let layout = network.parameterLayout
    return Memory(
      kept: makeExecution(trains: true).keptMemory,
      passes: network.executionBytes(
        batchSize: batchSize, workers: workers, trains: true, convolution: convolution,
        precision: precision),
      vectors: layout.count * (2 + optimizer.memoryNames.count) * MemoryLayout<Float>.stride)
  }

  /// What of a step is divided among processes, by layer and by images.
  func division() -> (firstUndividedLayer: Int, ownImages: Int) {
    let execution = makeExecution(trains: true)
    return (execution.firstUndividedLayer, execution.images(ofBatch: batchSize).count)
  }

  /// Classifies one batch until the time is up.
  public func infer(for duration: Double) -> Result {
    let execution = makeExecution(trains: false)
    // Passes may use the memory of the input for other things.
    let images = images(batch: 0)
    return measure(execution, nil, .seconds(duration)) {
      execution.input.copy(from: images)
      _ = execution.forward(
        count: self.batchSize, parameters: self.model.parameters,
        statistics: &self.model.statistics, phase: .inference)
    }
  }

  /// The logits of the first batch, so that another program can be compared.
  public func logits() -> [Float] {
    let execution = makeExecution(trains: false)
    execution.input.copy(from: images(batch: 0))
    return execution.forward(
      count: batchSize, parameters: model.parameters, statistics: &model.statistics,
      phase: .inference)
  }

  /// What lives as long as the training.
  private final class Steps {
    let execution: Execution
    let step: TrainingStep
    var stepCount: UInt64 = 0

    init(_ benchmark: StepBenchmark) {
      execution = benchmark.makeExecution(trains: true)
      step = TrainingStep(
        layout: benchmark.network.parameterLayout, objective: benchmark.objective,
        optimizer: benchmark.optimizer, workers: benchmark.workers)
      benchmark.model.optimizer = benchmark.optimizer.makeState(
        parameterCount: benchmark.network.parameterLayout.count)
    }
  }

  private func makeExecution(trains: Bool) -> Execution {
    Execution(
      network: network, batchSize: batchSize, workers: workers, trains: trains,
      convolution: convolution, precision: precision)
  }

  /// The loss before the step; not finite when training diverged.
  private func step(_ training: Steps) -> Float {
    let batch = NetworkBatch(
      training.execution, count: batchSize, dropoutSeed: training.stepCount)
    training.stepCount += 1
    do {
      let outcome = try training.step.take(
        batch, targets: targets, learningRate: learningRate, state: &model)
      return Float(outcome.loss)
    } catch {
      return error.loss
    }
  }

  private func measure(
    _ execution: Execution, _ training: Steps?, _ extent: Timing.Extent,
    _ work: () -> Void
  ) -> Result {
    // The first calls touch memory for the first time.
    for _ in 0..<Self.unmeasuredSteps.before { work() }
    let passTimes = PassTimes(layerCount: network.layers.count)
    let stepTimes = StepTimes()
    execution.times = passTimes
    training?.step.times = stepTimes
    let faults = ProcessUsage().pageFaults
    let timing = Timing(extent, work)
    let count = Double(timing.count)
    let pageFaults = ProcessUsage().pageFaults - faults
    execution.times = nil
    training?.step.times = nil
    let allocations = ProcessUsage.allocations(in: work)
    let logits = [Float](repeating: 0, count: batchSize * network.classCount)
    let own = training.flatMap { _ in
      ProcessUsage.allocations { _ = self.objective.evaluate(logits: logits, targets: targets) }
    }
    return Result(
      timing: timing, forward: passTimes.forward.map { $0 / count },
      backward: passTimes.backward.map { $0 / count },
      objective: stepTimes.objective / count, optimizer: stepTimes.update / count,
      pageFaults: Double(pageFaults) / count, allocations: allocations.map { $0 - (own ?? 0) },
      objectiveAllocations: own,
      work: network.layers.indices.map { layer in
        training == nil ? execution.work.first { $0.layer == layer }?.work : nil
      })
  }

  /// Uniform values in -1..<1: `hashed(10_000 + batch, …)` in Tools/reference, as
  /// height × width × 3.
  private func images(batch: Int) -> [Float] {
    (0..<batchSize * network.inputShape.count).map { index in
      var generator = SeededGenerator(seed: UInt64(10_000 + batch) << 32 + UInt64(index))
      return Float(Double(generator.next() >> 40) / 0x1p23 - 1)
    }
  }
}
