internal import ObjectiveFigures
internal import Optimization
internal import PageFrame
internal import Plotting
internal import Support

/// Objectives as the page draws them.
struct CurvesAnswer: Encodable {
  struct Curve: Encodable {
    /// The shortest text that means the same.
    var objective: String
    var measuresErrors: Bool
    /// In the light and in the dark theme.
    var colors: [String: String]
    var dashes: [Double]
    /// Nil where it is not finite.
    var values: [Double?], slopes: [Double?]
    /// The indices of slopes behind a jump: a line through it would be wrong.
    var jumps: [Int]
  }

  var place: String, axis: String
  var places: [Double]
  /// One for each objective, in their order.
  var curves: [Curve]
  /// From low to high, as in the figure.
  var valueRange: [Double], slopeRange: [Double]
  /// What the curves are, for those who do not see them.
  var valueWords: String, slopeWords: String
  /// What there is to see.
  var reading: String
  var command: String

  init(_ plot: ObjectivePlot, _ state: ObjectiveState) {
    let pens = Theme.onPages.mapValues { $0.pens(count: plot.objectives.count) }
    (place, axis) = (plot.place.rawValue, plot.axisTitle)
    places = plot.curves[0].samples.map(\.place)
    curves = plot.curves.enumerated().map { index, curve in
      let slopes = curve.samples.map(\.slope.finite)
      return Curve(
        objective: "\(curve.objective)", measuresErrors: curve.objective.measuresErrors,
        colors: pens.mapValues { $0[index].color.hex },
        dashes: pens["light"]?[index].stroke.dashes ?? [],
        values: curve.samples.map(\.value.finite), slopes: slopes, jumps: Self.jumps(slopes))
    }
    let names = plot.objectives.map(\.description)
    let ranges = plot.figure(names: names, theme: .light).axes.map(\.vertical.domain)
    (valueRange, slopeRange) = (ranges[0].ends, ranges[1].ends)
    reading = plot.reading(names)
    valueWords = Self.words("Loss", plot, \.value)
    slopeWords = Self.words("Slope", plot, \.slope)
    var words = ["marbles", "objective", "plot"] + names
    if let over = state.over { words += ["--over", over] }
    if let range = state.range { words += ["--range", range.text] }
    command = words.map(\.shellWord).joined(separator: " ")
  }

  private static func jumps(_ slopes: [Double?]) -> [Int] {
    let known = slopes.compactMap(\.self)
    let least = 0.1 * ((known.max() ?? 0) - (known.min() ?? 0))
    return slopes.indices.dropFirst().filter { index in
      guard let before = slopes[index - 1], let slope = slopes[index] else { return false }
      return abs(slope - before) > least
    }
  }

  /// The ends and the middle of all curves.
  private static func words(
    _ name: String, _ plot: ObjectivePlot, _ quantity: KeyPath<ObjectiveCurve.Sample, Double>
  ) -> String {
    let curves = plot.curves.enumerated().map { index, curve in
      let samples = curve.samples
      let (low, middle, high) = (samples[0], samples[samples.count / 2], samples[samples.count - 1])
      func text(_ sample: ObjectiveCurve.Sample) -> String { sample[keyPath: quantity].spoken }
      return "\(index + 1) \(curve.objective): \(text(low)) at the left, \(text(middle)) at 0, "
        + "\(text(high)) at the right"
    }
    let places = plot.curves[0].samples.map(\.place)
    return "\(name) over the \(plot.place.rawValue) from \((places.first ?? 0).spoken) to "
      + "\((places.last ?? 0).spoken). \(curves.joined(separator: "; "))"
  }
}

/// Which properties of a distance an objective has.
struct CheckAnswer: Encodable {
  struct Verdict: Encodable {
    var property: String, holds: Bool
    /// The counterexample worked out; nil if none was found.
    var words: String?
    var marks: [Mark]
  }

  /// A loss of a counterexample among the curves.
  struct Mark: Encodable {
    var place: Double, value: Double
    /// Whether the curve of the objective passes through it; otherwise the target is another.
    var isOnCurve: Bool
  }

  var objective: String, compares: String
  var verdicts: [Verdict]
  var conclusion: String
  var command: String

  init(_ objective: ObjectiveChoice, over place: ObjectiveCurve.Place) {
    let check = DistanceCheck(objective)
    self.objective = check.name
    compares = check.domain
    conclusion = check.conclusion
    verdicts = check.verdicts.map { verdict in
      Verdict(
        property: verdict.property.rawValue, holds: verdict.holds, words: verdict.counterExample,
        marks: verdict.measurements.compactMap { Mark($0, of: objective, over: place) })
    }
    command = ["marbles", "objective", "check", check.name].map(\.shellWord).joined(separator: " ")
  }
}

extension CheckAnswer.Mark {
  /// Nil where it cannot be among the curves.
  fileprivate init?(
    _ measured: DistanceCheck.Measurement, of objective: ObjectiveChoice,
    over place: ObjectiveCurve.Place
  ) {
    let isNumber = measured.output.count == 1
    guard measured.value.isFinite, isNumber == (place == .error) else { return nil }
    value = measured.value
    self.place =
      isNumber
      ? measured.output[0] - measured.target[0] : measured.output[0] - measured.output[1]
    let drawn = objective.loss(over: place)(self.place).value
    isOnCurve =
      (isNumber || measured.target == [1, 0]) && abs(drawn - value) <= 1e-9 * (1 + abs(value))
  }
}

/// Lines through readings.
struct FitAnswer: Encodable {
  struct Reading: Encodable { var time: Double, value: Double, isOutlier: Bool }

  struct Line: Encodable {
    /// Its place among all objectives, from 0.
    var index: Int
    var objective: String
    var slope: Double, intercept: Double, loss: Double
    /// How far the slope is from the true one, as a fraction of it.
    var miss: Double
  }

  var readings: [Reading]
  /// Only of objectives that measure errors, in their order.
  var lines: [Line]
  var trueSlope = SensorReadings.slope, trueIntercept = SensorReadings.intercept
  var duration = SensorReadings.duration
  /// From low to high, as in the figure.
  var range: [Double]
  /// The values to which readings can be moved.
  var limits = ReadingChoices.values.ends
  /// What there is to see, or why there is nothing.
  var reading: String
  var command: String

  init(_ plot: LineFitPlot, of objectives: [ObjectiveChoice]) {
    let indices = objectives.indices.filter { objectives[$0].measuresErrors }
    let names = plot.fits.map { "\($0.objective)" }
    readings = plot.readings.readings.map {
      Reading(time: $0.time, value: $0.value, isOutlier: $0.isOutlier)
    }
    lines = zip(indices, plot.fits).filter { $1.isFinite }.map { index, fit in
      Line(
        index: index, objective: "\(fit.objective)", slope: fit.slope, intercept: fit.intercept,
        loss: fit.loss, miss: fit.miss)
    }
    let silent = objectives.filter { !$0.measuresErrors }.map {
      "\($0) compares classes, and fits no line."
    }
    let measured = plot.divergence.map { "\($0)." } ?? plot.reading(names)
    reading = ((measured.isEmpty ? [] : [measured]) + silent).joined(separator: " ")
    range = plot.figure(names: names, theme: .light).axes[0].vertical.domain.ends
    command = (["marbles", "objective", "fit"] + names + plot.choices.words)
      .map(\.shellWord).joined(separator: " ")
  }
}

extension ClosedRange<Double> {
  fileprivate var ends: [Double] { [lowerBound, upperBound] }
}
