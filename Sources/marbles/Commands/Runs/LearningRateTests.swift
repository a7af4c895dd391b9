import ArgumentParser
import Optimization
import Plotting
import Support
import Tensors
import Training

/// Refuses an optimizer whose rate a range test cannot find.
func refuseToFindRate(of optimizer: OptimizerChoice) throws {
  guard optimizer.entry.followsRate else {
    throw ValidationError(
      "\(optimizer.name) uses the learning rate of its first step only, so rates cannot be tried "
        + "one after the other; give train a --learning-rate")
  }
}

extension LearningRateRangeTest {
  /// Takes the steps behind a progress bar.
  func runShowingProgress(
    _ configuration: TrainingConfiguration, _ data: TrainingData, _ workers: Workers, quiet: Bool
  ) throws -> LearningRateCurve {
    var bar = ProgressBar(quiet: quiet)
    defer { bar.clear() }
    return try run(configuration, data: data, workers: workers) { done in
      bar.show(
        "  rate", done: done, of: steps,
        "\(Double(rate(ofStep: done - 1)).short)  \(bar.remaining(done: done, of: steps))")
    }
  }

  /// "100 steps from 1e-06 to 10".
  var extent: String {
    "\(steps) steps from \(Double(lowest).short) to \(Double(highest).short)"
  }
}

extension TrainingConfiguration {
  /// Replaces the learning rate by the one that a range test suggests.
  ///
  /// - Throws: `Failure` for data that cannot be used if it suggests none.
  mutating func findLearningRate(_ data: TrainingData, _ workers: Workers, quiet: Bool) throws {
    let test = LearningRateRangeTest(for: optimizer)
    let curve = try test.runShowingProgress(self, data, workers, quiet: quiet)
    do {
      let found = try curve.suggestion()
      learningRate = found.rate
      learningRateTest = test
      if !quiet {
        Console.note("learning rate \(found.rate) (\(found.method.rawValue) of \(test.extent))")
      }
    } catch {
      throw Failure(
        .data,
        "--learning-rate auto: no learning rate can be suggested: \(error.fault); give a number, "
          + "or see 'marbles find-learning-rate'")
    }
  }

  /// What a range test was made with, for its figure.
  var testTexts: String {
    ([model ?? "own network", "\(optimizer)"] + (objective == .crossEntropy ? [] : ["\(objective)"])
      + ["\(imageSize)×\(imageSize)", "batch \(batchSize)", "seed \(seed)"] + imageChanges)
      .joined(separator: " · ")
  }
}

extension LearningRateCurve {
  /// How far the test came.
  var extent: String {
    let extent = "\(losses.count) of \(test.extent)"
    return switch end {
    case .rose: "\(extent), until the average loss was far above its lowest"
    case .notFinite: "\(extent), until a loss or a gradient was not finite"
    case .complete, nil: test.extent
    }
  }

  /// The same in the few words that fit beside the reason for no suggestion.
  fileprivate var shortExtent: String {
    let place = "at step \(losses.count) of \(test.steps)"
    return switch end {
    case .rose: "loss far up \(place)"
    case .notFinite: "not finite \(place)"
    case .complete, nil: "\(test.steps) steps"
    }
  }

  /// The rows of its table, the names of the columns first.
  var table: [[String]] {
    let smoothed = smoothed
    return [["step", "learning_rate", "loss", "smoothed_loss"]]
      + losses.indices.map {
        ["\($0 + 1)", "\(test.rate(ofStep: $0))", losses[$0].text, smoothed[$0].text]
      }
  }
}

extension Result<LearningRateSuggestion, NoLearningRate> {
  /// Why no rate is suggested; nil if one is.
  fileprivate var fault: String? {
    if case .failure(let error) = self { "no rate suggested: \(error.fault)" } else { nil }
  }
}

extension AxesFigure {
  /// The curve of a range test, with its suggestions marked, or the reason for none.
  static func learningRates(
    _ curve: LearningRateCurve, _ result: Result<LearningRateSuggestion, NoLearningRate>,
    footer: String, theme: Theme
  ) -> AxesFigure {
    let found = try? result.get()
    let (rates, smoothed) = (curve.rates, curve.smoothed)
    func points(_ losses: [Double]) -> [DataPoint] { zip(rates, losses).map(DataPoint.init) }
    func marked(_ name: String, _ place: Int, _ rate: Float) -> MarkedRate {
      MarkedRate(
        point: DataPoint(rates[place], smoothed[place]),
        label: "\(name) \(rate)" + (found?.rate == rate ? " (suggestion)" : ""))
    }
    return learningRates(
      losses: points(curve.losses), smoothed: points(smoothed),
      marked: found.map {
        [
          marked("valley", $0.valley, $0.valleyRate),
          marked("steepest fall", $0.steepest, $0.steepestRate),
        ]
      } ?? [],
      rates: Double(curve.test.lowest)...Double(curve.test.highest),
      reading: found.map { reading($0, curve.rates, smoothed) } ?? "",
      subtitle: result.fault.map { "\($0) · \(curve.shortExtent)" } ?? curve.extent,
      footer: footer, theme: theme)
  }

  /// Where the loss falls, and what is suggested.
  private static func reading(
    _ found: LearningRateSuggestion, _ rates: [Double], _ smoothed: [Double]
  ) -> String {
    let finite = smoothed.indices.filter { smoothed[$0].isFinite }
    guard let lowest = finite.min(by: { smoothed[$0] < smoothed[$1] }), let first = finite.first
    else { return "" }
    let fall = "The loss falls from \(smoothed[first].digits(2)) to \(smoothed[lowest].digits(2))"
    return
      "\(fall) at \(rates[lowest].short); well before that, while it falls, lies the suggested "
      + "\(Double(found.rate).short)."
  }
}
