/// Keeps the network of the last epoch, and tells how far a run is.
final class LastNetwork: TrainingObserver {
  private(set) var network: Checkpoint?
  private let progress: (Double) -> Void

  /// - Parameter progress: Is told the place in the run, 0 to 1, after every step.
  init(_ progress: @escaping (Double) -> Void) { self.progress = progress }

  func observe(_ event: TrainingEvent) {
    switch event {
    case .step(_, let place): progress(place.position)
    case .epoch(_, let model, _): network = model
    default: break
    }
  }
}
