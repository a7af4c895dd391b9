import ArgumentParser
import Foundation
import Plotting
import Support

/// The colors, the title and the size of a figure.
struct FigureLook {
  var theme = Theme.light
  /// Nil for what the figure says by itself.
  var title: String?
  /// Pixels of a PNG, points of a vector file; nil to keep the proportions of the figure.
  var width: Int?, height: Int?

  /// A figure under the title, if there is one.
  func titled<Drawing: TitledFigure>(_ figure: Drawing) -> Drawing {
    title.map(figure.titled) ?? figure
  }

  /// The animation of a figure, with the title and the size.
  func animation(_ figure: some MovingFigure) -> MarbleAnimation {
    MarbleAnimation(
      titled(figure), width: width.map(Double.init), height: height.map(Double.init))
  }

  /// The bytes of a figure with the title and the size.
  func encoded(_ figure: some TitledFigure, as format: FigureFormat) throws -> [UInt8] {
    let figure = titled(figure)
    guard width != nil || height != nil else { return try figure.encoded(as: format) }
    // A PNG has two pixels for each unit.
    func units(_ length: Int?) -> Double? {
      length.map { Double($0) / (format == .png ? 2 : 1) }
    }
    return try ResizedFigure(figure, width: units(width), height: units(height))
      .encoded(as: format)
  }
}

/// How a figure looks.
struct LookOptions: ParsableArguments {
  @Option(help: "light, synthwave or print.") var theme: Theme = .light

  @Option(
    help: ArgumentHelp("The title of the figure (default: what it shows).", valueName: "text"))
  var title: String?

  @Option(
    help: ArgumentHelp(
      "Pixels of a PNG, points of other files; words grow with it.", valueName: "pixels"))
  var width: Int?

  @Option(
    help: ArgumentHelp("The same; one of the two keeps the proportions.", valueName: "pixels"))
  var height: Int?

  /// What is of no use where nothing is drawn.
  static let names = ["--theme", "--title", "--width", "--height"]

  func validate() throws {
    try check(width ?? 100, in: 100...10_000, "--width")
    try check(height ?? 100, in: 100...10_000, "--height")
  }

  var look: FigureLook {
    FigureLook(theme: theme, title: title?.printable, width: width, height: height)
  }

  /// Refuses the options of a look where nothing is drawn.
  static func refuse(because reason: String) throws {
    try GivenOptions.refuse(reason, where: names.contains)
  }
}

/// Names for the lines or marbles of a figure.
struct LabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Names in the figure, separated by commas (default: what differs).", valueName: "labels"))
  var label: String?

  var labels: [String]? {
    label.map { text in
      text.components(separatedBy: ",").map { $0.trimmingCharacters(in: .whitespaces).printable }
    }
  }

  /// The labels, or the usual names where there are none.
  ///
  /// - Parameter what: What is named, for messages.
  func names(insteadOf usual: [String], of what: String) throws -> [String] {
    guard let labels else { return usual }
    guard labels.count == usual.count else {
      throw ValidationError(
        "--label has \(labels.count.counted("name")) for \(usual.count.counted(what))")
    }
    return labels
  }
}
