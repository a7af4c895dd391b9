internal import Plotting
internal import Training

/// What is known of a run from its files, in memory that does not grow with the run.
struct FollowedRun: Sendable {
  /// A measurement of an array of weights.
  struct Norms: Sendable { var step: Int, gradient: Double, ratio: Double? }

  let directory: RunDirectory
  private(set) var record: RunRecord
  private(set) var epochs = Thinned<EpochRecord>(limit: 2048)
  private(set) var steps = ThinnedSteps(limit: 2048)
  /// By the number of the array.
  private(set) var layers: [Int: Thinned<Norms>] = [:]
  /// Names of arrays by their numbers; rows of others are no rows of this run.
  private(set) var layerNames: [Int: String]
  /// The last two epochs, from which the speed follows.
  private(set) var pace: (before: EpochRecord?, last: EpochRecord?)
  /// The process that writes into it now.
  private(set) var owner: Int32?

  private var recordStamp: FileStamp?
  private var metrics: TableFollower<EpochRecord>
  private var stepTable: TableFollower<StepRecord>
  private var layerTable: TableFollower<LayerRecord>

  /// Begins to follow a run.
  ///
  /// - Throws: `CheckpointError` if its record cannot be read.
  init(_ directory: RunDirectory) throws(CheckpointError) {
    self.directory = directory
    recordStamp = FileStamp(directory.record)
    record = try RunRecord(contentsOf: directory)
    layerNames = LayerHealth.names(record)
    metrics = TableFollower(path: directory.metrics)
    stepTable = TableFollower(path: directory.steps)
    layerTable = TableFollower(path: directory.layers)
  }

  /// Lines of the tables that were left out, in words.
  var problems: [String] {
    [metrics.problem, stepTable.problem, layerTable.problem].compactMap(\.self)
  }

  /// Reads what is new.
  ///
  /// - Returns: Whether anything is.
  mutating func update() -> Bool {
    let before = problems
    // All are read, whatever the first has found.
    let found = [updateRecord(), updateOwner(), updateEpochs(), updateSteps(), updateLayers()]
    return found.contains(true) || problems != before
  }

  private mutating func updateOwner() -> Bool {
    let before = owner
    owner = RunLock.owner(of: directory)
    return owner != before
  }

  private mutating func updateEpochs() -> Bool {
    var (epochs, pace) = (epochs, pace)
    defer { (self.epochs, self.pace) = (epochs, pace) }
    return metrics.read {
      epochs = Thinned(limit: 2048)
      pace = (nil, nil)
    } add: { row in
      epochs.add(row)
      pace = (pace.last, row)
    } != .nothing
  }

  private mutating func updateRecord() -> Bool {
    let stamp = FileStamp(directory.record)
    guard stamp != recordStamp, let new = try? RunRecord(contentsOf: directory) else {
      return false
    }
    recordStamp = stamp
    record = new
    layerNames = LayerHealth.names(new)
    return true
  }

  private mutating func updateSteps() -> Bool {
    var steps = steps
    defer { self.steps = steps }
    return stepTable.read {
      steps = ThinnedSteps(limit: 2048)
    } add: { row in
      steps.add(
        TrainingCurve.Step(
          step: row.step, epoch: Double(row.epoch), loss: row.loss, learningRate: row.learningRate))
    } != .nothing
  }

  private mutating func updateLayers() -> Bool {
    var layers = layers
    defer { self.layers = layers }
    return layerTable.read {
      layers = [:]
    } add: { [layerNames] row in
      guard layerNames[row.array] != nil else { return }
      layers[row.array, default: Thinned(limit: 256)].add(
        Norms(step: row.step, gradient: row.gradientNorm, ratio: row.updateRatio))
    } != .nothing
  }
}
