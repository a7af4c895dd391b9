import Foundation
import ImageLoading
import Plotting
import Reports
import Support
import Training

/// A run that a report is of.
struct ReportedRun {
  let directory: RunDirectory
  let record: RunRecord
  /// The images, as far as they are there.
  let images: ReachableImages
  /// The best network on the run's test images; nil if it was not measured.
  let evaluation: KeptEvaluation?
  /// The rows of `metrics.csv`.
  let epochs: [EpochRecord]

  /// Reads what is on one run.
  ///
  /// - Throws: The error of a file.
  init(_ run: RunDirectory, movedData: String?) throws {
    directory = run
    record = try RunRecord(contentsOf: run)
    for folder in [run.evaluation, "\(run.path)/checkpoints"] where isLink(folder) {
      throw Failure(
        .inputMissing, "\(folder): is a link, which a report does not follow; put the folder there")
    }
    images = try ReachableImages(movedData ?? record.dataLocation, isGiven: movedData != nil)
    evaluation =
      isMissing(KeptEvaluation.metrics(run.evaluation))
      ? nil : try KeptEvaluation(run.evaluation, movedData: movedData, of: record)
    epochs = try RunTables(of: run, record) { _ in }.epochs
  }

  /// The epoch that the run keeps, or would keep if it ended now; nil before the first one.
  var kept: EpochRecord? {
    if let result = record.result { return epochs.first { $0.epoch == result.bestEpoch } }
    guard !record.configuration.keepsLast else { return epochs.last }
    return epochs.min { ($0.validationLoss ?? .infinity) < ($1.validationLoss ?? .infinity) }
  }

  /// What became of it.
  var status: String {
    switch record.status {
    case .finished: "finished"
    case .running: "is training, or was stopped without a word"
    case .paused: "is paused, or was stopped while it was"
    case .interrupted: "was interrupted, and can be resumed"
    case .diverged: "diverged"
    case .failed: "failed"
    }
  }

  /// Accuracy of the best network: on the test images, or else on those it was chosen by.
  var accuracy: (value: Double, interval: ClosedRange<Double>?, images: String)? {
    if let result = record.result, let value = result.testAccuracy,
      let low = result.testAccuracyLow, let high = result.testAccuracyHigh, low <= high
    {
      return (value, low...high, (result.testCount ?? record.testCount).counted("test image"))
    }
    return (record.result?.validationAccuracy ?? kept?.validationAccuracy).map {
      ($0, nil, record.validationCount.counted("validation image"))
    }
  }

  // MARK: Page

  /// The page of this run alone.
  func page(_ look: ReportLook, note: (String) -> Void) throws -> ReportPage {
    let sections = evaluation.map { EvaluationSections(evaluation: $0, look: look) }
    let files = RunSections(run: self, look: look)
    return ReportPage(
      "Run \(record.name)",
      head: HTML {
        HTML.element("p", ["class": "lead"]) { verdict }
        if record.result != nil { HTML.numbers(numbers) }
        if let divergence = record.divergence?.description {
          HTML.paragraph("\(divergence.prefix(1).uppercased())\(divergence.dropFirst()).")
        }
      },
      sections: [try files.training(note: note)] + (sections?.all ?? [])
        + [try files.data, files.choices, try files.reproduction(note: note)].compactMap(\.self),
      footer: ReportPage.origin, look: look)
  }

  /// How good it is, in a sentence.
  private var verdict: HTML {
    HTML {
      if let accuracy {
        "Right on \(accuracy.value.percentage()) of \(accuracy.images)"
        if let interval = accuracy.interval { " (95% interval \(interval.words))" }
        if record.status == .finished { "." } else { "; the run \(status)." }
      } else {
        "The run \(status); nothing was measured on test images."
      }
      if record.result?.testAccuracy == nil, accuracy != nil {
        " They chose the epoch, so new images may be classified a little worse."
      }
      if record.result?.bestEpoch == 0 {
        " No epoch was better than the untrained network, which is what was kept."
      }
    }
  }

  private var numbers: [HTML.KeyNumber] {
    guard let result = record.result else { return [] }
    let choices = record.configuration
    let loss = (result.testLoss ?? result.validationLoss).map {
      HTML.KeyNumber(
        "loss", $0.digits(3),
        "\(choices.objective), on the \(result.testLoss == nil ? "validation" : "test") images")
    }
    let first = accuracy.map { accuracy in
      HTML.KeyNumber(
        "accuracy", accuracy.value.percentage(),
        (result.testMajorityAccuracy ?? record.validationMajority).map {
          "always the largest class: \($0.percentage())"
        } ?? "")
    }
    return [first, loss].compactMap(\.self) + [
      HTML.KeyNumber(
        choices.keepsLast ? "last epoch" : "best epoch", "\(result.bestEpoch)",
        choices.keepsLast ? "kept: its rate has fallen" : "the lowest validation loss"),
      HTML.KeyNumber(
        "trained for", result.seconds.duration,
        "\(record.trainingCount.counted("image")), "
          + record.classes.count.counted("class")),
    ]
  }
}
