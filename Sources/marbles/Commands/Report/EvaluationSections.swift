import Plotting
import Reports
import Statistics
import Support
import Tensors
import Training

/// What a page says of an evaluation: how good, where wrong, and how sure.
struct EvaluationSections {
  let evaluation: KeptEvaluation
  let look: ReportLook

  /// Wrong images that are shown.
  private static let mostMistakes = 24
  /// A table has no room for the counts of more classes; the figure has.
  private static let mostCounted = 12

  private var report: EvaluationReport { evaluation.report }

  /// How good it is, in a sentence.
  var verdict: HTML {
    let measured = report.evaluation
    let mistake = report.mistakes.first
    return HTML {
      "Right on \(measured.accuracy.percentage()) of \(measured.count.counted("image")) of "
      HTML.name(report.source)
      " (95% interval \(measured.accuracyInterval.words))"
      if let mistake {
        ". Most often, "
        HTML.name(report.classes[mistake.label], upTo: 40)
        " is taken for "
        HTML.name(report.classes[mistake.prediction], upTo: 40)
        ": \(mistake.images.count.grouped) times."
      } else {
        "."
      }
    }
  }

  /// What matters most.
  var numbers: [HTML.KeyNumber] {
    let measured = report.evaluation
    let area = report.ranking.rocArea.map { HTML.KeyNumber("ROC AUC", $0.digits(3)) }
    return [
      HTML.KeyNumber(
        "accuracy", measured.accuracy.percentage(),
        "95% interval \(measured.accuracyInterval.words)"),
      HTML.KeyNumber(
        "always the largest class", measured.majorityAccuracy.percentage(),
        "what knowing nothing reaches"),
      HTML.KeyNumber("loss", measured.loss.digits(3), "\(report.objective)"),
    ] + [area].compactMap(\.self)
  }

  /// The sections.
  var all: [ReportPage.Section] { [measures, errors] }

  /// The figures of the evaluation; sheets of images are not drawn here.
  private func figures(_ theme: Theme) -> EvaluationFigures {
    EvaluationFigures(report: report, theme: theme) { _ in [] }
  }

  /// What was measured, and in what, if that is not usual.
  private var measured: String {
    let images = "\(report.evaluation.count.counted("image")) of \(report.source)"
    return report.precision == .float32
      ? images : "\(images), measured in \(report.precision.rawValue)"
  }

  private var measures: ReportPage.Section {
    ReportPage.Section("evaluation", "How good it is") {
      DataTable(
        measured,
        [.phrase("measure"), .text("value"), .text("what it says")],
        rows: EvaluationText.facts(report).map { fact in
          // What is no number says it all.
          [fact.name] + (fact.note.isEmpty ? ["", fact.value] : [fact.value, fact.note])
        }.map { $0.map { HTML.sentence($0) } }
      ).html
      scores
      if let slices = report.slices, !slices.isEmpty { table(of: slices) }
      look.figure("reliability") { figures($0).reliability }
      look.figure("confidence") { figures($0).confidences }
      look.figure("roc") { figures($0).roc }
      look.figure("precision-recall") { figures($0).precisionRecall }
    }
  }

  private var scores: HTML {
    DataTable(
      "Each class",
      [
        .text("class"), .number("images"), .number("precision"), .number("recall"),
        .number("F1"),
      ],
      rows: report.evaluation.scores.map { score in
        [HTML.name(score.name, upTo: 60), HTML(score.count.grouped)]
          + [score.precision, score.recall, score.f1].map { HTML($0?.percentage() ?? "–") }
      }
    ).html
  }

  private func table(of slices: [EvaluationSlice]) -> HTML {
    DataTable(
      "Parts of the images, and which are worse than all of them together",
      [
        .text("quantity"), .text("value"), .number("images"), .number("right"),
        .phrase("95% interval"), .phrase("beyond chance"),
      ],
      rows: slices.map { slice in
        [
          HTML.name(slice.quantity), .name(slice.value), HTML(slice.count.grouped),
          HTML(slice.accuracy.percentage()), HTML((slice.accuracyLow...slice.accuracyHigh).words),
          HTML(slice.isBelow(report.evaluation) ? "below all" : ""),
        ]
      }
    ).html
  }

  // MARK: Mistakes

  private var errors: ReportPage.Section {
    let wrong = report.wrong
    return ReportPage.Section("mistakes", "Where it is wrong") {
      if report.classes.count <= EvaluationFolder.mostConfusedClasses {
        look.figure("confusion") { figures($0).confusion }
      }
      if report.classes.count <= Self.mostCounted { counts }
      if report.classes.count > 2, !report.mistakes.isEmpty { kinds }
      if !wrong.isEmpty {
        HTML.element("h3") { "The most confident mistakes" }
        HTML.quiet(
          wrong.count > Self.mostMistakes
            ? "\(Self.mostMistakes) of \(wrong.count.grouped); a label may be wrong, too."
            : "All \(wrong.count.counted("wrong prediction")); a label may be wrong, too.")
        HTML.images(wrong.prefix(Self.mostMistakes).map(image), size: ReachableImages.size)
        if evaluation.images.listing == nil {
          HTML.quiet("The images are not where they were, so only their names are shown.")
        }
      }
    }
  }

  private var counts: HTML {
    .folded("The same as a table") {
      DataTable(
        "Rows are labels, columns predictions",
        [.text("label")] + report.classes.map { .number(named: $0) },
        rows: zip(report.classes, report.evaluation.confusion).map { name, row in
          [HTML.name(name, upTo: 60)] + row.map { HTML($0.grouped) }
        }
      ).html
    }
  }

  private var kinds: HTML {
    .folded("Every kind of mistake (\(report.mistakes.count.grouped))") {
      DataTable(
        "The most frequent first", [.text("label"), .text("taken for"), .number("images")],
        rows: report.mistakes.map { mistake in
          [
            HTML.name(report.classes[mistake.label]),
            HTML.name(report.classes[mistake.prediction]), HTML(mistake.images.count.grouped),
          ]
        }
      ).html
    }
  }

  private func image(_ index: Int) -> HTML.CaptionedImage {
    let (label, prediction) = (
      report.classes[report.labels[index]], report.predictions[index].label
    )
    return HTML.CaptionedImage(
      jpeg: evaluation.images.thumbnail(report.paths[index]),
      description: "image labeled \(label), taken for \(prediction)",
      caption: HTML {
        HTML.name(label, upTo: 30)
        " taken for "
        HTML.name(prediction, upTo: 30)
        ", \(report.confidence(index).percentage())"
      }, file: report.paths[index])
  }
}

extension EvaluationReport {
  /// Images that are classified wrong, the most confident first.
  fileprivate var wrong: [Int] {
    mistakes.flatMap(\.images).sorted { (-confidence($0), $0) < (-confidence($1), $1) }
  }
}

extension ClosedRange<Double> {
  /// Two fractions as percentages.
  var words: String { "\(lowerBound.percentage()) to \(upperBound.percentage())" }
}
