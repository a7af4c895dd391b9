import Statistics
import Support
import Training

// The tables of a comparison of optimizers; the names of the columns come first.
extension ContestReport {
  private var trials: [(result: OptimizerResult, trial: ComparisonTrial)] {
    results.flatMap { result in (result.searches + result.finals).map { (result, $0) } }
  }

  /// One row for each training.
  var trialTable: [[String]] {
    var accuracies: [String: Double] = [:]
    for (result, method) in zip(ranked, verdicts.comparison.methods) {
      for (trial, accuracy) in zip(result.compared, method.accuracies) {
        accuracies[trial.directory.path] = accuracy
      }
    }
    let columns = [
      "trial", "optimizer", "rate", "seed", "phase", "status", "final_loss", "best_loss",
      "final_accuracy", "best_accuracy", "judged_accuracy", "mean_loss", "steps", "seconds",
    ]
    return [columns]
      + trials.map { result, trial in
        [
          trial.directory.name, "\(result.optimizer)", "\(trial.rate)", "\(trial.seed)",
          trial.phase.rawValue, trial.isFailed ? "diverged" : "finished",
        ]
          + [
            trial.finalLoss, trial.bestLoss, trial.finalAccuracy, trial.bestAccuracy,
            accuracies[trial.directory.path], trial.meanLoss(over: place),
          ].map { $0?.text ?? "" } + ["\(trial.steps)", trial.seconds.text]
      }
  }

  /// One row for each epoch of each training.
  var curveTable: [[String]] {
    let columns = [
      "trial", "optimizer", "rate", "seed", "phase", "epoch", "step", "seconds", "train_loss",
      "validation_loss", "validation_accuracy",
    ]
    return [columns]
      + trials.flatMap { result, trial in
        trial.epochs.map { row in
          [
            trial.directory.name, "\(result.optimizer)", "\(trial.rate)", "\(trial.seed)",
            trial.phase.rawValue, "\(row.epoch)", "\(row.step)", row.seconds.text,
            row.trainLoss.text, row.validationLoss?.text ?? "",
            row.validationAccuracy?.text ?? "",
          ]
        }
      }
  }

  /// One row for each image: 1 where the network of a training is right, the best optimizer first.
  var hitTable: [[String]] {
    let order = verdicts.comparison.ranking
    let names = order.flatMap { place in
      ranked[place].compared.map { "\(ranked[place].optimizer) seed \($0.seed)" }
    }
    let networks = order.flatMap { hits[$0] }
    return [["path", "label"] + names]
      + judgedImages.enumerated().map { index, image in
        [image.path, image.label] + networks.map { $0[index] ? "1" : "0" }
      }
  }

  private var judgedImages: [(path: String, label: String)] { comparison.judgedImages }
}
