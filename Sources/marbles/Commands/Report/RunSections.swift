import Foundation
import ImageLoading
import Plotting
import Reports
import Support
import Training

/// What a page says of one run besides its evaluation.
struct RunSections {
  let run: ReportedRun
  let look: ReportLook

  private var record: RunRecord { run.record }

  // MARK: Training

  /// Its curves, and the table of epochs.
  ///
  /// - Parameter note: Is given what the tables lack.
  func training(note: (String) -> Void) throws -> ReportPage.Section {
    let figures = try look.figures([run.directory], note: note)
    return ReportPage.Section("training", "How it learned") {
      figures
      HTML.folded("Every epoch (\(run.epochs.count.grouped))") { table }
    }
  }

  private var table: HTML {
    DataTable(
      "Epoch 0 is the network before training; training losses are means over the epoch's steps",
      [
        .number("epoch"), .number("time"), .number("learning rate"), .number("training loss"),
        .number("training accuracy"), .number("validation loss"),
        .number("validation accuracy"),
      ],
      rows: run.epochs.map { row in
        [
          "\(row.epoch)", row.seconds.clock, row.learningRate.short, row.trainLoss.digits(4),
          row.trainAccuracy.percentage(), row.validationLoss?.digits(4) ?? "–",
          row.validationAccuracy?.percentage() ?? "–",
        ].map { HTML($0) }
      }
    ).html
  }

  // MARK: Data

  /// What was found in the images; nil if there is no report of that.
  ///
  /// - Throws: `Failure` if there is one that cannot be read.
  var data: ReportPage.Section? {
    get throws {
      let path = run.directory.dataReport
      guard !isMissing(path) else { return nil }
      let bytes = Data(try fileBytes(path))
      guard let report = try? jsonDecoder().decode(DataReport.self, from: bytes) else {
        throw Failure(.data, "\(path): is not the report of a run; put the run's own file back")
      }
      return DataReportSection(report: report, record: record).section
    }
  }

  // MARK: Choices

  /// All choices, as `run.json` has them.
  var choices: ReportPage.Section {
    ReportPage.Section("choices", "Its choices") {
      DataTable(
        "As run.json has them", [.phrase("choice"), .text("value")],
        rows: Choices(record.configuration).all.map { [HTML($0.name), HTML.name($0.value)] }
      ).html
    }
  }

  // MARK: Reproduction

  /// What it takes to have the run again.
  ///
  /// - Parameter note: Is given which checkpoints are damaged.
  func reproduction(note: (String) -> Void) throws -> ReportPage.Section {
    let checkpoints = try Self.checkpoints(of: run.directory)
    checkpoints.compactMap(\.damage).forEach(note)
    return ReportPage.Section("reproduce", "To have it again") {
      HTML.commands([
        record.configuration.budget == nil
          ? (["marbles"] + record.command.dropFirst()).map(\.shellWord).joined(separator: " ")
          : "marbles train --repeat \(run.directory.path.shellWord)"
      ])
      HTML.quiet(
        "The same images, seed and version of Marbles give the same network"
          + (record.configuration.budget == nil
            ? "." : ": the run had a budget, and is repeated by its own clock."))
      DataTable(
        "Where it was trained", [.phrase("what"), .text("value")],
        rows: [
          ("started", record.started.formatted(.iso8601)), ("Marbles", record.version),
          ("system", record.system), ("threads", "\(record.threads)"),
          ("parameters", record.parameterCount.grouped),
        ].map { [HTML($0.0), HTML($0.1)] } + [[HTML("images"), .hash(record.dataFingerprint)]]
      ).html
      if !checkpoints.isEmpty {
        DataTable(
          "Checkpoints", [.phrase("file"), .number("size"), .text("SHA-256")],
          rows: checkpoints.map { file in
            let name = HTML {
              HTML.name(file.name)
              if file.damage != nil { " (damaged)" }
            }
            return [name, HTML(file.size), .hash(file.sha256)]
          }
        ).html
      }
    }
  }

  /// The networks that a run keeps; the states for resuming it are of use on its computer only.
  private static func checkpoints(
    of run: RunDirectory
  ) throws -> [(name: String, size: String, sha256: String, damage: String?)] {
    let folder = "\(run.path)/checkpoints"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return try names.filter { $0.hasSuffix(".safetensors") && !$0.hasSuffix(".state.safetensors") }
      .sorted().map { name in
        let path = "\(folder)/\(name)"
        let bytes = try fileBytes(path, limit: 2 << 30)
        let damage = Checkpoint.damage(of: path)?.description
        return (name, bytes.count.fileSize, ContentHash.sha256(bytes), damage)
      }
  }
}

extension Int {
  /// Bytes in words.
  fileprivate var fileSize: String {
    self < 100_000 ? "\((Double(self) / 1e3).digits(1)) kB" : "\((Double(self) / 1e6).digits(1)) MB"
  }
}

extension ReportLook {
  /// What tables lack, and the figures of `marbles plot`, one below the other.
  ///
  /// - Parameter note: Is given what the tables lack.
  func figures(_ runs: [RunDirectory], note: (String) -> Void) throws -> HTML {
    var notes: [String] = []
    let drawn = try themes.map { theme in
      let style = RunFigures.Style(look: FigureLook(theme: theme))
      let figures = try RunFigures.figures(runs, style) { notes.append($0) }
      return (theme, Dictionary(figures.map { ($0.name, $0.figure) }) { first, _ in first })
    }
    // Each theme has the same ones.
    notes = Array(notes.prefix(notes.count / themes.count))
    notes.forEach(note)
    let figures = Dictionary(drawn) { first, _ in first }
    return HTML {
      for note in notes { HTML.element("p") { HTML.sentence("\(note).") } }
      for name in ["loss", "accuracy", "layers"] {
        figure(name) { theme in figures[theme]?[name] }
      }
    }
  }
}
