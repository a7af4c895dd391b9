// The path of a run, as snapshots.
extension Trainer {
  /// Offers a snapshot of the network where one is due.
  func recordPath(isLast: Bool = false) throws {
    let step = state.progress.step
    guard configuration.recordPath == true, isLast || PathSnapshots.isDue(atStep: step) else {
      return
    }
    // As it is at this step, whatever was saved or evaluated before.
    var network = state.checkpoint
    network.description.epoch = state.progress.epoch
    network.description.step = step
    network.description.validationLoss = nil
    network.description.validationAccuracy = nil
    try tell(.snapshot(network, step: step))
  }
}
