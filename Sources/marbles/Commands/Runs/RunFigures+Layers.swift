import Plotting
import Training

extension RunFigures {
  /// The rows of the layers of a run; none of one that was trained before there was such a table.
  ///
  /// - Parameter note: Is given that there is no table, or that it ends within a line.
  /// - Throws: `TableError` if the table is there and cannot be read.
  static func layerRows(
    of run: RunDirectory, note: (String) -> Void
  ) throws(TableError) -> [LayerRecord] {
    do {
      var rows: [LayerRecord] = []
      if try CSVTable.forEach(LayerRecord.self, from: run.layers, { rows.append($0) }) {
        note(RunTables.cut(run.layers))
      }
      return rows
    } catch {
      guard case .missing = error else { throw error }
      note("\(run.layers): no such table, so layers are not drawn; new runs have one")
      return []
    }
  }

  /// How much each layer of a run changed.
  static func layers(
    _ rows: [LayerRecord], _ record: RunRecord, _ epochs: [EpochRecord], _ curve: TrainingCurve,
    _ style: Style
  ) -> LayersFigure {
    let health = LayerHealth(rows, names: LayerHealth.names(record))
    let batches = max(
      1, record.configuration.stepsPerEpoch(trainingCount: record.trainingCount))
    let wereCutShort = record.configuration.budget != nil
    let samples = Dictionary(grouping: rows, by: \.array).mapValues { rows in
      rows.map { row in
        let step = TrainingCurve.Step(
          step: row.step, epoch: Double(row.step) / Double(batches), loss: 0, learningRate: 0)
        return LayersFigure.Line.Sample(
          epoch: wereCutShort ? step.placed(among: epochs, batches: batches).epoch : step.epoch,
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
