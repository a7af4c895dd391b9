import Training

/// Draws the figures of a run as it proceeds, without delaying it.
final class FigureDrawer: TrainingObserver {
  private let worker: LatestValueWorker<RunDirectory>
  private let directory: RunDirectory
  /// When an epoch was last drawn, and how often epochs are.
  private var lastSubmitted: ContinuousClock.Instant?
  private static let interval = Duration.seconds(5)
  /// Whether training began; the figures of a run that was refused stay.
  private var hasBegun = false

  init(_ directory: RunDirectory) {
    self.directory = directory
    worker = LatestValueWorker(label: "figures") { try RunFigures.draw($0) }
  }

  func observe(_ event: TrainingEvent) {
    switch event {
    case .began: hasBegun = true
    case .epoch:
      // Epochs may be shorter than drawing takes, and training needs all cores.
      guard lastSubmitted.map({ ContinuousClock.now - $0 >= Self.interval }) ?? true else { return }
      lastSubmitted = .now
      worker.submit(directory)
    case .retrying, .ended: worker.submit(directory)
    case .failed: if hasBegun { worker.submit(directory) }
    case .step, .layers, .clock, .snapshot, .resumable, .stopping, .completed, .learningRate,
      .refused, .paused, .continued, .worstImages:
      break
    }
  }

  /// Waits until the last state of the run is drawn.
  ///
  /// - Throws: The error if it could not be drawn.
  func finish() throws { try worker.finish() }
}
