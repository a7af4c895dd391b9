package import LocalServer
internal import ObjectiveFigures
internal import Optimization
internal import PageFrame
internal import Plotting
package import Tensors

/// The page on which objectives are made: its files, and what it asks for.
///
/// Values, slopes, verdicts and lines are those of `marbles objective`; training is that of
/// `marbles train`.
package final class ObjectivePage: Sendable {
  private let practice: PracticeTraining

  /// Prepares the page.
  ///
  /// - Parameters:
  ///   - workers: What trains.
  ///   - mostSeconds: The length of a training.
  ///   - patience: Seconds after which a training ends whose page is gone.
  package init(workers: Workers, mostSeconds: Double = 30, patience: Double = 5) {
    practice = PracticeTraining(workers: workers, mostSeconds: mostSeconds, patience: patience)
  }

  /// Stops the training that the page has started, and waits for its end.
  package func end() { practice.end() }

  /// Everything that is served.
  package var routes: [Route] {
    Self.assets
      + [
        Route(.get, "/objective/catalogue") { _ in Response(json: ObjectiveChoices()) },
        Route.question("/objective/curves") { (state: ObjectiveState) throws(FieldError) in
          Response(json: CurvesAnswer(try state.plot(), state))
        },
        Route.question("/objective/check") { (state: ObjectiveState) throws(FieldError) in
          let plot = try state.plot()
          return Response(json: CheckAnswer(plot.objectives[0], over: plot.place))
        },
        Route.question("/objective/fit") { (state: ObjectiveState) throws(FieldError) in
          Response(json: FitAnswer(try state.fits(), of: try state.choices()))
        },
        Route.question("/objective/figure", Self.figure),
        Route.question("/objective/train") {
          [practice] (state: ObjectiveState) throws(FieldError) in
          Response(json: try practice.start(try state.choices()[0]))
        },
        Route.question("/objective/progress") {
          [practice] (question: Training) throws(FieldError) in
          Response(json: try practice.progress(of: question.training))
        },
        Route.question("/objective/stop") { [practice] (question: Training) throws(FieldError) in
          try practice.stop(question.training)
          return Response(json: question)
        },
      ]
  }

  /// One of the trainings, by its number.
  private struct Training: Codable { var training: Int }

  private struct FigureQuestion: Codable {
    var state: ObjectiveState
    /// plot or fit.
    var kind: String?
    var format: String?, theme: String?
  }

  private static func figure(_ question: FigureQuestion) throws(FieldError) -> Response {
    try Response.drawing(as: question.format, in: question.theme) { theme throws(FieldError) in
      switch question.kind ?? "plot" {
      case "plot":
        let plot = try question.state.plot()
        return plot.figure(names: plot.objectives.map(\.description), theme: theme)
      case "fit":
        let plot = try question.state.fits()
        if plot.fits.isEmpty {
          throw FieldError(field: "objectives", message: "none of them measures numbers")
        }
        if let divergence = plot.divergence {
          throw FieldError(field: "objectives", message: divergence)
        }
        return plot.figure(names: plot.fits.map { "\($0.objective)" }, theme: theme)
      default: throw FieldError(field: "kind", message: "expected plot or fit")
      }
    }
  }
}
