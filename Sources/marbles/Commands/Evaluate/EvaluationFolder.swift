import Foundation
import ImageLoading
import Plotting
import Support
import Training

/// The folder of an evaluation: figures, predictions, sheets of mistakes and all numbers.
///
/// What an earlier evaluation has left there and this one does not write is removed, if it is as
/// Marbles wrote it: sheets of mistakes that are no longer made would mislead.
struct EvaluationFolder {
  /// The folder.
  let path: String
  private let format: FigureFormat
  private let figures: [(name: Name, file: OutputFile)]
  private let predictions: OutputFile, metrics: OutputFile
  private var outputs: Outputs

  /// The figures, without their endings.
  private enum Name: String, CaseIterable {
    case confusion
    case confusionExamples = "confusion-examples"
    case roc
    case precisionRecall = "precision-recall"
    case reliability, confidence
    case mostSure = "most-sure"
    case leastSure = "least-sure"
  }

  /// A figure has no room for the cells of more classes.
  static let mostConfusedClasses = 200

  /// Claims the files that every evaluation has.
  init(
    _ outputs: inout Outputs, in path: String, _ format: FigureFormat, withParents: Bool = true
  ) throws {
    self.path = path
    self.format = format
    try outputs.prepare(folder: path, withParents: withParents)
    func figure(_ name: Name) throws -> OutputFile {
      try outputs.claim("\(path)/\(name.rawValue).\(format.rawValue)", .figure(format))
    }
    figures = try Name.allCases.map { ($0, try figure($0)) }
    predictions = try outputs.claim("\(path)/predictions.csv", .table)
    metrics = try outputs.claim("\(path)/metrics.json", .summary)
    self.outputs = outputs
  }

  /// Writes everything, the numbers last: without them a folder is not whole.
  mutating func write(
    _ report: EvaluationReport, _ drawn: EvaluationFigures, _ look: FigureLook, quiet: Bool
  ) throws {
    let mistakes = Array(report.mistakes.prefix(EvaluationFigures.mostSheets))
    var bar = ProgressBar(quiet: quiet)
    defer { bar.clear() }
    let total = figures.count + mistakes.count
    var written: Set<String> = []
    let earlier = EvaluationSubject(folder: path)
    if let earlier, !quiet, !earlier.isSame(as: EvaluationSubject(report)) {
      Console.note("note: \(path) held the evaluation of \(earlier.text), which is replaced")
    }
    if OwnFile.isOne(metrics.path) { unsafe unlink(metrics.path) }
    for (index, (name, file)) in figures.enumerated() {
      if let figure = try Self.figure(name, of: drawn) {
        try file.write(figure, look)
        written.insert(file.path)
      }
      bar.show("figures", done: index + 1, of: total)
    }
    for (index, (mistake, name)) in zip(mistakes, Self.names(of: mistakes, report)).enumerated() {
      try Folder.create("\(path)/mistakes", withParents: false)
      let file: OutputFile = try outputs.claim(
        "\(path)/mistakes/\(name).\(format.rawValue)", .figure(format))
      try file.write(drawn.sheet(of: mistake), look)
      written.insert(file.path)
      bar.show("figures", done: figures.count + index + 1, of: total)
    }
    removeOutdated(besides: written)
    try predictions.write(report.predictionTable)
    try metrics.write(prettyJSON(EvaluationSummary(report, folder: path)))
  }

  /// A figure; nil where the images do not have what it shows.
  private static func figure(
    _ name: Name, of drawn: EvaluationFigures
  ) throws -> (any TitledFigure)? {
    let count = drawn.report.classes.count
    return switch name {
    case .confusion: count <= mostConfusedClasses ? drawn.confusion : nil
    case .confusionExamples:
      count <= EvaluationFigures.mostExampleClasses ? try drawn.confusionExamples() : nil
    case .roc: drawn.roc
    case .precisionRecall: drawn.precisionRecall
    case .reliability: drawn.reliability
    case .confidence: drawn.confidences
    case .mostSure: try drawn.mostSure()
    case .leastSure: try drawn.leastSure()
    }
  }

  /// Removes what earlier evaluations have drawn, except for some files.
  private func removeOutdated(besides written: Set<String>) {
    let named = Name.allCases.flatMap { name in
      FigureFormat.allCases.map { "\(path)/\(name.rawValue).\($0.rawValue)" }
    }
    let sheets = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/mistakes")) ?? []
    OwnFile.removeOutdated(named + sheets.map { "\(path)/mistakes/\($0)" }, besides: written)
  }

  // MARK: Names of sheets

  /// A name such as `cat-as-dog` for each kind of mistake, no two alike.
  private static func names(
    of mistakes: [EvaluationReport.Mistake], _ report: EvaluationReport
  ) -> [String] {
    var taken: Set<String> = []
    return mistakes.map { mistake in
      let stem = [mistake.label, mistake.prediction].map { fileName(report.classes[$0]) }
        .joined(separator: "-as-")
      var (name, number) = (stem, 2)
      // Some file systems do not tell case apart.
      while !taken.insert(name.lowercased()).inserted {
        (name, number) = ("\(stem)-\(number)", number + 1)
      }
      return name
    }
  }

  /// Letters and digits of any script, everything else a hyphen; short enough for two in a name.
  static func fileName(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      let isKept = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      if isKept { text.unicodeScalars.append(scalar) } else if !text.hasSuffix("-") { text += "-" }
      if text.utf8.count > 90 { break }
    }
    let trimmed = text.trimmingCharacters(in: ["-"])
    return trimmed.isEmpty ? "class" : trimmed
  }
}

extension EvaluationReport {
  /// One line for each image.
  var predictionTable: String {
    PredictionRow.table(
      labels.indices.map {
        PredictionRow(path: paths[$0], label: classes[labels[$0]], prediction: predictions[$0])
      }, classes: classes, hasVerdicts: answers != nil)
  }
}
