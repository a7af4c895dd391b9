import Foundation
import ImageLoading
import Optimization
import Plotting
import Races
import Reports
import Support
import Training

/// A comparison of optimizers as its folder keeps it.
struct KeptContest {
  /// The folder.
  let folder: String
  private let summary: ContestReport.Summary, plan: ComparisonPlan
  /// The tables of trainings and of their epochs, by the names of their columns.
  private let trials: [[String: String]], epochs: [[String: String]]

  static func summary(_ folder: String) -> String { "\(folder)/comparison.json" }
  private static let tables = ["comparison.csv", "curves.csv"]

  /// The files that it is read from.
  var files: [String] {
    [Self.summary(folder), "\(folder)/plan.json"] + Self.tables.map { "\(folder)/\($0)" }
  }

  /// The images, none of which may be written over.
  var listings: [DatasetListing] {
    [try? DatasetLister.survey(plan.configuration.data)].compactMap(\.self)
  }

  /// Reads a comparison.
  ///
  /// - Throws: `Failure` for a file that is missing, or is not of a comparison.
  init(_ folder: String) throws {
    self.folder = folder
    summary = try Self.read(Self.summary(folder))
    plan = try Self.read("\(folder)/plan.json")
    let tables = try Self.tables.map { name in
      let table = try ReadTable(contentsOf: "\(folder)/\(name)")
      return table.rows.map { Dictionary(zip(table.columns, $0)) { first, _ in first } }
    }
    (trials, epochs) = (tables[0], tables[1])
    try requireWhole()
  }

  /// Reads a file of a comparison.
  ///
  /// - Throws: `Failure` if it is missing or holds something else.
  static func read<Value: Decodable>(_ path: String) throws -> Value {
    let bytes = try fileBytes(path)
    guard let value = try? Catalogues.standard.decoder().decode(Value.self, from: Data(bytes))
    else {
      throw Failure(
        .data, "\(path): is not what 'marbles compare' writes; the same command writes it again")
    }
    return value
  }

  /// Refuses tables that lack trainings or epochs of them.
  private func requireWhole() throws {
    let expected = summary.optimizers.reduce(0) { sum, one in
      sum + one.searches + (one.rate == nil ? 0 : summary.seeds)
    }
    let steps = epochs.reduce(into: [String: String]()) { steps, row in
      steps[row["trial"] ?? ""] = row["step"]
    }
    let isWhole = trials.allSatisfy { steps[$0["trial"] ?? ""] ?? "0" == $0["steps"] }
    guard trials.count == expected, isWhole else {
      let table = trials.count == expected ? Self.tables[1] : Self.tables[0]
      throw Failure(
        .data, "\(folder)/\(table): is not whole; the same 'marbles compare' writes it again")
    }
  }

  // MARK: Page

  /// The page.
  func page(_ look: ReportLook) -> ReportPage {
    let data = plan.configuration.data
    return ReportPage(
      "Comparison of \(summary.optimizers.count) optimizers",
      head: HTML {
        HTML.element("p", ["class": "lead"]) { summary.answer }
        HTML.element("p") {
          "\(summary.images.counted("\(summary.part) image")) of "
          HTML.name(data)
          "; \(summary.seeds.counted("training")) with each, \(length). Verdicts are beyond chance."
        }
        ranking
      },
      sections: [
        VerdictSection(
          rows: trained.map { one in
            AccuracyFigure.Row(
              one.optimizer, accuracy: one.accuracy ?? 0, lower: one.accuracyLow ?? 0,
              upper: one.accuracyHigh ?? 1,
              single: one.accuracies.count > 1 ? one.accuracies : [])
          }, pairs: summary.pairs, answer: summary.answer,
          judges: summary.images.counted("\(summary.part) image")
        ).section(look),
        ReportPage.Section("curves", "How they learned") { look.figure("course", course) },
        ReportPage.Section("rates", "Their learning rates") {
          look.figure("sensitivity", sensitivity)
          HTML.folded("Every training (\(trials.count.grouped))") { trainings }
        },
        ReportPage.Section("choices", "What they have in common") {
          DataTable(
            "As plan.json has it", [.phrase("choice"), .text("value")],
            rows: Choices(plan.configuration).all.filter {
              !["optimizer", "learning rate", "seed"].contains($0.name)
            }.map { [HTML($0.name), HTML.name($0.value)] }
          ).html
        },
      ], footer: ReportPage.origin, look: look)
  }

  private var length: String {
    summary.budget.map { "\($0.duration) each" }
      ?? summary.epochs.map { "\($0.counted("epoch")) each" } ?? ""
  }

  private var ranking: HTML {
    DataTable(
      "The best first; losses are means over the trainings",
      [
        .text("optimizer"), .number("rate"), .number("accuracy"), .phrase("95% interval"),
        .number("loss at the end"), .number("mean loss"),
        .number("steps to \(summary.target.percentage())"), .number("time to it"),
        .phrase("diverged"),
      ],
      rows: summary.optimizers.enumerated().map { rank, one in
        // As in the figure, which has those that trained.
        let name = one.accuracy == nil ? one.optimizer : "\(rank + 1) \(one.optimizer)"
        let interval = one.accuracyLow.flatMap { low in
          one.accuracyHigh.map { low <= $0 ? (low...$0).words : "–" }
        }
        let failed = one.failedSearches + one.failedSeeds
        return [
          name, one.rate.map { Double($0).short } ?? "–",
          one.accuracy?.percentage() ?? "–", interval ?? "–", one.finalLoss?.digits(4) ?? "–",
          one.meanLoss?.digits(4) ?? "–", one.stepsToTarget.map { $0.decimal(0) } ?? "–",
          one.secondsToTarget?.duration ?? "–",
          failed == 0 ? "none" : "\(failed) of \(one.searches + summary.seeds)",
        ].map { HTML($0) }
      }
    ).html
  }

  private var trainings: HTML {
    let columns = ["optimizer", "rate", "seed", "phase", "status", "final_loss", "final_accuracy"]
    return DataTable(
      "Those of the phase search find the rate, those of the phase final are compared",
      columns.map { $0 == "optimizer" ? .text($0) : .number($0.replacing("_", with: " ")) },
      rows: trials.map { trial in
        columns.map { name in
          let text = trial[name] ?? ""
          return HTML(
            name.hasPrefix("final") ? Double(text)?.digits(4) ?? "–" : text)
        }
      }
    ).html
  }

  // MARK: Figures

  /// Those that trained, the best first.
  private var trained: [ContestReport.Summary.Optimizer] {
    summary.optimizers.filter { $0.accuracy != nil }
  }

  private func group(_ name: String) -> Int? {
    plan.optimizers.first { "\($0)" == name }?.family.colorGroup
  }

  private var guessing: GuessingLevel {
    // Of files of old, the loss of equal probabilities.
    GuessingLevel(
      loss: summary.guessingLoss ?? .nan, accuracy: summary.guessingAccuracy ?? .nan)
  }

  private func course(_ theme: Theme) -> AxesFigure {
    let place = summary.budget == nil ? "step" : "seconds"
    let rows = Dictionary(grouping: epochs.filter { $0["phase"] == "final" }) {
      $0["optimizer"] ?? ""
    }
    func band(_ name: String, _ quantity: String) -> ComparedCurve.Band {
      let curves = Dictionary(grouping: rows[name] ?? []) { $0["trial"] ?? "" }.values.map {
        $0.compactMap { row -> CurvePoint? in
          guard let x = row[place].flatMap(Double.init), let y = row[quantity].flatMap(Double.init),
            y.isFinite
          else { return nil }
          return CurvePoint(x: x, y: y)
        }
      }
      return ComparedCurve.Band(CurveBand(curves))
    }
    return .comparedCurves(
      trained.map { one in
        ComparedCurve(
          one.optimizer, group: group(one.optimizer),
          loss: band(one.optimizer, "validation_loss"),
          accuracy: band(one.optimizer, "validation_accuracy"))
      }, over: place == "step" ? "step" : "seconds of training", guessing: guessing,
      title: "Validation over the course", reading: summary.answer,
      subtitle: "lines are means, bands reach over all seeds", footer: length, theme: theme)
  }

  private func sensitivity(_ theme: Theme) -> AxesFigure {
    let searches = Dictionary(grouping: trials.filter { $0["phase"] == "search" }) {
      $0["optimizer"] ?? ""
    }
    let curves = summary.optimizers.enumerated().map { rank, one in
      let points = (searches[one.optimizer] ?? []).compactMap { trial in
        trial["rate"].flatMap(Double.init).map {
          DataPoint($0, trial["final_loss"].flatMap(Double.init) ?? .nan)
        }
      }.sorted { $0.x < $1.x }
      return RateCurve(
        "\(rank + 1) \(one.optimizer)", group: group(one.optimizer), points: points,
        chosen: one.rate.flatMap { rate in points.first { Float($0.x) == rate } })
    }
    return ContestReport.sensitivity(
      curves, searchCount: summary.optimizers.first?.searches ?? 0, guessing: guessing, theme)
  }
}
