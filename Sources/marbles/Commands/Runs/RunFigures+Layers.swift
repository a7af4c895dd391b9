import Plotting
import Training

extension RunFigures {
  /// The rows of the layers of a single run; none of several runs, and of one that was trained
  /// before there was such a table.
  ///
  /// - Parameter note: Is given that there is no table.
  /// - Throws: `TableError` if the table is there and cannot be read.
  static func layerRows(
    of runs: [RunDirectory], note: (String) -> Void = { _ in }
  ) throws(TableError) -> [LayerRecord] {
    guard runs.count == 1 else { return [] }
    do {
      return try CSVTable.read(LayerRecord.self, from: runs[0].layers)
    } catch {
      guard case .missing = error else { throw error }
      note("\(runs[0].layers): no such table, so layers are not drawn; new runs have one")
      return []
    }
  }

  /// How much each layer of a run changed.
  static func layers(
    _ rows: [LayerRecord], of run: RunDirectory, _ record: RunRecord, _ curve: TrainingCurve,
    _ style: Style
  ) throws(TableError) -> LayersFigure {
    let health = LayerHealth(rows, names: LayerHealth.names(record))
    let batches = max(
      1, record.configuration.stepsPerEpoch(trainingCount: record.trainingCount))
    let epochs =
      record.configuration.budget == nil
      ? [] : try CSVTable.read(EpochRecord.self, from: run.metrics)
    let samples = Dictionary(grouping: rows, by: \.array).mapValues { rows in
      rows.map { row in
        let step = TrainingCurve.Step(
          step: row.step, epoch: Double(row.step) / Double(batches), loss: 0, learningRate: 0)
        return LayersFigure.Line.Sample(
          epoch: epochs.isEmpty ? step.epoch : step.placed(among: epochs, batches: batches).epoch,
          updateRatio: row.updateRatio ?? 0, gradientNorm: row.gradientNorm)
      }
    }
    return LayersFigure(
      lines: health.arrays.map { LayersFigure.Line($0.name, samples[$0.number] ?? []) },
      summary: health.summary, usual: LayerHealth.usualRatio,
      source: "about a thousandth of the weights (notes to Stanford's CS231n)", curve: curve,
      horizontalAxis: style.horizontalAxis, theme: style.look.theme)
  }
}
