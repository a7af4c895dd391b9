import Plotting
import Reports
import Support

/// What a page says of which methods are told apart.
struct VerdictSection {
  /// The best first.
  let rows: [AccuracyFigure.Row]
  let pairs: [PairedVerdicts.Pair]
  let answer: String
  /// What decides: "1,024 test images".
  let judges: String

  func section(_ look: ReportLook) -> ReportPage.Section {
    ReportPage.Section("verdicts", "Which are told apart") {
      look.figure("accuracies", figure)
      table
    }
  }

  private func figure(_ theme: Theme) -> AccuracyFigure {
    AccuracyFigure(
      title: "How often they are right", subtitle: answer, rows: rows,
      areApart: AccuracyFigure.areApart(
        pairs.filter(\.distinguishable).map { ($0.first, $0.second) }, among: rows.map(\.name)),
      footer: "\(judges) · 95% intervals", theme: theme)
  }

  private var table: HTML {
    DataTable(
      "Every two of them: McNemar's test, corrected by Holm",
      [
        .text("better"), .text("other"), .number("difference in points"), .phrase("95% interval"),
        .number("exact"), .number("mid-p"), .number("corrected"), .phrase("verdict"),
        .number("images it takes"),
      ],
      rows: pairs.map(row)
    ).html
  }

  private func row(_ pair: PairedVerdicts.Pair) -> [HTML] {
    let texts = [
      (100 * pair.difference).decimal(1),
      "\((100 * pair.differenceLow).decimal(1)) to \((100 * pair.differenceHigh).decimal(1))",
      PairedVerdicts.text(pair.exactP), PairedVerdicts.text(pair.midP),
      PairedVerdicts.text(pair.holmP),
      pair.distinguishable ? "distinguishable" : "not distinguishable", images(pair),
    ]
    return [numbered(pair.first), numbered(pair.second)] + texts.map { HTML($0) }
  }

  /// A name with the number that it has in the figure.
  private func numbered(_ name: String) -> HTML {
    HTML {
      if let place = rows.firstIndex(where: { $0.name == name }) { "\(place + 1) " }
      HTML.name(name, upTo: 40)
    }
  }

  /// What it takes to tell two apart.
  private func images(_ pair: PairedVerdicts.Pair) -> String {
    if pair.distinguishable { return "" }
    return pair.needsSeeds
      ? "more seeds" : pair.imagesNeeded.map { "about \($0.grouped)" } ?? "equal"
  }
}
