import Plotting
import Reports
import Support
import Tensors

/// The page of a comparison of networks.
struct NetworkComparisonPage {
  let summary: NetworkComparisonReport.Summary
  let hits: NetworkHits

  func page(_ look: ReportLook) -> ReportPage {
    ReportPage(
      "Comparison of \(summary.networks.count) networks",
      head: HTML {
        HTML.element("p", ["class": "lead"]) { HTML.sentence(summary.answer) }
        HTML.element("p") {
          "\(summary.images.counted("image")) of "
          HTML.name(summary.source)
          "; each network has seen the same ones. Verdicts are beyond chance."
        }
        if !leftOut.isEmpty { HTML.quiet("Left out: \(leftOut.joined(separator: ", ")).") }
        remark(
          "Nobody knows what these were trained on, so they may know the images: ", summary.unknown)
        remark("Measured in bfloat16: ", rounded)
        ranking
      },
      sections: [
        VerdictSection(
          rows: summary.networks.map {
            AccuracyFigure.Row(
              $0.name, accuracy: $0.accuracy, lower: $0.accuracyLow, upper: $0.accuracyHigh,
              single: [])
          }, pairs: summary.pairs, answer: summary.answer,
          judges: summary.images.counted("image")
        ).section(look),
        differences,
        ReportPage.Section("reproduce", "To compare them again") {
          HTML.commands([summary.command.map(\.shellWord).joined(separator: " ")])
          if summary.version != Marbles.version {
            HTML.quiet("Compared by Marbles \(summary.version).")
          }
        },
      ], footer: ReportPage.origin, look: look)
  }

  /// The networks whose products multiplied bfloat16.
  private var rounded: [String] {
    summary.networks.filter { $0.precision == .bfloat16 }.map(\.name)
  }

  /// Something that is true of some networks.
  @HTMLBuilder private func remark(_ words: String, _ names: [String]) -> HTML {
    if !names.isEmpty {
      HTML.element("p", ["class": "quiet"]) {
        words
        for (index, name) in names.enumerated() {
          index == 0 ? "" : ", "
          HTML.name(name)
        }
      }
    }
  }

  private var leftOut: [String] {
    [
      (summary.notShared, "not held out by all"), (summary.seen, "used in training by one"),
      (summary.copies, "copies"),
    ].filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
  }

  private var ranking: HTML {
    DataTable(
      "The best first",
      [
        .text("network"), .number("accuracy"), .phrase("95% interval"), .number("right"),
      ],
      rows: summary.networks.enumerated().map { rank, one in
        let (low, high) = (one.accuracyLow, one.accuracyHigh)
        return [
          HTML {
            "\(rank + 1) "
            HTML.name(one.name, upTo: 60)
          }, HTML(one.accuracy.percentage()),
          HTML(low <= high ? (low...high).words : "–"), HTML(one.right.grouped),
        ]
      }
    ).html
  }

  // MARK: Differences

  private var differences: ReportPage.Section {
    let differing = hits.images.filter { Set($0.hits).count > 1 }
    let missed = hits.images.filter { !$0.hits.contains(true) }
    let right = hits.images.count - differing.count - missed.count
    return ReportPage.Section("differences", "Where they differ") {
      HTML.paragraph(
        "Of \(hits.images.count.counted("image")), all are right on \(right.grouped), none on "
          + "\(missed.count.grouped). "
          + (differing.isEmpty
            ? "They are right on the same images."
            : "What tells them apart are the other \(differing.count.grouped).")
      )
      if !differing.isEmpty {
        HTML.folded("Images on which they differ (\(differing.count.grouped))") {
          DataTable(
            "● right, – wrong",
            [.text("image"), .text("label")] + hits.names.map { .number(named: $0) },
            rows: differing.map { image in
              [HTML.name(image.path), HTML.name(image.label, upTo: 40)]
                + image.hits.map { HTML($0 ? "●" : "–") }
            }
          ).html
        }
      }
      if !missed.isEmpty {
        HTML.folded("Images on which none is right (\(missed.count.grouped))") {
          DataTable(
            "A label may be wrong, too", [.text("image"), .text("label")],
            rows: missed.map { [HTML.name($0.path), HTML.name($0.label, upTo: 40)] }
          ).html
        }
      }
    }
  }
}

/// A comparison of networks as its folder keeps it.
struct KeptComparison {
  /// The folder.
  let folder: String
  private let summary: NetworkComparisonReport.Summary, hits: NetworkHits

  private var table: String { "\(folder)/hits.csv" }

  /// The files that it is read from.
  var files: [String] { [KeptContest.summary(folder), table] }

  /// Whether a folder has a comparison, and not one of optimizers.
  static func isOne(_ folder: String) -> Bool {
    !isMissing(KeptContest.summary(folder)) && isMissing("\(folder)/plan.json")
      && isMissing("\(folder)/comparison.csv")
  }

  /// Reads a comparison.
  ///
  /// - Throws: `Failure` for a file that is missing, or is not of a comparison.
  init(_ folder: String) throws {
    self.folder = folder
    summary = try KeptContest.read(KeptContest.summary(folder))
    hits = try NetworkHits(contentsOf: "\(folder)/hits.csv", of: summary)
  }

  /// The page.
  func page(_ look: ReportLook) -> ReportPage {
    NetworkComparisonPage(summary: summary, hits: hits).page(look)
  }
}
