import ArgumentParser
import Plotting

/// How a figure of objectives or schedules is drawn.
struct FigureOptions: ParsableArguments {
  @Option(help: "light, synthwave or print.") var theme: Theme = .light

  @Option(help: "png, svg or pdf.") var format: FigureFormat = .png

  @Option(
    help: ArgumentHelp(
      "The figure to write, with its values beside it as .csv (default: named after the command).",
      valueName: "figure"),
    completion: .figure)
  var out: String?

  /// Writes a figure and a table of its values.
  ///
  /// - Parameters:
  ///   - name: The file without its ending where `--out` is not given.
  ///   - table: The first row holds the names of the columns.
  /// - Returns: The paths of the figure and of the table.
  func write(_ figure: some Figure, named name: String, table: [[String]]) throws -> [String] {
    let path = out ?? "\(name).\(format.rawValue)"
    let ending = ".\(format.rawValue)"
    let tablePath =
      (path.hasSuffix(ending) ? String(path.dropLast(ending.count)) : path) + ".csv"
    try figure.write(to: path, as: format)
    try writeText(csvText(table), to: tablePath)
    return [path, tablePath]
  }
}
