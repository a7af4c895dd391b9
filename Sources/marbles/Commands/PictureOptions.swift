import ArgumentParser
import Plotting

/// How a picture of the laboratory is drawn.
struct PictureOptions: ParsableArguments {
  @Option(help: "light, synthwave or print.") var theme: Theme = .light

  @Option(help: "png, svg or pdf.") var format: CairoCanvas.FileFormat = .png

  @Option(
    help: ArgumentHelp(
      "Where to draw; the numbers go beside it as .csv (default: named after the command).",
      valueName: "picture"),
    completion: .figure)
  var out: String?

  /// Writes a picture and its numbers.
  ///
  /// - Parameters:
  ///   - name: The file without its ending where `--out` is not given.
  ///   - table: The first row holds the names of the columns.
  /// - Returns: The paths of the picture and of its numbers.
  func write(_ figure: Figure, named name: String, table: [[String]]) throws -> [String] {
    let path = out ?? "\(name).\(format.rawValue)"
    let ending = ".\(format.rawValue)"
    let twin = (path.hasSuffix(ending) ? String(path.dropLast(ending.count)) : path) + ".csv"
    try figure.write(to: path, format: format)
    try writeText(csvText(table), to: twin)
    return [path, twin]
  }
}
