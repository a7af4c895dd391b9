internal import Foundation
internal import Optimization
internal import Plotting
internal import Races
internal import Training

/// A line of the list of runs.
struct RunSummary: Encodable {
  var name: String, status: RunRecord.Status, started: Date
  /// Whether a process on this computer writes into it.
  var isTraining: Bool
  /// The number of the training that this server started; nil if another has.
  var training: Int?
  var network: String, optimizer: String, learningRate: Float
  var classes: Int, images: Int, imageSize: Int
  var epochs: Int?, budget: Double?
  /// Whether the run is asked to wait, whether or not it does already.
  var isPauseWanted: Bool
  var result: RunRecord.Result?

  init(
    _ name: String, _ record: RunRecord, isTraining: Bool, isPauseWanted: Bool, training: Int?
  ) {
    let choices = record.configuration
    self.name = name
    (status, started, result) = (record.status, record.started, record.result)
    (self.isTraining, self.training) = (isTraining, training)
    self.isPauseWanted = isPauseWanted
    network = choices.model ?? "own network"
    (optimizer, learningRate) = (
      "\(choices.optimizer)", choices.learningRateChanges?.last?.rate ?? choices.learningRate
    )
    classes = record.classes.count
    images = record.trainingCount + record.validationCount + record.testCount
    (imageSize, budget) = (choices.imageSize, choices.budget)
    epochs = choices.budget == nil ? choices.epochs : nil
  }
}

/// The values of a run that are drawn.
struct RunCurves: Encodable {
  /// An array of weights: step, ‖∇‖ and ‖change‖/‖θ‖ of each measurement.
  struct Layer: Encodable { var name: String, norms: [[Double?]] }

  var name: String, version: Int, status: RunRecord.Status, isTraining: Bool
  /// Changes of the highest learning rate.
  var changes: [LearningRateChange]
  var progress: RunProgress
  /// The columns of `epochs` are those of `metrics.csv`.
  var epochs: [[Double?]]
  /// The step, mean loss, lowest, highest, learning rate, and how many steps it stands for.
  var steps: [[Double?]]
  var layers: [Layer]
  /// Lines of tables that were left out, in words.
  var problems: [String]

  init(_ run: FollowedRun, version: Int) {
    name = run.directory.name
    (self.version, status, isTraining) = (version, run.record.status, run.owner != nil)
    changes = run.record.configuration.learningRateChanges ?? []
    progress = RunProgress(run)
    epochs = run.epochs.drawn.map(\.values)
    steps = run.steps.steps.map {
      [Double($0.step), $0.loss, $0.lowest, $0.highest, $0.learningRate, Double($0.count)]
    }
    layers = run.layers.sorted { $0.key < $1.key }.map { number, norms in
      Layer(
        name: run.layerNames[number] ?? "array \(number)",
        norms: norms.drawn.map { [Double($0.step), $0.gradient, $0.ratio] })
    }
    problems = run.problems
  }
}

/// How the chosen runs are told apart.
struct RunKey: Encodable {
  var name: String, label: String
  /// In the light and in the dark theme.
  var colors: [String: String]

  /// - Parameter labels: What tells records apart, one for each.
  static func all(
    of runs: [FollowedRun], labels: ([RunRecord]) -> [String]
  ) -> [RunKey] {
    guard !runs.isEmpty else { return [] }
    let groups = runs.map { Optional($0.record.configuration.optimizer.family.colorGroup) }
    let pens = Theme.onPages.mapValues { $0.pens(for: groups) }
    // A copied run has the name of its folder.
    let records = runs.map { run in
      var record = run.record
      record.name = run.directory.name
      return record
    }
    // Nothing has to be told apart from one run.
    let texts = records.count == 1 ? [records[0].name] : labels(records)
    return zip(runs, texts).enumerated().map { index, run in
      RunKey(
        name: run.0.directory.name, label: run.1, colors: pens.mapValues { $0[index].color.hex })
    }
  }
}
