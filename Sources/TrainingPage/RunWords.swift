internal import Support
internal import Training

// What a page says of a run.
extension RunRecord {
  /// Whether a training that nobody carries on can be resumed.
  var canGoOn: Bool { [.running, .paused, .interrupted].contains(status) }

  /// What the run is doing.
  ///
  /// - Parameter progress: Nil unless its tables were read.
  func words(isTraining: Bool, _ progress: RunProgress? = nil) -> String {
    var parts = [isTraining ? wordsWhileTraining : wordsAfterwards]
    if isTraining, let progress {
      let count = progress.epochs.map { " of \($0)" } ?? ""
      parts.append("epoch \(progress.epoch)\(count)")
      if status != .paused {
        parts.append(
          progress.remaining.map { "\($0.duration) left" }
            ?? "time left not known before the first epoch ends")
      }
    }
    if let accuracy = result?.testAccuracy {
      parts.append("\(accuracy.percentage()) on test images")
    }
    return parts.joined(separator: ", ")
  }

  private var wordsWhileTraining: String {
    switch status {
    case .running: "training"
    case .paused: "paused"
    default: "about to train"
    }
  }

  private var wordsAfterwards: String {
    switch status {
    case .running: "ended without saying so, can go on"
    case .paused: "ended while paused, can go on"
    case .interrupted: "stopped, can go on"
    default: status.rawValue
    }
  }

  /// What is trained, and for how long.
  var facts: String {
    let choices = configuration
    let images = trainingCount + validationCount + testCount
    return [
      choices.model ?? "own network", "\(choices.optimizer)",
      "rate \(Double(highestRate).short)", "\(images) images",
      choices.budget.map { "\($0.duration) of time" } ?? "\(choices.epochs) epochs",
    ].joined(separator: " · ")
  }

  /// The highest learning rate, as it was changed last.
  var highestRate: Float {
    configuration.learningRateChanges?.last?.rate ?? configuration.learningRate
  }
}
