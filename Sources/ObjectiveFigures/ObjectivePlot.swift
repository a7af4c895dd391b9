package import Optimization
package import Plotting
internal import Support

/// Objectives and their slopes side by side.
package struct ObjectivePlot {
  /// Why objectives cannot be drawn together.
  package struct Problem: Error {
    /// The objective at fault, from 0.
    package let index: Int
    package let reason: String
  }

  /// The ranges that can be drawn, to both sides of 0.
  package static let reaches = 1e-3...1e6

  package let objectives: [ObjectiveChoice]
  /// What they are drawn over.
  package let place: ObjectiveCurve.Place
  /// How far to both sides.
  package let reach: Double
  /// One for each objective, all at the same places.
  package let curves: [ObjectiveCurve]

  /// Measures objectives.
  ///
  /// - Parameters:
  ///   - place: Nil for errors if all measure them, otherwise margins.
  ///   - reach: Nil for where objectives differ most.
  /// - Throws: `Problem` if an objective does not measure errors and is to, or is finite nowhere.
  package init(
    _ objectives: [ObjectiveChoice], over place: ObjectiveCurve.Place? = nil,
    reach: Double? = nil
  ) throws(Problem) {
    if place == .error, let index = objectives.firstIndex(where: { !$0.measuresErrors }) {
      throw Problem(
        index: index, reason: "compares classes, not numbers; draw it over the margin")
    }
    let place = place ?? (objectives.allSatisfy(\.measuresErrors) ? .error : .margin)
    let reach = reach ?? (place == .error ? 3 : 5)
    self.objectives = objectives
    self.place = place
    self.reach = reach
    curves = objectives.map { ObjectiveCurve($0, over: place, reach: reach) }
    let empty = curves.firstIndex { !$0.samples.contains { $0.value.isFinite } }
    if let empty {
      throw Problem(
        index: empty,
        reason: "is not finite at any \(place.rawValue) from \((-reach).short) to \(reach.short); "
          + "correct the formula")
    }
  }

  // MARK: Figure

  /// The figure.
  ///
  /// - Parameter names: What each objective is called in it.
  package func figure(names: [String], theme: Theme) -> AxesFigure {
    func lines(_ quantity: KeyPath<ObjectiveCurve.Sample, Double>) -> [NamedCurve] {
      zip(names, curves).map { name, curve in
        .init(name, curve.samples.map { DataPoint($0.place, $0[keyPath: quantity]) })
      }
    }
    return AxesFigure.objectives(
      over: axisTitle, values: lines(\.value), slopes: lines(\.slope), reading: reading(names),
      subtitle: place == .error
        ? "what an error costs, and how hard it pulls"
        : "what a margin costs, and how hard it pulls; right of 0 the answer is right",
      theme: theme)
  }

  /// The quantity of the horizontal axis.
  package var axisTitle: String {
    place == .error ? "error: prediction − target" : "margin: logit of the label − other"
  }

  /// The values of the figure; the first row names the columns.
  package var table: [[String]] {
    [[place.rawValue] + objectives.flatMap { ["\($0) loss", "\($0) slope"] }]
      + curves[0].samples.indices.map { index in
        [curves[0].samples[index].place.text]
          + curves.flatMap { [$0.samples[index].value.text, $0.samples[index].slope.text] }
      }
  }

  /// How hard objectives pull at the wrongest place that is drawn, and whose curve is not all there
  /// is to see.
  package func reading(_ names: [String]) -> String {
    let targeted = zip(names, objectives).filter { place == .error && !$1.dependsOnErrorAlone }
      .map { "\($0.0) depends on the target, too: it is drawn for the target 0." }
    return ([pulls(names)] + targeted).filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func pulls(_ names: [String]) -> String {
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
