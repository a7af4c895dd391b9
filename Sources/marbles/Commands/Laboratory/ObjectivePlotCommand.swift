public import ArgumentParser
public import Optimization
import Plotting
import Support
import Training

extension ObjectiveCurve.Place: ExpressibleByArgument {}

struct ObjectivePlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draws objectives and their slopes side by side.",
    usage: "marbles objective plot <objective> ... [<options>]",
    discussion: """
      Losses of regression are drawn over the error, prediction minus target; all
      others over the margin, by which the logit of the true class leads that of the
      other. The slope is what gradient descent follows.

      Example: marbles objective plot mse mae huber --out objectives.png
      """)

  @Argument(
    help: "Objectives, such as mse, huber:delta=0.5 or a formula.", completion: .objectives,
    transform: ObjectiveChoice.init)
  var objectives: [ObjectiveChoice]

  @Option(help: "The horizontal axis: error or margin (default: error if all measure it).")
  var over: ObjectiveCurve.Place?

  @Option(help: ArgumentHelp("How far to draw to both sides.", valueName: "distance"))
  var range: Double?

  @OptionGroup var figureOptions: FigureOptions
  @OptionGroup var labels: LabelOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try check(range ?? 1, in: 1e-3...1e6, "--range")
    try check(objectives.count, in: 1...AxesFigure.mostCurves, "the number of objectives")
    if over == .error, let other = objectives.first(where: { !$0.measuresErrors }) {
      throw ValidationError("\(other) compares classes, not numbers; use --over margin")
    }
  }

  /// What `--json` prints.
  private struct Report: Encodable { var over: String, figures: [String] }

  func run() throws {
    let files = try figureOptions.claim(named: "objectives")
    let place = over ?? (objectives.allSatisfy(\.measuresErrors) ? .error : .margin)
    let curves = try objectives.map {
      try ObjectiveCurve.withValues($0, over: place, reach: range)
    }
    let names = try labels.names(insteadOf: objectives.map(\.description), of: "objective")
    func lines(_ quantity: KeyPath<ObjectiveCurve.Sample, Double>) -> [NamedCurve] {
      zip(names, curves).map { name, curve in
        .init(name, curve.samples.map { DataPoint($0.place, $0[keyPath: quantity]) })
      }
    }
    let figure = AxesFigure.objectives(
      over: place == .error ? "error: prediction − target" : "margin: logit of the label − other",
      values: lines(\.value), slopes: lines(\.slope),
      reading: reading(names, curves, place),
      subtitle: place == .error
        ? "what an error costs, and how hard it pulls"
        : "what a margin costs, and how hard it pulls; right of 0 the answer is right",
      theme: figureOptions.theme)
    let header =
      [place.rawValue] + objectives.flatMap { ["\($0) loss", "\($0) slope"] }
    let rows = curves[0].samples.indices.map { index in
      [curves[0].samples[index].place.text]
        + curves.flatMap { [$0.samples[index].value.text, $0.samples[index].slope.text] }
    }
    let written = try files.write(figure, [header] + rows)
    if output.json {
      Console.output(jsonText(Report(over: place.rawValue, figures: written)))
    } else {
      written.forEach(Console.output)
    }
  }

  /// How hard objectives pull at the wrongest place that is drawn.
  private func reading(
    _ names: [String], _ curves: [ObjectiveCurve], _ place: ObjectiveCurve.Place
  ) -> String {
    let pulls = zip(names, curves).compactMap { name, curve in
      (place == .error ? curve.samples.last : curve.samples.first).flatMap {
        $0.slope.isFinite ? (name: name, place: $0.place, pull: abs($0.slope)) : nil
      }
    }.sorted { $0.pull > $1.pull }
    guard let most = pulls.first, let least = pulls.last else { return "" }
    let start =
      "At \(place == .error ? "an error" : "a margin") of "
      + "\(most.place.short.replacing("-", with: "−")), "
    guard most.pull > least.pull else {
      return "\(start)\(pulls.count == 1 ? "it pulls" : "all pull") with a slope of "
        + "\(most.pull.short)."
    }
    let weakest = pulls.filter { $0.pull == least.pull }.map(\.name).joined(separator: " and ")
    return "\(start)\(most.name) pulls hardest, with a slope of \(most.pull.short), \(weakest) "
      + "least, with \(least.pull.short)."
  }
}

extension ObjectiveCurve {
  /// The curve of an objective that has a value somewhere.
  ///
  /// - Parameter reach: Nil for where objectives differ most.
  /// - Throws: `Failure` for wrong usage if it is finite nowhere.
  static func withValues(
    _ objective: ObjectiveChoice, over place: Place, reach: Double? = nil
  ) throws -> ObjectiveCurve {
    let reach = reach ?? (place == .error ? 3 : 5)
    let curve = ObjectiveCurve(objective, over: place, reach: reach)
    guard curve.samples.contains(where: { $0.value.isFinite }) else {
      throw Failure(
        .usage,
        "\("\(objective)".fitted(60)): is not finite at any \(place.rawValue) from "
          + "\((-reach).short) to \(reach.short); correct the formula")
    }
    return curve
  }
}
