import Foundation
import Optimization
import Plotting
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
    return "\(length) · lines are means, bands reach over all seeds · "
      + "\(configuration.model ?? "own network") at \(configuration.imageSize) pixels"
  }

  /// Validation over the course.
  func figure(_ theme: Theme) -> AxesFigure {
    .comparedCurves(
      curves, over: axis, guessing: guessing, title: "Which optimizer learns best?",
      subtitle: "\(verdicts.answer) (\(judges))", footer: footer, theme: theme)
  }

  /// The same on its way.
  func race(_ theme: Theme) -> CurveRaceFigure {
    CurveRaceFigure(
      curves, over: axis, in: place == .steps ? .steps : .seconds, guessing: guessing,
      title: "Which optimizer learns best?", subtitle: "\(verdicts.answer) (\(judges))",
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
    return .rateSensitivity(
      curves, guessing: guessing, title: "How much does the learning rate matter?",
      subtitle: "each point is a short training · ○ chosen · ▲ higher than shown · × diverged",
      footer: "\(results.first?.searches.count ?? 0) trainings with each optimizer, "
        + "all of one length and one seed", theme: theme)
  }
}

extension ComparedCurve.Band {
  fileprivate init(_ band: CurveBand) {
    func points(_ curve: [CurvePoint]) -> [DataPoint] { curve.map { DataPoint($0.x, $0.y) } }
    self.init(mean: points(band.mean), lower: points(band.lowest), upper: points(band.highest))
  }
}
