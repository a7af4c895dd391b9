internal import ConvNet
internal import ImageLoading
internal import Optimization
internal import Tensors

extension ModelState {
  /// Images over which running statistics are measured anew.
  private static let statisticImages = 2048

  /// The weights that the optimizer provides for use, such as an average over the steps; nil if
  /// those being trained are used.
  func evaluationParameters(_ optimizer: any Optimizer) -> ParameterVector? {
    optimizer.evaluationParameters(parameters.scalars, state: self.optimizer).map { scalars in
      var parameters = parameters
      parameters.scalars = scalars
      return parameters
    }
  }

  /// The weights to use and evaluate: those being trained, or those the optimizer provides.
  ///
  /// Running statistics belong to the weights they were measured with; for other weights they are
  /// measured anew: means over the first batches of an epoch, enough for `statisticImages` images,
  /// whatever the momentum of a layer.
  ///
  /// - Source: Izmailov et al., 2018, arXiv:1803.05407; the same as PyTorch's `update_bn`.
  /// - Throws: `DatasetError.changed` if a file has changed.
  func evaluationValues(
    optimizer: any Optimizer, source: BatchSource, progress: TrainingState.Progress,
    execution: Execution
  ) throws(DatasetError) -> InitialWeights.Values {
    var values = (parameters: parameters, statistics: statistics)
    guard let provided = evaluationParameters(optimizer) else { return values }
    values.parameters = provided
    guard !statistics.scalars.isEmpty else { return values }
    var batches = source.batches(
      ofEpoch: progress.epoch, at: progress.epochPosition, mixes: false)
    var count = 0
    while count * source.batchSize < Self.statisticImages,
      let batch = try batches.next(into: execution)
    {
      _ = execution.forward(
        count: batch.samples.count, parameters: values.parameters, statistics: &values.statistics,
        phase: .training(seed: source.dropoutSeed), averaged: count)
      count += 1
    }
    return values
  }
}
