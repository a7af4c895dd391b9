import ImageLoading
import Plotting
import Reports
import Support

/// The tables and figures of a comparison of optimizers, in its folder.
struct ContestFiles {
  private let trials: OutputFile, curves: OutputFile, hits: OutputFile, summary: OutputFile
  private let comparison: OutputFile, sensitivity: OutputFile, page: OutputFile
  private let folder: String
  private let race: OutputFile?
  private let look: FigureLook

  /// Claims them.
  init(_ command: CompareCommand, _ listing: DatasetListing, splitFile: String?) throws {
    var outputs = Outputs(command.write, inputs: [splitFile], data: [listing])
    let folder = command.contest.folder
    self.folder = folder
    try outputs.prepare(folder: folder)
    func table(_ name: String) throws -> OutputFile {
      try outputs.claim("\(folder)/\(name).csv", .table)
    }
    func figure(_ name: String) throws -> OutputFile {
      try outputs.claim("\(folder)/\(name).png", .figure())
    }
    trials = try table("comparison")
    curves = try table("curves")
    hits = try table("hits")
    summary = try outputs.claim("\(folder)/comparison.json", .summary)
    comparison = try figure("comparison")
    sensitivity = try figure("sensitivity")
    page = try outputs.claim("\(folder)/report.html", .page)
    race = try outputs.claim(command.contest.animate, .image, option: "--animate")
    look = command.appearance.look
  }

  /// Writes all.
  ///
  /// - Returns: Their paths.
  func write(_ report: ContestReport) throws -> [String] {
    let paths =
      ([comparison, sensitivity, trials, curves, hits, summary, page] + [race].compactMap(\.self))
      .map(\.path)
    try trials.write(csvText(report.trialTable))
    try curves.write(csvText(report.curveTable))
    try hits.write(csvText(report.hitTable))
    try summary.write(prettyJSON(report.summary(files: paths)))
    try comparison.write(report.figure(look.theme), look)
    try sensitivity.write(report.sensitivity(look.theme), look)
    try race?.write(look.animation(report.race(look.theme)).encoded().bytes)
    try page.write(KeptContest(folder).page(ReportLook(nil)).text)
    return paths
  }
}
