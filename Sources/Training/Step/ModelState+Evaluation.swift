internal import ConvNet
internal import ImageLoading
internal import Optimization
internal import Tensors

extension ModelState {
  /// After this many batches, a running mean that keeps nine tenths has forgotten all but a
  /// thirtieth of its old value.
  private static let batchesForStatistics = 32

  /// The weights to use and evaluate: those being trained, or those the optimizer provides, such as
  /// an average over the steps.
  ///
  /// Running statistics belong to the weights they were measured with; for other weights they are
  /// measured again on training batches.
  ///
  /// - Throws: `DatasetError.changed` if a file has changed.
  func evaluationValues(
    optimizer: any Optimizer, source: BatchSource, epoch: Int, execution: Execution
  ) throws(DatasetError) -> InitialWeights.Values {
    var values = (parameters: parameters, statistics: statistics)
    guard
      let scalars = optimizer.evaluationParameters(parameters.scalars, state: self.optimizer)
    else { return values }
    values.parameters.scalars = scalars
    guard !statistics.scalars.isEmpty else { return values }
    var batches = source.batches(
      ofEpoch: epoch, mixes: false, limit: Self.batchesForStatistics)
    while let batch = try batches.next(into: execution.input) {
      let images = NetworkBatch(
        execution, count: batch.samples.count, dropoutSeed: source.dropoutSeed)
      _ = images.forward(parameters: values.parameters, statistics: &values.statistics)
    }
    return values
  }
}
