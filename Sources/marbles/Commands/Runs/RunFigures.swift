import Foundation
import Optimization
import Plotting
import Races
import Support
import Training

/// A run's figures, drawn from its tables.
enum RunFigures {
  /// How a figure is drawn.
  struct Style {
    var horizontalAxis = HorizontalAxis.epoch
    var isLogarithmic = false
    var smoothing: Double?
    var look = FigureLook()
    var format = FigureFormat.png
    /// One name for each run; nil for what tells them apart.
    var labels: [String]?
  }

  private static let quantities = [TrainingFigure.Quantity.loss, .accuracy]

  /// Draws one run into its own `plots`, whose files are the run's.
  ///
  /// - Parameter note: Is given what the tables lack.
  /// - Returns: The paths of the figures.
  @discardableResult
  static func draw(
    _ run: RunDirectory, style: Style = Style(), note: (String) -> Void = { _ in }
  ) throws -> [String] {
    try run.requireOwnFolders()
    // A run that was moved while it is trained leaves nothing under its old name.
    try Folder.create(run.plots, withParents: false)
    return try figures([run], style, note: note).map { name, figure in
      let path = "\(run.plots)/\(name).\(style.format.rawValue)"
      let bytes = try style.look.encoded(figure, as: style.format)
      try AtomicFile.write(Data(bytes), to: path)
      OwnFile.mark(path, content: bytes)
      return path
    }
  }

  /// The figures of one or several runs with their names: `loss` and `accuracy`, and `layers` of
  /// one run that has measured them.
  ///
  /// - Parameter note: Is given what the tables lack.
  static func figures(
    _ runs: [RunDirectory], _ style: Style, note: (String) -> Void
  ) throws -> [(name: String, figure: any TitledFigure)] {
    let records = try runs.map { try RunRecord(contentsOf: $0) }
    let texts = style.labels ?? labels(of: records)
    // Labels that a person has chosen are names enough.
    let runNames =
      records.count > 1 && style.labels == nil ? names(of: records, beside: texts) : nil
    let plotted = try runs.indices.map {
      try curve(runs[$0], records[$0], label: texts[$0], name: runNames?[$0] ?? "", note: note)
    }
    let curves = plotted.map(\.curve)
    var figures: [(name: String, figure: any TitledFigure)] = quantities.map { quantity in
      let figure = TrainingFigure(
        curves: curves, quantity: quantity, horizontalAxis: style.horizontalAxis,
        logarithmic: style.isLogarithmic && quantity == .loss, smoothing: style.smoothing,
        theme: style.look.theme)
      return (quantity.rawValue, figure)
    }
    if runs.count == 1 {
      let rows = try layerRows(of: runs[0], note: note)
      if !rows.isEmpty {
        figures.append(
          ("layers", layers(rows, records[0], plotted[0].epochs, curves[0], style)))
      }
    }
    return figures
  }

  /// The values of a run that the figure shows, and its epochs.
  private static func curve(
    _ run: RunDirectory, _ record: RunRecord, label: String, name: String, note: (String) -> Void
  ) throws -> (curve: TrainingCurve, epochs: [EpochRecord]) {
    let batches = max(
      1, record.configuration.stepsPerEpoch(trainingCount: record.trainingCount))
    var steps = ThinnedSteps()
    let tables = try RunTables(of: run, record) {
      steps.add(
        TrainingCurve.Step(
          step: $0.step, epoch: Double($0.step) / Double(batches), loss: $0.loss,
          learningRate: $0.learningRate))
    }
    tables.gaps.forEach(note)
    let curve = TrainingCurve(
      name: label, runName: name,
      epochs: tables.epochs.map {
        TrainingCurve.Epoch(
          epoch: Double($0.epoch), trainLoss: $0.trainLoss, validationLoss: $0.validationLoss,
          trainAccuracy: $0.trainAccuracy, validationAccuracy: $0.validationAccuracy,
          seconds: $0.seconds, learningRate: $0.learningRate)
      },
      steps: record.configuration.budget == nil
        ? steps.steps : steps.steps.map { $0.placed(among: tables.epochs, batches: batches) },
      classCount: record.classes.count, guessingLoss: guessingLoss(record),
      majorityAccuracy: record.validationMajority,
      notes: notes(record, tables.epochs),
      group: record.configuration.optimizer.family.colorGroup,
      keepsLast: record.configuration.keepsLast,
      trainingConditions: record.configuration.trainingConditions)
    return (curve, tables.epochs)
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

extension TrainingCurve.Step {
  /// The step where it is among epochs that may have been cut short, as a budget cuts them.
  func placed(among epochs: [EpochRecord], batches: Int) -> TrainingCurve.Step {
    var placed = self
    let next = epochs.firstIndex { $0.step >= step } ?? epochs.count
    let before = next > 0 ? epochs[next - 1] : nil
    let start = before?.step ?? 0
    let count = next < epochs.count ? epochs[next].step - start : batches
    placed.epoch = Double(before?.epoch ?? 0) + Double(step - start) / Double(max(1, count))
    return placed
  }
}
