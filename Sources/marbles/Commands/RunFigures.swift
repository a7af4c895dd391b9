import Foundation
import Optimization
import Plotting
import Training

/// A run's figures, drawn from its tables.
enum RunFigures {
  /// How a figure is drawn.
  struct Style {
    var horizontalAxis = HorizontalAxis.epoch
    var isLogarithmic = false
    var smoothing: Double?
    var theme = Theme.light
    var format = FigureFormat.png
  }

  /// Draws `loss` and `accuracy` of one run into its own `plots`, or of several into `folder`.
  ///
  /// - Parameter labels: One for each run; nil for what tells them apart.
  /// - Returns: The paths of the figures.
  @discardableResult
  static func draw(
    _ runs: [RunDirectory], into folder: String? = nil, labels: [String]? = nil,
    style: Style = Style()
  ) throws -> [String] {
    let records = try runs.map { try RunRecord(contentsOf: $0) }
    let labels = labels ?? self.labels(of: records)
    let curves = try zip(runs, zip(records, labels)).map { run, named in
      try curve(run, named.0, label: named.1)
    }
    let folder = folder ?? runs[0].plots
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure(.output, "\(folder): cannot be created")
    }
    return try [TrainingFigure.Quantity.loss, .accuracy].map { quantity in
      let path = "\(folder)/\(quantity.rawValue).\(style.format.rawValue)"
      try TrainingFigure(
        curves: curves, quantity: quantity, horizontalAxis: style.horizontalAxis,
        logarithmic: style.isLogarithmic && quantity == .loss, smoothing: style.smoothing,
        theme: style.theme
      ).write(to: path, as: style.format)
      return path
    }
  }

  /// The values of a run that the figure shows.
  private static func curve(
    _ run: RunDirectory, _ record: RunRecord, label: String
  ) throws -> TrainingCurve {
    let epochs = try CSVTable.read(EpochRecord.self, from: run.metrics)
    let steps = try CSVTable.read(StepRecord.self, from: run.steps)
    let batches = max(
      1,
      (record.trainingCount + record.configuration.batchSize - 1)
        / record.configuration.batchSize)
    return TrainingCurve(
      name: label,
      epochs: epochs.map {
        TrainingCurve.Epoch(
          epoch: Double($0.epoch), trainLoss: $0.trainLoss, validationLoss: $0.validationLoss,
          trainAccuracy: $0.trainAccuracy, validationAccuracy: $0.validationAccuracy,
          seconds: $0.seconds, learningRate: $0.learningRate)
      },
      steps: steps.map {
        TrainingCurve.Step(
          step: $0.step, epoch: Double($0.step) / Double(batches), loss: $0.loss,
          learningRate: $0.learningRate)
      },
      classCount: record.classes.count, guessingLoss: guessingLoss(record),
      notes: notes(record, epochs),
      group: record.configuration.optimizer.family.colorGroup)
  }

  /// The loss of equal logits, averaged over the classes; nil for cross-entropy, where it is known.
  private static func guessingLoss(_ record: RunRecord) -> Double? {
    let choices = record.configuration
    let count = record.classes.count
    guard choices.objective != .crossEntropy,
      let objective = try? choices.makeObjective(classCount: count, smoothed: false)
    else { return nil }
    let logits = [Float](repeating: 0, count: count * count)
    return Double(objective.evaluate(logits: logits, targets: Array(0..<count)).loss)
  }

  private static func notes(_ record: RunRecord, _ epochs: [EpochRecord]) -> String {
    let choices = record.configuration
    return [
      choices.model ?? "own network",
      "\(choices.optimizer) \(Double(choices.learningRate).short)",
      choices.objective == .crossEntropy ? "" : "\(choices.objective)",
      "batch \(choices.batchSize)", "seed \(choices.seed)",
      "\(record.trainingCount.grouped) training images",
      (epochs.last?.seconds ?? 0).duration,
    ].filter { !$0.isEmpty }.joined(separator: " · ")
  }
}
