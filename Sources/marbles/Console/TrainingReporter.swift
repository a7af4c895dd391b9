import ConvNet
import Foundation
import ImageLoading
import Optimization
import Support
import Training

/// Shows the progress of training: a header, a line per epoch, a bar in between, a summary.
final class TrainingReporter: TrainingObserver {
  private let quiet: Bool
  private let recorder: RunRecorder
  private let data: TrainingData
  private let memory: RunMemory
  private var bar: ProgressBar
  /// Nil where there is no terminal for it; then there is only the bar.
  private var panel: TrainingPanel?

  init(quiet: Bool, recorder: RunRecorder, data: TrainingData, memory: RunMemory) {
    self.quiet = quiet
    self.memory = memory
    self.recorder = recorder
    self.data = data
    bar = ProgressBar(quiet: quiet)
    panel = !quiet && LivePanel.isPossible ? TrainingPanel() : nil
  }

  func observe(_ event: TrainingEvent) {
    guard !quiet else { return }
    switch event {
    case .began: begin(recorder.record)
    case .step(let step, let progress): show(step, progress)
    case .epoch(let epoch, _, let isBest):
      clear()
      panel?.add(epoch)
      Console.note(line(epoch, isBest))
    case .resumable, .layers, .clock, .snapshot, .completed, .worstImages: break
    case .learningRate(let change, _):
      clear()
      Console.note(
        "rate   at most \(Double(change.rate).short) from step \(change.step.grouped) on")
    case .refused(let reason):
      clear()
      Console.note("warning: \(reason); nothing is changed")
    case .paused(let step, _):
      clear()
      Console.note("paused at step \(step.grouped), saved; it goes on with")
      Console.note("  marbles steer \(recorder.directory.path.shellWord) --continue")
    case .continued(let seconds):
      clear()
      Console.note("goes on after \(seconds.duration)")
    case .retrying(let divergence, let state):
      clear()
      Console.note("\(divergence)")
      Console.note(
        "retry  \(state.progress.retries ?? 0) of \(DivergenceAction.mostRetries), from step "
          + "\(state.progress.step.grouped) on, with \(DivergenceAction.rateFactor) times the rate")
    case .stopping(let reason):
      clear()
      Console.note("stopped: \(reason)")
    case .ended, .failed: clear()
    }
  }

  /// Prints the data, the network and the choices of the run.
  private func begin(_ record: RunRecord) {
    let choices = record.configuration
    let report = data.loaded.report
    let (skipped, ignored) = (report.counts.skipped, report.counts.ignored)
    Console.note("run    \(recorder.directory.path)")
    Console.note(
      "data   \(report.usableCount.counted("image")) of "
        + "\(report.classes.count.counted("class")) · \(report.layout.rawValue)"
        + (skipped > 0 ? ", \(skipped.grouped) skipped" : "")
        + (ignored > 0 ? ", \(ignored.grouped) ignored" : "")
        + (skipped + ignored > 0 ? " (see data-report.json)" : ""))
    for note in report.notes { Console.note("       \(note.printable)") }
    Console.note(
      "       \(record.trainingCount.grouped) to train · \(record.validationCount.grouped) "
        + "to validate · \(record.testCount.grouped) to test"
    )
    for line in CopyWarnings.lines(report) { Console.note("       \(line)") }
    for line in lopsidedness(report) { Console.note("       \(line)") }
    // It was already made once before the images were read.
    let network = try? choices.makeNetwork(classCount: record.classes.count)
    note(
      "model",
      [
        "\(choices.model ?? "own") at \(choices.imageSize)×\(choices.imageSize)",
        network?.layers.count.counted("layer"), record.parameterCount.counted("parameter"),
      ], separator: " · ")
    note("images", choices.imageChanges)
    if choices.objective != .crossEntropy || choices.labelSmoothing > 0 {
      note("loss", choices.objectiveTexts)
    }
    note(
      "steps",
      choices.optimizerTexts
        + ["seed \(choices.seed)", record.threads.counted("thread")])
    note("memory", [memory.text])
    Console.note("")
    Console.note(" epoch    train      val   val accuracy      rate   gradient     time")
  }

  /// Prints facts behind a name, on as many lines as they need.
  private func note(_ name: String, _ facts: [String?], separator: String = ", ") {
    let facts = facts.compactMap { $0 }
    guard !facts.isEmpty else { return }
    let lines = facts.lines(
      width: Console.width - 7, separator: separator, end: separator == ", " ? "," : "")
    for (index, line) in lines.enumerated() {
      Console.note((index == 0 ? name : "").left(7) + line)
    }
  }

  /// What to know before training on classes of very different size.
  private func lopsidedness(_ report: DataReport) -> [String] {
    let sorted = report.classes.sorted { $0.usable < $1.usable }
    guard let ratio = report.imbalance, let least = sorted.first, let most = sorted.last else {
      return []
    }
    let share = Double(most.usable) / Double(report.usableCount)
    return [
      "warning: '\(most.name.fitted(16))' has \(ratio.digits(1)) times the images of "
        + "'\(least.name.fitted(16))';",
      "always '\(most.name.fitted(16))' is right in \(share.percentage()), so read recall and "
        + "balanced accuracy",
    ]
  }

  /// What the accuracy on the test images does not say.
  private func reservations(_ result: RunRecord.Result) -> [String] {
    var lines: [String] = []
    let heldOut = data.test.count { data.loaded.images[$0].assignedPart == .train }
    if heldOut > 0, recorder.record.configuration.splitFile == nil {
      lines.append("held out from the training folder, because the data has no test images")
    }
    let present = Set(data.test.map { data.loaded.images[$0].classIndex })
    let absent = data.classNames.indices.filter { !present.contains($0) }
    if !absent.isEmpty {
      let names = absent.map { "'\(data.classNames[$0].printable)'" }.joined(separator: ", ")
      lines.append(
        "no test image of \(names)"
          + ": nothing is known about \(absent.count == 1 ? "it" : "them")")
    }
    if let balanced = result.testBalancedAccuracy, let majority = result.testMajorityAccuracy,
      data.loaded.report.imbalance != nil || majority >= result.testAccuracy ?? 0
    {
      lines.append(
        "balanced accuracy \(balanced.percentage()); always the largest class: "
          + majority.percentage())
    }
    return lines
  }

  private func clear() {
    bar.clear()
    panel?.clear()
  }

  /// Updates the panel or, in a small terminal, the bar.
  private func show(_ step: StepRecord, _ progress: StepProgress) {
    guard panel == nil else {
      panel?.show(step, progress)
      return
    }
    let speed = "\(Int(progress.imagesPerSecond).grouped) images/s"
    let place = Int(progress.position * 1e6)
    bar.show(
      "\("\(progress.epoch)".right(6))", done: progress.step, of: progress.stepCount,
      "loss \(progress.loss.digits(4))  \(speed)  \(bar.remaining(done: place, of: 1_000_000))")
  }

  private func line(_ epoch: EpochRecord, _ isBest: Bool) -> String {
    func field(_ value: Double?, _ width: Int, _ text: (Double) -> String) -> String {
      (value.map(text) ?? "").right(width)
    }
    return [
      "\(epoch.epoch)".right(6), field(epoch.trainLoss, 8) { $0.digits(4) },
      field(epoch.validationLoss, 8) { $0.digits(4) },
      field(epoch.validationAccuracy, 14) { $0.percentage() },
      field(epoch.epoch > 0 ? epoch.learningRate : nil, 9, \.short),
      field(epoch.gradientNorm, 10, \.short),
      field(epoch.epoch > 0 ? epoch.seconds : nil, 8, \.clock),
    ].joined(separator: " ")
      + (isBest && epoch.epoch > 0 && !recorder.record.configuration.keepsLast ? " ★" : "")
  }

  /// Prints the result, where the run is first.
  func printResult() {
    let (record, directory) = (recorder.record, recorder.directory)
    if !quiet { Console.note("") }
    Console.output("run    \(directory.path)")
    guard record.status != .interrupted, let result = record.result else { return }
    if let accuracy = result.testAccuracy, let low = result.testAccuracyLow,
      let high = result.testAccuracyHigh, let count = result.testCount
    {
      Console.output(
        "test   \(accuracy.percentage()) of \(count.counted("image")) right (95% interval "
          + "\(low.percentage()) to \(high.percentage()))"
      )
      for line in reservations(result) { Console.output("       \(line)") }
    }
    Console.output(
      "\(record.configuration.keepsLast ? "last" : "best")   epoch \(result.bestEpoch)"
        + (result.validationLoss.map { ", validation loss \($0.digits(4))" } ?? "")
        + " · \(result.seconds.duration) of training")
    if result.bestEpoch == 0, record.validationCount > 0 {
      let start =
        record.configuration.initialWeights == nil
        ? "the untrained network" : "the network it began with"
      Console.note("warning: no epoch was better than \(start), which is what was kept; try")
      Console.note("         more epochs, more images or another --learning-rate")
    }
  }

  /// Says what to do next.
  func close() {
    guard !quiet else { return }
    let (record, directory) = (recorder.record, recorder.directory)
    switch record.status {
    case .interrupted:
      Console.note("interrupted, everything is saved; continue with")
      Console.note("  marbles train --resume \(directory.path.shellWord)")
    case .finished:
      Console.note("plots  \(directory.plots)/loss.png, accuracy.png, layers.png")
      let images = record.testCount > 0 ? "" : " FOLDER"
      Console.note("next   marbles evaluate \(directory.path.shellWord)\(images)")
    default: break
    }
  }
}
