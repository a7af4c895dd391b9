// The path of a run, as snapshots.
extension Trainer {
  /// Offers a snapshot of the network where one is due.
  func recordPath(isLast: Bool = false) throws {
    let step = state.progress.step
    guard configuration.recordPath == true, isLast || PathSnapshots.isDue(atStep: step) else {
      return
    }
    try tell(.snapshot(state.checkpoint, step: step))
  }
}
