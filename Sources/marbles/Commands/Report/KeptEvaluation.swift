import Foundation
import ImageLoading
import Optimization
import Reports
import Statistics
import Support
import Tensors
import Training

/// An evaluation as its folder keeps it: everything measured follows from the answers in
/// `predictions.csv`, without the network and the images.
struct KeptEvaluation {
  /// The folder.
  let folder: String
  let report: EvaluationReport
  /// The images, as far as they are there.
  let images: ReachableImages
  /// What products multiplied in training, as far as the run is there.
  private let trainedIn: Precision

  static func metrics(_ folder: String) -> String { "\(folder)/metrics.json" }
  private static func predictions(_ folder: String) -> String { "\(folder)/predictions.csv" }

  /// The files that it is read from.
  var files: [String] { [Self.metrics(folder), Self.predictions(folder)] }

  /// What is needed of `metrics.json`.
  private struct Metrics: Decodable {
    var checkpoint: String, data: String, part: Split.Part?, objective: ObjectiveChoice
    var count: Int, classes: [String], temperature: Float?
    var trainedOn: Int?, validatedOn: Int?, unseen: Unseen?
    var tta: Bool?, precision: Precision?, slices: [EvaluationSlice]?, skipped: [DataReport.Finding]

    struct Unseen: Decodable { var count: Int, accuracy: Double }
  }

  /// Reads an evaluation.
  ///
  /// - Parameters:
  ///   - movedData: Where the images are now; nil for where they were.
  ///   - record: The run whose own images were measured; nil if that is to be found out.
  /// - Throws: `Failure` for a file that is missing, or is not of this evaluation.
  init(_ folder: String, movedData: String?, of record: RunRecord? = nil) throws {
    self.folder = folder
    let (path, table) = (Self.metrics(folder), Self.predictions(folder))
    let metrics: Metrics
    do {
      metrics = try Catalogues.standard.decoder().decode(
        Metrics.self, from: Data(fileBytes(path)))
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.data, "\(path): is not what 'marbles evaluate' writes; measure again")
    }
    report = try Self.report(metrics, try ReadTable(contentsOf: table), table)
    // A part of a run's own images is no path.
    let run =
      record
      ?? RunDirectory(containing: metrics.checkpoint).flatMap {
        try? RunRecord(contentsOf: $0)
      }
    trainedIn = run?.configuration.productPrecision ?? .float32
    let isOwn = metrics.part != nil || isMissing(metrics.data)
    images = try ReachableImages(
      movedData ?? (isOwn ? run?.dataLocation : metrics.data), isGiven: movedData != nil)
  }

  private static func report(
    _ metrics: Metrics, _ table: ReadTable, _ path: String
  ) throws -> EvaluationReport {
    let classes = metrics.classes
    let places = Dictionary(
      classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    func foreign(_ what: String) -> Failure {
      Failure(
        .data, "\(path): \(what); it is not of the metrics.json beside it, so measure again")
    }
    let labels = try table.column("class", of: path).map { name in
      guard let place = places[name] else { throw foreign("'\(name)' is no class") }
      return place
    }
    guard !labels.isEmpty, labels.count == metrics.count else {
      throw foreign("has \(labels.count.counted("image")), expected \(metrics.count.grouped)")
    }
    let columns = try classes.map { name in
      try table.column("logit_\(name)", of: path).map { text in
        guard let logit = Float(text), logit.isFinite else {
          throw foreign("'\(text)' is no logit")
        }
        return logit
      }
    }
    let verdicts =
      try table.columns.contains("verdict")
      ? table.column("verdict", of: path).map { text in
        guard let verdict = AnswerRule.Verdict(rawValue: text) else {
          throw foreign("'\(text)' is no verdict")
        }
        return verdict
      } : nil
    // Files of old have none.
    let temperature = metrics.temperature ?? 1
    guard temperature > 0, temperature.isFinite else {
      throw foreign("has a temperature of \(temperature)")
    }
    var report = try EvaluationReport(
      checkpoint: metrics.checkpoint, source: metrics.data, part: metrics.part,
      objective: metrics.objective, classes: classes,
      predictions: labels.indices.map { image in
        Prediction(
          classes: classes, logits: columns.map { $0[image] }, temperature: temperature,
          verdict: verdicts?[image] ?? .answered)
      }, alwaysAnswers: verdicts == nil,
      labels: labels, paths: table.column("path", of: path), partsInRun: nil,
      skipped: metrics.skipped)
    (report.trainedOn, report.validatedOn) = (metrics.trainedOn, metrics.validatedOn)
    report.unseen = metrics.unseen.map { unseen in
      Proportion(
        hits: Int((unseen.accuracy * Double(unseen.count)).rounded()), of: unseen.count)
    }
    report.averagesMirrored = metrics.tta ?? false
    report.precision = metrics.precision ?? .float32
    report.slices = metrics.slices
    return report
  }

  /// The options that measure it in the same way.
  private var options: [String] {
    let options = EvaluationSubject(report).options
    // Without a word it is measured in what it was trained in.
    let isForced = report.precision == .float32 && trainedIn != .float32
    return isForced ? options + ["--precision", report.precision.rawValue] : options
  }

  /// How it was measured, in words.
  private var way: String {
    var text = "\(report.evaluation.count.counted("image")), \(report.objective)"
    if report.averagesMirrored { text += ", each averaged with its mirror image" }
    if report.precision != .float32 { text += ", in \(report.precision.rawValue)" }
    return text + "."
  }

  /// The page of an evaluation that is in no run.
  func page(_ look: ReportLook) -> ReportPage {
    let sections = EvaluationSections(evaluation: self, look: look)
    return ReportPage(
      "Evaluation of \(CheckpointArgument.name(report.checkpoint))",
      head: HTML {
        HTML.element("p", ["class": "lead"]) { sections.verdict }
        HTML.numbers(sections.numbers)
      },
      sections: sections.all + [
        ReportPage.Section("reproduce", "To measure again") {
          HTML.commands([
            "marbles evaluate \(report.checkpoint.shellWord)"
              + (report.part.map { " --part \($0.rawValue)" }
                // Files of old say in words which part it was.
                ?? (isMissing(report.source) ? "" : " \(report.source.shellWord)"))
              + options.map { " \($0.shellWord)" }.joined()
              + " --out \(folder.shellWord)"
          ])
          HTML.quiet(way)
        }
      ], footer: ReportPage.origin, look: look)
  }
}

extension ReportPage {
  /// Where a page comes from.
  static var origin: String { "Made by Marbles \(Marbles.version). This page loads nothing." }
}
