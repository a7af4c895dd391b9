internal import ConvNet
internal import ImageLoading
internal import Tensors

extension TrainingData {
  /// Trains a network on some of the images, whatever their part, to judge it on others.
  ///
  /// - Returns: The network of the last epoch, and what evaluates it.
  /// - Throws: What `Trainer` throws.
  func train(
    on images: [Int], _ configuration: TrainingConfiguration, _ workers: Workers,
    observer: LastNetwork
  ) throws -> (network: Checkpoint, evaluator: Evaluator) {
    let some = withoutHeldOut.keeping(training: images)
    let trainer = try Trainer(
      configuration: configuration, data: some, workers: workers, observers: [observer])
    _ = try trainer.run()
    guard let network = observer.network else { preconditionFailure("a run without an epoch") }
    let evaluator = Evaluator(
      configuration, network: trainer.network, normalization: some.normalization,
      workers: workers)
    return (network, evaluator)
  }
}
