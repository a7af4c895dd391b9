import Plotting
import Reports
import Support
import Training

/// Several runs side by side.
struct RunsPage {
  let runs: [ReportedRun]
  let look: ReportLook

  private var records: [RunRecord] { runs.map(\.record) }

  /// The page.
  ///
  /// - Parameter note: Is given what the tables lack.
  func page(note: (String) -> Void) throws -> ReportPage {
    let labels = RunFigures.labels(of: records)
    let figures = try look.figures(runs.map(\.directory), note: note)
    let differing = Choices.differing(records)
    return ReportPage(
      "\(runs.count) runs side by side",
      head: HTML {
        HTML.element("p", ["class": "lead"]) { verdict(labels) }
        results(labels)
      },
      sections: [
        ReportPage.Section("training", "How they learned") { figures },
        ReportPage.Section("choices", "What differs") {
          if differing.isEmpty {
            HTML.paragraph("All their choices are the same.")
          } else {
            DataTable(
              "The choices in which they differ",
              [.phrase("choice")] + labels.map { .text($0) },
              rows: differing.map { row in [HTML(row.name)] + row.values.map { HTML.name($0) } }
            ).html
          }
        },
        ReportPage.Section("reproduce", "To have them again") {
          HTML.commands(
            records.map { record in
              (["marbles"] + record.command.dropFirst()).map(\.shellWord).joined(separator: " ")
            })
          HTML.quiet(
            "Marbles \(Set(records.map(\.version)).sorted().joined(separator: " and ")). "
              + "'marbles report' with one of them tells all of it.")
        },
      ], footer: ReportPage.origin, look: look)
  }

  private func verdict(_ labels: [String]) -> HTML {
    let measured = zip(labels, runs).compactMap { label, run in
      run.accuracy.map { (label, $0) }
    }
    let images = Set(measured.map(\.1.images))
    let best = measured.max { $0.1.value < $1.1.value }
    return HTML {
      if let best, images.count == 1, measured.count > 1 {
        HTML.name(best.0)
        " is right most often here: \(best.1.value.percentage()) of \(best.1.images). "
      }
      "Whether the difference is more than chance is what 'marbles compare' tells."
    }
  }

  private func results(_ labels: [String]) -> HTML {
    DataTable(
      "Results of the network that each run keeps; of one that has not ended, so far",
      [
        .text("run"), .number("accuracy"), .phrase("95% interval"), .phrase("on"),
        .number("validation loss"), .number("epoch"), .number("time"), .phrase("status"),
      ],
      rows: zip(labels, runs).map(row)
    ).html
  }

  private func row(_ label: String, _ run: ReportedRun) -> [HTML] {
    let (result, kept) = (run.record.result, run.kept)
    let loss = result?.validationLoss ?? kept?.validationLoss
    let epoch = result?.bestEpoch ?? kept?.epoch
    let seconds = result?.seconds ?? run.epochs.last?.seconds
    let name = HTML {
      HTML.name(label)
      HTML.element("div", ["class": "quiet"]) { HTML.name(run.record.name) }
    }
    let texts = [
      run.accuracy?.value.percentage(), run.accuracy?.interval?.words, run.accuracy?.images,
      loss?.digits(4), epoch.map { "\($0)" }, seconds?.duration, run.record.status.rawValue,
    ]
    return [name] + texts.map { HTML($0 ?? "–") }
  }
}
