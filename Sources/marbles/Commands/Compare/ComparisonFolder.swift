import Plotting
import Reports
import Support

/// The folder of a comparison of networks: tables, a figure, all numbers and a report.
struct ComparisonFolder {
  private let path: String
  private let figure: OutputFile, hits: OutputFile, networks: OutputFile, pairs: OutputFile
  private let summary: OutputFile, page: OutputFile

  /// Claims its files.
  init(_ outputs: inout Outputs, in path: String) throws {
    self.path = path
    try outputs.prepare(folder: path)
    guard isMissing("\(path)/plan.json") else {
      throw Failure(.usage, "\(path): holds a comparison of optimizers; choose another --out")
    }
    func table(_ name: String) throws -> OutputFile {
      try outputs.claim("\(path)/\(name).csv", .table)
    }
    figure = try outputs.claim("\(path)/comparison.png", .figure())
    (networks, pairs, hits) = (try table("networks"), try table("pairs"), try table("hits"))
    summary = try outputs.claim(KeptContest.summary(path), .summary)
    page = try outputs.claim("\(path)/report.html", .page)
  }

  /// Writes all.
  ///
  /// - Returns: Their paths.
  func write(_ report: NetworkComparisonReport, _ look: FigureLook) throws -> [String] {
    let paths = [figure, networks, pairs, hits, summary, page].map(\.path)
    let all = report.summary(files: paths)
    try figure.write(report.figure(look.theme), look)
    try networks.write(csvText(all.networkTable))
    try pairs.write(csvText(all.pairTable))
    try hits.write(csvText(report.hits.table))
    try summary.write(prettyJSON(all))
    try page.write(
      NetworkComparisonPage(summary: all, hits: report.hits).page(ReportLook(nil)).text)
    return paths
  }
}

// The tables of a comparison of networks; the names of the columns come first.
extension NetworkComparisonReport.Summary {
  /// One row for each network, the best first.
  fileprivate var networkTable: [[String]] {
    [["network", "checkpoint", "right", "accuracy", "accuracy_low", "accuracy_high"]]
      + networks.map { network in
        [network.name, network.checkpoint, "\(network.right)"]
          + [network.accuracy, network.accuracyLow, network.accuracyHigh].map(\.text)
      }
  }

  /// One row for each pair.
  fileprivate var pairTable: [[String]] {
    let columns = [
      "first", "second", "only_first", "only_second", "difference", "difference_low",
      "difference_high", "exact_p", "mid_p", "holm_p", "distinguishable", "images_needed",
    ]
    return [columns]
      + pairs.map { pair in
        [pair.first, pair.second, "\(pair.onlyFirst)", "\(pair.onlySecond)"]
          + [
            pair.difference, pair.differenceLow, pair.differenceHigh, pair.exactP, pair.midP,
            pair.holmP,
          ].map(\.text)
          + ["\(pair.distinguishable)", pair.imagesNeeded.map { "\($0)" } ?? ""]
      }
  }
}
