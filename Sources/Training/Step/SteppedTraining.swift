package import ConvNet
package import ImageLoading
package import Optimization
package import Tensors

/// What a training takes its batches from.
package protocol SampleSource: Sendable {
  /// Samples of a step, and steps of an epoch.
  var batchSize: Int { get }
  var stepsPerEpoch: Int { get }

  /// Writes the inputs of a step.
  ///
  /// - Parameters:
  ///   - step: Counted from 0 in every epoch.
  ///   - region: Has room for `batchSize` inputs.
  /// - Returns: What the samples should be classified as.
  /// - Throws: `DatasetError.changed` if a file has changed.
  func write(
    step: Int, ofEpoch epoch: Int, into region: FloatRegion
  ) throws(DatasetError) -> Targets
}

extension BatchSource: SampleSource {
  package func write(
    step: Int, ofEpoch epoch: Int, into region: FloatRegion
  ) throws(DatasetError) -> Targets {
    var batches = batches(ofEpoch: epoch, fromStep: step)
    guard let batch = try batches.next(into: region) else {
      preconditionFailure("step \(step) of an epoch of \(stepsPerEpoch)")
    }
    return batch.targets
  }
}

/// Lists of numbers with their classes, in the order in which a run would take them as images.
package struct VectorSamples: SampleSource {
  package let batchSize: Int
  private let rows: [[Float]], labels: [Int], classCount: Int, seed: UInt64

  /// Creates samples.
  ///
  /// - Parameters:
  ///   - rows: One for each sample, all of the same length.
  ///   - labels: Their classes, in `0..<classCount`.
  ///   - batchSize: Samples of a step, > 0.
  ///   - seed: Of the run: determines the order of every epoch.
  package init(
    _ rows: [[Float]], labels: [Int], classCount: Int, batchSize: Int, seed: UInt64
  ) {
    (self.rows, self.labels, self.classCount, self.seed) = (rows, labels, classCount, seed)
    self.batchSize = min(batchSize, rows.count)
  }

  package var stepsPerEpoch: Int { (rows.count + batchSize - 1) / batchSize }

  package func write(step: Int, ofEpoch epoch: Int, into region: FloatRegion) -> Targets {
    var generator = SeededGenerator(orderOfEpoch: epoch, seed: seed)
    let order = rows.indices.shuffled(using: &generator)
    let batch = order[step * batchSize..<min((step + 1) * batchSize, order.count)]
    region.copy(from: batch.flatMap { rows[$0] })
    return Targets(batch.map { labels[$0] }, classCount: classCount)
  }
}

/// A training that is taken step by step, and can be left between any two of them.
///
/// Its steps are those of a `Trainer` with the same choices and a rate that does not change by
/// itself: the same initial weights, batches, dropout and updates.
package final class SteppedTraining {
  /// All that changes from step to step.
  package struct Place: Equatable, Sendable {
    package var model: ModelState
    /// Steps taken.
    package var step = 0
  }

  /// Where it is.
  package private(set) var place: Place

  private let source: any SampleSource
  private let seed: UInt64
  private let execution: Execution
  private let step: TrainingStep

  /// Prepares a training.
  ///
  /// - Parameters:
  ///   - seed: Of the run: determines initial weights and dropout.
  ///   - place: Where to go on; nil for the beginning.
  package init(
    _ network: Network, _ source: any SampleSource, objective: any Objective,
    optimizer: any Optimizer, seed: UInt64, from place: Place? = nil, workers: Workers
  ) {
    (self.source, self.seed) = (source, seed)
    execution = Execution(
      network: network, batchSize: source.batchSize, workers: workers, trains: true)
    step = TrainingStep(
      layout: network.parameterLayout, objective: objective, optimizer: optimizer,
      workers: workers)
    self.place =
      place
      ?? {
        let values = network.initialValues(seed: RandomStream.initialization.seed(seed))
        return Place(
          model: ModelState(
            parameters: values.parameters, statistics: values.statistics,
            optimizer: optimizer.makeState(parameterCount: values.parameters.scalars.count)))
      }()
  }

  /// Epochs that are complete.
  package var epoch: Int { place.step / source.stepsPerEpoch }

  /// Takes a step.
  ///
  /// - Throws: `TrainingStep.NotFinite`, after which the place is the same, or
  ///   `DatasetError.changed`.
  @discardableResult
  package func advance(learningRate: Float) throws -> TrainingStep.Outcome {
    let (epoch, stepInEpoch) = place.step.quotientAndRemainder(dividingBy: source.stepsPerEpoch)
    let targets = try source.write(step: stepInEpoch, ofEpoch: epoch, into: execution.input)
    let batch = NetworkBatch(
      execution, count: targets.count,
      dropoutSeed: RandomStream.dropout.seed(seed, place.step))
    let outcome = try step.take(
      batch, targets: targets, learningRate: learningRate, state: &place.model)
    place.step += 1
    return outcome
  }

  /// The parameters to look at: where the optimizer wants its network evaluated.
  ///
  /// Running statistics are those of the parameters that are trained.
  package var evaluationParameters: ParameterVector {
    place.model.evaluationParameters(step.optimizer) ?? place.model.parameters
  }
}
