internal import Foundation
internal import Optimization
internal import Plotting
internal import Races
internal import Support
internal import Training

/// A line of the list of runs.
struct RunSummary: Encodable {
  var name: String, status: RunRecord.Status, started: Date
  /// Whether a process on this computer writes into it.
  var isTraining: Bool
  /// The number of the training that this server started; nil if another has.
  var training: Int?
  /// The highest one, as it was changed last.
  var learningRate: Float
  /// What it is doing, and what is trained.
  var words: String, facts: String
  /// Whether a training can go on with it.
  var canGoOn: Bool
  /// Whether the run is asked to wait, whether or not it does already.
  var isPauseWanted: Bool

  init(
    _ name: String, _ record: RunRecord, isTraining: Bool, isPauseWanted: Bool, training: Int?
  ) {
    self.name = name
    (status, started, learningRate) = (record.status, record.started, record.highestRate)
    (self.isTraining, self.training) = (isTraining, training)
    self.isPauseWanted = isPauseWanted
    (words, facts) = (record.words(isTraining: isTraining), record.facts)
    canGoOn = !isTraining && record.canGoOn
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
  /// The columns of `epochs` are those of `metrics.csv`; nil is not finite, or was not measured.
  var epochs: [[Double?]]
  /// The step, mean loss, learning rate, and how many steps it stands for.
  var steps: [[Double?]]
  var layers: [Layer]
  /// Lines of tables that were left out, in words.
  var problems: [String]

  init(_ run: FollowedRun, version: Int) {
    name = run.directory.name
    (self.version, status, isTraining) = (version, run.record.status, run.owner != nil)
    changes = run.record.configuration.learningRateChanges ?? []
    progress = RunProgress(run)
    epochs = run.epochs.drawn.map { $0.values.map { $0?.finite } }
    steps = run.steps.steps.map {
      [Double($0.step), $0.loss.finite, $0.learningRate, Double($0.count)]
    }
    layers = run.layers.sorted { $0.key < $1.key }.map { number, norms in
      Layer(
        name: run.layerNames[number] ?? "array \(number)",
        norms: norms.drawn.map { [Double($0.step), $0.gradient.finite, $0.ratio?.finite] })
    }
    problems = run.problems
  }
}

/// How the chosen runs are told apart, and what they are doing.
struct RunKey: Encodable {
  var name: String, label: String
  /// What it is doing, and for how long; the part that is done, 0…1.
  var words: String, time: String?, fraction: Double?
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
    return zip(runs, texts).enumerated().map { index, pair in
      let (run, label) = pair
      let progress = RunProgress(run)
      return RunKey(
        name: run.directory.name, label: label,
        words: run.record.words(isTraining: run.owner != nil, progress),
        time: progress.seconds.map { "\($0.duration) of training" }, fraction: progress.fraction,
        colors: pens.mapValues { $0[index].color.hex })
    }
  }
}
