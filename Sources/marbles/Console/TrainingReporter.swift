import Foundation
import ImageLoading
import Optimization
import Training

/// Tells a person how training goes: a header, a line per epoch, a bar in between, a closing.
struct TrainingReporter {
  private let quiet: Bool
  private let record: RunRecord
  private var bar: ProgressBar
  private var lastSeconds = 0.0

  init(quiet: Bool, record: RunRecord) {
    self.quiet = quiet
    self.record = record
    bar = ProgressBar(quiet: quiet)
  }

  /// What is about to be trained on what.
  func begin(_ directory: RunDirectory, _ data: TrainingData) {
    guard !quiet else { return }
    let choices = record.configuration
    let report = data.loaded.report
    let skipped = report.skipped.count
    Console.note("run    \(directory.path)")
    Console.note(
      "data   \(report.usableCount.counted("picture")) of \(report.classes.count.counted("class")) in \(report.layout.rawValue)"
        + (skipped > 0 ? ", \(skipped) skipped (see data-report.json)" : ""))
    Console.note(
      "       \(record.trainingCount.grouped) to train · \(record.validationCount.grouped) to validate · \(record.testCount.grouped) to test"
    )
    Console.note(
      "model  \(choices.model ?? "own") at \(choices.imageSize)×\(choices.imageSize) · \(record.parameterCount.grouped) parameters"
    )
    if choices.objective != .crossEntropy { Console.note("loss   \(choices.objective)") }
    Console.note(
      "steps  \(choices.optimizer), rate \(Double(choices.learningRate).short) \(choices.schedule), batch \(choices.batchSize), seed \(choices.seed), \(record.threads.counted("thread"))"
    )
    Console.note("")
    Console.note(" epoch    train      val   val accuracy      rate   gradient     time")
  }

  /// One event of the loop.
  mutating func show(_ event: TrainingEvent) {
    guard !quiet else { return }
    switch event {
    case .step(let progress):
      let done = (progress.epoch - 1) * progress.stepCount + progress.step
      let total = progress.epochCount * progress.stepCount
      bar.show(
        "\("\(progress.epoch)".right(6))", done: progress.step, of: progress.stepCount,
        "loss \(progress.loss.digits(4))  \(Int(progress.imagesPerSecond).grouped) images/s  \(bar.remaining(done: done, of: total))"
      )
    case .epoch(let epoch, let isBest):
      bar.clear()
      Console.note(line(epoch, isBest))
      lastSeconds = epoch.seconds
    case .ended: bar.clear()
    }
  }

  private func line(_ epoch: EpochRecord, _ isBest: Bool) -> String {
    func field(_ value: Double?, _ width: Int, _ text: (Double) -> String) -> String {
      (value.map(text) ?? "").right(width)
    }
    return [
      "\(epoch.epoch)".right(6), field(epoch.trainLoss, 8) { $0.digits(4) },
      field(epoch.validationLoss, 8) { $0.digits(4) },
      field(epoch.validationAccuracy, 14, \.percent),
      field(epoch.epoch > 0 ? epoch.learningRate : nil, 9, \.short),
      field(epoch.gradientNorm, 10, \.short),
      field(epoch.epoch > 0 ? epoch.seconds : nil, 8, \.clock),
    ].joined(separator: " ") + (isBest && epoch.epoch > 0 ? " ★" : "")
  }

  /// What came of it, and what to do next.
  func end(_ record: RunRecord, _ directory: RunDirectory) {
    guard !quiet else { return }
    Console.note("")
    switch (record.status, record.result) {
    case (.interrupted, _):
      Console.note("interrupted, everything is saved; go on with")
      Console.note("  marbles train --resume \(directory.path)")
    case (_, let result?):
      if let accuracy = result.testAccuracy, let low = result.testAccuracyLow,
        let high = result.testAccuracyHigh, let count = result.testCount
      {
        Console.note(
          "test   \(accuracy.percent) of \(count.counted("picture")) right (95 % interval \(low.percent) to \(high.percent))"
        )
      }
      Console.note(
        "best   epoch \(result.bestEpoch)"
          + (result.validationLoss.map { ", validation loss \($0.digits(4))" } ?? "")
          + " · \(result.seconds.duration) of training")
      Console.note("plots  \(directory.plots)/loss.png, accuracy.png")
      Console.note("next   marbles evaluate \(directory.path)")
    default: break
    }
  }
}
