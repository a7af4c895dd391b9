import Training

/// Draws the figures of a run as it goes, without holding it up.
final class FigureDrawer: TrainingObserver {
  private let worker: LatestValueWorker<RunDirectory>
  private let directory: RunDirectory

  init(_ directory: RunDirectory) {
    self.directory = directory
    worker = LatestValueWorker(label: "figures") { try RunFigures.draw([$0]) }
  }

  func observe(_ event: TrainingEvent) {
    switch event {
    case .epoch, .ended, .failed: worker.submit(directory)
    case .began, .step, .resumable: break
    }
  }

  /// Waits until the last state of the run is drawn.
  ///
  /// - Throws: What kept it from being drawn.
  func finish() throws { try worker.finish() }
}
