import Support
import Training

/// The live view of a run in a terminal: progress, rates, and how loss and accuracy went.
struct TrainingPanel {
  private var panel = LivePanel()
  private var losses = ThinnedValues()
  private var accuracies: [Double] = []
  private let started = ContinuousClock.now
  private var begun: Double?

  /// Rows of a chart.
  private static let chartHeight = 5
  private static let labelWidth = 7

  /// Adds a step, and draws if it is time to.
  mutating func show(_ step: StepRecord, _ progress: StepProgress) {
    losses.add(step.loss)
    let begun = begun ?? progress.position
    self.begun = begun
    guard panel.isDue else { return }
    panel.draw(lines(step, progress, begun))
  }

  /// Adds the result of an epoch.
  mutating func add(_ epoch: EpochRecord) {
    if let accuracy = epoch.validationAccuracy { accuracies.append(accuracy) }
  }

  /// Removes it, so that a line can be printed.
  mutating func clear() { panel.clear() }

  private func lines(
    _ step: StepRecord, _ progress: StepProgress, _ begun: Double
  ) -> [String] {
    let width = Console.width - 1
    let spent = started.duration(to: .now).seconds
    let share = progress.position - begun
    let left =
      share > 0 && spent > 0.5
      ? "\((spent * (1 - progress.position) / share).clock) left" : ""
    let head = " epoch \(progress.epoch) "
    let tail = " \(progress.position.percentage(decimals: 0))  \(spent.clock), \(left)"
    let bar = ProgressBar.bar(
      progress.position, width: max(8, width - head.count - tail.count))
    let update = progress.update.map {
      "largest change \($0.ratio.percentage(decimals: 2)) (\($0.name))"
    }
    let facts = [
      "loss \(progress.loss.digits(4))", "accuracy \(progress.accuracy.percentage())",
      "\(Int(progress.imagesPerSecond).grouped) images/s", "rate \(step.learningRate.short)",
      "gradient \(step.gradientNorm.short)", update,
    ].compactMap(\.self)
    let wrapped = facts.lines(width: width - 1, separator: " · ", end: "")
    return [head + bar + tail] + wrapped.prefix(2).map { " \($0)" } + charts(width)
  }

  /// Two charts side by side.
  private func charts(_ width: Int) -> [String] {
    let side = (width - 2) / 2
    let loss = chart("loss, smoothed", losses.smoothed, side) { $0.digits(3) }
    let accuracy = chart("validation accuracy", accuracies, side) { $0.percentage() }
    return zip(loss, accuracy).map { "\($0.left(side))  \($1)" }
  }

  private func chart(
    _ name: String, _ values: [Double], _ width: Int, _ text: (Double) -> String
  ) -> [String] {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else {
      return [String](repeating: "", count: Self.chartHeight + 1)
    }
    let rows = BrailleChart(
      values, width: width - Self.labelWidth - 1, height: Self.chartHeight
    ).lines
    let labels = rows.indices.map { $0 == 0 ? text(high) : $0 == rows.count - 1 ? text(low) : "" }
    return ["".right(Self.labelWidth) + " " + name]
      + zip(labels, rows).map { "\($0.right(Self.labelWidth)) \($1)" }
  }
}

/// Values of which so few are kept that a chart can be drawn from all: means of equally many.
private struct ThinnedValues {
  private(set) var values: [Double] = []
  private var count = 1
  private var sum = 0.0, added = 0
  private static let most = 1024

  /// Each the average of those before, whose weights halve over a twenty-fifth of all.
  var smoothed: [Double] {
    var average = MovingAverage(halfLife: max(1, Double(values.count) / 25))
    return values.enumerated().map { average.add($0.element, at: Double($0.offset)) }
  }

  mutating func add(_ value: Double) {
    sum += value
    added += 1
    guard added == count else { return }
    values.append(sum / Double(count))
    (sum, added) = (0, 0)
    guard values.count == Self.most else { return }
    values = stride(from: 0, to: values.count, by: 2).map { (values[$0] + values[$0 + 1]) / 2 }
    count *= 2
  }
}
