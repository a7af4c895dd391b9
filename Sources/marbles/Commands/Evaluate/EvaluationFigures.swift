import Foundation
import ImageLoading
import Plotting
import Statistics
import Support
import Training

/// The figures of an evaluation, drawn from its report.
struct EvaluationFigures {
  let report: EvaluationReport
  let theme: Theme
  /// Returns what the network sees of some images.
  let bitmaps: (_ images: [Int]) throws -> [PixelBuffer]

  /// Up to this many classes have an example in every cell.
  static let mostExampleClasses = 4
  /// Images on a sheet, and kinds of mistakes that have one.
  static let sheetSize = 24, mostSheets = 20

  /// The classes, as they are shown.
  private var names: [String] { report.classes.map(\.printable) }

  private var footer: String {
    "\(CheckpointArgument.name(report.checkpoint).fitted(50)) · "
      + "\(report.evaluation.count.counted("image")) of \(report.source.fitted(50))"
  }

  // MARK: Confusion

  var confusion: ConfusionFigure {
    ConfusionFigure(
      title: "What images were taken for",
      subtitle: "\(report.evaluation.accuracy.percentage()) of "
        + "\(report.evaluation.count.counted("image")) right\(mostFrequentMistake) · "
        + report.source.fitted(60),
      classes: names, counts: report.evaluation.confusion, theme: theme)
  }

  private var mostFrequentMistake: String {
    guard let first = report.mistakes.first else { return "" }
    return "; \(names[first.label].fitted(20)) most often taken for "
      + "\(names[first.prediction].fitted(20)), \(first.images.count.grouped) times"
  }

  /// The most confident image of every cell.
  func confusionExamples() throws -> ContactSheet {
    let classes = report.classes.indices
    let (right, mistakes) = (report.right, report.mistakes)
    let first = classes.map { label in
      classes.map { prediction in
        label == prediction
          ? right.first { report.labels[$0] == label }
          : mistakes.first { $0.label == label && $0.prediction == prediction }?.images.first
      }
    }
    let rows = try classes.map { label in
      let images = try bitmaps(first[label].compactMap(\.self))
      var rest = images[...]
      return ContactSheet.Row(
        "label \(names[label])",
        classes.map { prediction in
          let count = report.evaluation.confusion[label][prediction]
          let counted = "taken for \(names[prediction]): \(count.counted("image"))"
          guard let image = first[label][prediction], let bitmap = rest.popFirst() else {
            return .init(blank, caption: counted)
          }
          return .init(
            bitmap, caption: "\(counted), this one \(report.confidence(image).percentage())")
        })
    }
    return ContactSheet(
      title: "What images were taken for, with examples",
      subtitle: "The most confident image of each kind, and its probability"
        + mostFrequentMistake,
      rows: rows, columns: classes.count, theme: theme)
  }

  /// A place without an image.
  private var blank: PixelBuffer {
    let grid = theme.palette.grid
    return PixelBuffer(
      width: 1, height: 1,
      bytes: [grid.red, grid.green, grid.blue].map { UInt8(($0 * 255).rounded()) })
  }

  // MARK: Curves

  /// Nil where no class has a curve.
  var roc: AxesFigure? {
    let ranking = report.ranking
    guard let area = ranking.rocArea, let interval = ranking.rocInterval else { return nil }
    let curves = names.indices.compactMap { index in
      ranking.roc[index].map { curve in
        PlottedRanking.Curve(
          names[index].fitted(24), place: index, area: curve.area,
          curve.corners.map { DataPoint($0.falsePositiveRate, $0.truePositiveRate) })
      }
    }
    let bands = ranking.rocBands.map(PlottedRanking.Band.init)
    // Of two classes, the second curve is the first turned around.
    let isOne = names.count == 2
    let plotted = PlottedRanking(
      curves: isOne ? curves.suffix(1) : curves, bands: isOne ? bands.suffix(1) : bands,
      area: area, interval: interval)
    return .roc(plotted, footer: footer, theme: theme)
  }

  /// Nil where no class has a curve.
  var precisionRecall: AxesFigure? {
    let ranking = report.ranking
    guard let area = ranking.averagePrecision, let interval = ranking.precisionInterval else {
      return nil
    }
    let curves = names.indices.compactMap { index in
      ranking.roc[index] == nil
        ? nil
        : ranking.precisionRecall[index].map { curve in
          PlottedRanking.Curve(
            names[index].fitted(24), place: index, area: curve.averagePrecision, curve.steps)
        }
    }
    let plotted = PlottedRanking(
      curves: curves, bands: ranking.precisionBands.map(PlottedRanking.Band.init), area: area,
      interval: interval)
    return .precisionRecall(plotted, footer: footer, theme: theme)
  }

  var reliability: AxesFigure? {
    report.calibration.map { calibration in
      .reliability(
        PlottedReliability(
          bins: calibration.bins.map { bin in
            PlottedReliability.Bin(
              bin.low, bin.high, count: bin.proportion.count, confidence: bin.confidence,
              accuracy: bin.proportion.fraction, interval: bin.proportion.interval)
          }, confidence: calibration.confidence, accuracy: report.evaluation.accuracy,
          verdict: calibration.verdict == .fitting
            ? "on the whole no more apart than by chance" : calibration.verdict.rawValue,
          error: calibration.error, debiasedError: calibration.debiasedError), footer: footer,
        theme: theme)
    }
  }

  var confidences: AxesFigure {
    let (hits, all) = (report.hits, report.labels.indices.map(report.confidence))
    return .confidences(
      PlottedConfidences(
        right: all.indices.filter { hits[$0] }.map { all[$0] },
        wrong: all.indices.filter { !hits[$0] }.map { all[$0] },
        least: 1 / Double(report.classes.count)), footer: footer, theme: theme)
  }

  // MARK: Sheets

  /// The most confident images of one kind of mistake.
  func sheet(of mistake: EvaluationReport.Mistake) throws -> ContactSheet {
    let (label, prediction) = (names[mistake.label], names[mistake.prediction])
    let total = report.evaluation.confusion[mistake.label].reduce(0, +)
    let middle = report.confidence(mistake.images[(mistake.images.count - 1) / 2])
    return try sheet(
      title: "\(label) taken for \(prediction)", images: mistake.images,
      subtitle: "\(mistake.images.count.grouped) of \(total.counted("image")) labeled "
        + "\(label.fitted(30)), the most confident first; half say \(middle.percentage()) or more"
    ) { report.confidence($0).percentage() }
  }

  /// Right predictions, the most confident ones first; nil if there are none.
  func mostSure() throws -> ContactSheet? {
    let right = report.right
    guard let first = right.first else { return nil }
    return try sheet(
      title: "The most confident right predictions", images: right,
      subtitle: "From \(report.confidence(first).percentage(decimals: 2)) down, of "
        + "\(right.count.counted("right prediction"))", caption: named)
  }

  /// Right predictions, the least confident ones first; nil if there are none.
  func leastSure() throws -> ContactSheet? {
    let right = report.right
    guard let last = right.last else { return nil }
    return try sheet(
      title: "The least confident right predictions", images: right.reversed(),
      subtitle: "From \(report.confidence(last).percentage(decimals: 2)) up, of "
        + "\(right.count.counted("right prediction"))", caption: named)
  }

  /// The prediction of an image and its probability.
  private func named(_ image: Int) -> String {
    "\(report.confidence(image).percentage()) \(report.predictions[image].label.printable)"
  }

  private func sheet(
    title: String, images: [Int], subtitle: String, caption: (Int) -> String
  ) throws -> ContactSheet {
    let some = Array(images.prefix(Self.sheetSize))
    let thumbnails = zip(some, try bitmaps(some)).map { image, bitmap in
      let file = URL(filePath: report.paths[image]).deletingPathExtension().lastPathComponent
      return ContactSheet.Thumbnail(bitmap, caption: "\(caption(image)) · \(file.printable)")
    }
    return ContactSheet(
      title: title, subtitle: subtitle, rows: [.init("", thumbnails)], columns: 6, theme: theme)
  }
}

extension PlottedRanking.Band {
  fileprivate init(_ band: ClassRanking.Band) {
    func points(_ values: [Double]) -> [DataPoint] { zip(band.places, values).map(DataPoint.init) }
    self.init(middle: points(band.middle), upper: points(band.high), lower: points(band.low))
  }
}

extension PrecisionRecallCurve {
  /// The curve as stairs: between two thresholds precision is not known.
  fileprivate var steps: [DataPoint] {
    var steps: [DataPoint] = []
    var recall = 0.0
    for point in points where point.recall > recall {
      steps += [DataPoint(recall, point.precision), DataPoint(point.recall, point.precision)]
      recall = point.recall
    }
    return steps
  }
}
