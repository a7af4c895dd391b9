import Foundation
import Optimization
import Plotting
import Races
import Support
import Training

// The figures of a comparison of optimizers.
extension ContestReport {
  private var curves: [ComparedCurve] {
    inOrder.map { result in
      ComparedCurve(
        "\(result.optimizer)", group: result.optimizer.family.colorGroup,
        loss: ComparedCurve.Band(result.losses(over: place)),
        accuracy: ComparedCurve.Band(result.accuracies(over: place)))
    }
  }

  private var axis: String { place == .steps ? "step" : "seconds of training" }

  private var footer: String {
    let configuration = comparison.plan.configuration
    return "\(length) · "
      + "\(configuration.model ?? "own network") at \(configuration.imageSize) pixels"
  }

  private var subtitle: String {
    "verdict on \(judges) · lines are means, bands reach over all seeds"
  }

  /// Validation over the course.
  func figure(_ theme: Theme) -> AxesFigure {
    .comparedCurves(
      curves, over: axis, guessing: guessing, title: "Which optimizer learns best?",
      reading: verdicts.answer, subtitle: subtitle, footer: footer, theme: theme)
  }

  /// The same on its way.
  func race(_ theme: Theme) -> CurveRaceFigure {
    CurveRaceFigure(
      curves, over: axis, in: place == .steps ? .steps : .seconds, guessing: guessing,
      title: "Which optimizer learns best?", reading: verdicts.answer, subtitle: subtitle,
      footer: footer, theme: theme)
  }

  /// The searches for rates.
  func sensitivity(_ theme: Theme) -> AxesFigure {
    let all = inOrder + results.filter(\.compared.isEmpty)
    let curves = all.enumerated().map { rank, result in
      RateCurve(
        "\(rank + 1) \(result.optimizer)", group: result.optimizer.family.colorGroup,
        points: result.search.ordered.map { DataPoint(Double($0.rate), $0.loss ?? .nan) },
        chosen: result.search.best.flatMap { best in
          best.loss.map { DataPoint(Double(best.rate), $0) }
        })
    }
    return Self.sensitivity(
      curves, searchCount: results.first?.searches.count ?? 0, guessing: guessing, theme)
  }

  /// The searches for rates.
  ///
  /// - Parameter searchCount: Trainings with each optimizer.
  static func sensitivity(
    _ curves: [RateCurve], searchCount: Int, guessing: GuessingLevel, _ theme: Theme
  ) -> AxesFigure {
    .rateSensitivity(
      curves, guessing: guessing, title: "How much does the learning rate matter?",
      reading: sensitivityReading(curves),
      subtitle: "each point is a short training · ○ chosen · ▲ higher than shown · × diverged",
      footer: "\(searchCount) trainings with each optimizer, all of one length and one seed",
      theme: theme)
  }

  /// Which optimizer has the widest, and which the narrowest range of rates around its best that
  /// all do nearly as well.
  private static func sensitivityReading(_ curves: [RateCurve]) -> String {
    let widths = curves.compactMap { curve -> (name: String, width: Double)? in
      guard let best = curve.chosen else { return nil }
      func isGood(_ point: DataPoint) -> Bool { point.y <= best.y + nearly }
      let points = curve.points.sorted { $0.x < $1.x }
      let low = points.filter { $0.x <= best.x }.reversed().prefix(while: isGood).last?.x
      let high = points.filter { $0.x >= best.x }.prefix(while: isGood).last?.x
      guard let low, let high else { return nil }
      // A rank comes before the name.
      let name = curve.name.split(separator: " ", maxSplits: 1).last ?? ""
      return (String(name), high / low)
    }.sorted { $0.width > $1.width }
    guard let most = widths.first, let least = widths.last else { return "" }
    let near = "Within \(nearly.short) of its lowest loss, "
    return widths.count == 1
      ? "\(near)the rates differ by a factor of \(most.width.short)."
      : "\(near)the rates of \(most.name) differ by a factor of \(most.width.short), those of "
        + "\(least.name) by \(least.width.short)."
  }

  /// A loss this much above the lowest is nearly as good.
  private static let nearly = 0.05
}

extension ComparedCurve.Band {
  init(_ band: CurveBand) {
    func points(_ curve: [CurvePoint]) -> [DataPoint] { curve.map { DataPoint($0.x, $0.y) } }
    self.init(mean: points(band.mean), lower: points(band.lowest), upper: points(band.highest))
  }
}
