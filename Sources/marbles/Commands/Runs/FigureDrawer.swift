import Training

/// Draws the figures of a run as it proceeds, without delaying it.
final class FigureDrawer: TrainingObserver {
  private let worker: LatestValueWorker<RunDirectory>
  private let directory: RunDirectory
  /// Whether training began; the figures of a run that was refused stay.
  private var hasBegun = false

  init(_ directory: RunDirectory) {
    self.directory = directory
    worker = LatestValueWorker(label: "figures") { try RunFigures.draw($0) }
  }

  func observe(_ event: TrainingEvent) {
    switch event {
    case .began: hasBegun = true
    case .epoch, .retrying, .ended: worker.submit(directory)
    case .failed: if hasBegun { worker.submit(directory) }
    case .step, .clock, .resumable, .stopping: break
    }
  }

  /// Waits until the last state of the run is drawn.
  ///
  /// - Throws: The error if it could not be drawn.
  func finish() throws { try worker.finish() }
}
