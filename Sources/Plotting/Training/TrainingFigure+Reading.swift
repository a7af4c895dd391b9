extension TrainingFigure {
  /// Says in one sentence what there is to see; empty if there is nothing.
  var reading: String {
    switch (quantity, runs.count) {
    case (_, 0): ""
    case (.learningRate, 1): learningRateReading
    case (.learningRate, _): ""
    case (_, 1): reading(of: runs[0])
    default: readingOfSeveral
    }
  }

  // MARK: One run

  private func reading(of run: PlottedRun) -> String {
    let rows = validation(of: run)
    if let epoch = firstGap(of: run) {
      return "The loss was no longer a number in \(epochText(epoch))."
    }
    guard let first = rows.first, let last = rows.last else { return trainingReading(run) }
    guard rows.count > 1 else {
      return last.epoch > 0 ? "" : "The network before training: nothing has been learned yet."
    }
    let best = rows.dropFirst().reduce(first) { isBetter($1.value, $0.value) ? $1 : $0 }
    if let guessing, !isBetter(best.value, guessing, by: Self.least * abs(guessing)) {
      let training = run.training.last { $0.y.isFinite }?.y
      let learns = training.map { isBetter($0, guessing, by: Self.much * abs(guessing)) } ?? false
      return
        "Validation never got clearly better than guessing\(learns ? ", but training did" : "")."
    }
    if quantity == .loss, run.overfit != nil {
      return "Validation stopped improving at \(epochText(best.epoch)) while training went on: "
        + "overfitting."
    }
    let way = abs(first.value - best.value)
    let end = "\(text(last.value)) at the end"
    guard abs(last.value - best.value) <= Self.small * way else {
      return "Validation was best at \(epochText(best.epoch)), \(text(best.value)), and is worse, "
        + "\(end)."
    }
    let settled = settledPlace(rows, best.value, within: Self.small * way)
    guard 4 * settled < 3 * rows.count else {
      return "Validation was still getting better at the end, \(text(last.value)): more epochs may "
        + "help."
    }
    return "Validation hardly changed from \(epochText(rows[settled].epoch)) on, \(end)."
  }

  /// Less than this part of the guess is not clearly better than guessing.
  private static let least = 0.02
  /// More than this part of the guess is clearly better, also of smoothed steps.
  private static let much = 0.1
  /// Less than this part of all that validation gained is little.
  private static let small = 0.05

  /// The index from which on all values are near the best.
  private func settledPlace(
    _ rows: [(epoch: Double, value: Double)], _ best: Double, within distance: Double
  ) -> Int {
    (rows.lastIndex { abs($0.value - best) > distance } ?? -1) + 1
  }

  private func isBetter(_ value: Double, _ other: Double, by margin: Double = 0) -> Bool {
    quantity == .accuracy ? value > other + margin : value < other - margin
  }

  private func validation(of run: PlottedRun) -> [(epoch: Double, value: Double)] {
    run.curve.epochs.compactMap { row in
      let value = quantity == .accuracy ? row.validationAccuracy : row.validationLoss
      return value.flatMap { $0.isFinite ? (row.epoch, $0) : nil }
    }
  }

  /// The epoch in which the run diverged.
  private func firstGap(of run: PlottedRun) -> Double? {
    let steps = run.curve.steps.first { !$0.loss.isFinite }.map { $0.epoch.rounded(.up) }
    let epochs = run.curve.epochs.first {
      [$0.trainLoss, $0.validationLoss].contains { $0?.isFinite == false }
    }
    return [steps, epochs?.epoch].compactMap(\.self).min()
  }

  /// Of a run without validation images.
  private func trainingReading(_ run: PlottedRun) -> String {
    let values = run.training.map(\.y).filter(\.isFinite)
    guard let first = values.first, let last = values.last, values.count > 1 else { return "" }
    return "Training went from \(text(first)) to \(text(last)); no images were held out to tell "
      + "whether it learned by heart."
  }

  // MARK: Several runs

  private var readingOfSeveral: String {
    let order = ranking.filter { runs[$0].best != nil }
    let diverged = runs.count { firstGap(of: $0) != nil }
    let divergence =
      diverged == 0 ? "" : "; \(diverged == 1 ? "1 run" : "\(diverged) runs") diverged"
    guard let first = order.first, let last = order.last, let best = runs[first].best else {
      return diverged == 0 ? "" : "\(diverged) of \(runs.count) runs diverged."
    }
    let (high, low) = quantity == .accuracy ? ("highest", "lowest") : ("lowest", "highest")
    let others = runs[last].best.flatMap { other in
      first == last
        ? nil : "; the \(low) \(text(other.point.y)), by \(runs[last].curve.name)"
    }
    return "Of the epochs that are kept, the \(high) is \(text(best.point.y)), by "
      + "\(runs[first].curve.name) at \(epochText(best.epoch))\(others ?? "")\(divergence)."
  }

  // MARK: Learning rates

  private var learningRateReading: String {
    let points = runs[0].learningRate.filter { $0.y.isFinite }
    guard let last = points.last, let peak = points.max(by: { $0.y < $1.y }) else { return "" }
    guard runs[0].learningRateVaries else { return "It is \(text(last.y)) throughout." }
    return peak == last
      ? "It rises to \(text(last.y)) at the end."
      : "At its highest it is \(text(peak.y)), and \(text(last.y)) at the end."
  }
}
