package import Optimization
package import Plotting
internal import Support

/// How readings to fit lines to are made up.
package struct ReadingChoices: Hashable, Codable, Sendable {
  /// A reading that is given another value.
  package struct Move: Hashable, Codable, Sendable {
    /// From 1.
    package var reading: Int
    /// m/s².
    package var value: Double

    package init(_ reading: Int, to value: Double) { (self.reading, self.value) = (reading, value) }
  }

  package var seed: UInt64 = 1
  package var count = 60
  /// Standard deviation, m/s², and fraction that knocks disturb.
  package var noise = 0.3, outliers = 0.15
  /// Readings moved by hand; of several for one, the last counts.
  package var moves: [Move] = []

  /// The ranges of these choices.
  package static let counts = 4...10_000, noises = 0...100.0, fractions = 0...0.4
  /// Values to which readings can be moved; lines begin at 0 and take a bounded number of steps.
  package static let values = -30...30.0

  package init() {}

  /// - Precondition: The choices are in their ranges.
  package var readings: SensorReadings {
    var readings = SensorReadings(seed: seed, count: count, noise: noise, outliers: outliers)
    for move in moves { readings.move(move.reading - 1, to: move.value) }
    return readings
  }

  /// The options of `marbles objective fit` that differ from its defaults.
  package var words: [String] {
    let usual = ReadingChoices()
    var words: [String] = []
    if seed != usual.seed { words += ["--seed", "\(seed)"] }
    if count != usual.count { words += ["--readings", "\(count)"] }
    if noise != usual.noise { words += ["--noise", noise.text] }
    if outliers != usual.outliers { words += ["--outliers", outliers.text] }
    return words + moves.flatMap { ["--move", "\($0.reading)=\($0.value.text)"] }
  }
}

/// Lines that objectives fit to the same readings.
package struct LineFitPlot {
  package let choices: ReadingChoices
  package let readings: SensorReadings
  package let fits: [LineFit]

  /// Fits the lines.
  ///
  /// - Throws: `ChoiceError` if an objective does not measure errors of numbers.
  package init(
    _ objectives: [ObjectiveChoice], to choices: ReadingChoices
  ) throws(ChoiceError) {
    self.choices = choices
    readings = choices.readings
    var fits: [LineFit] = []
    for objective in objectives { fits.append(try LineFit(objective, to: readings)) }
    self.fits = fits
  }

  /// Why the first line that diverged cannot be drawn; nil if all can.
  package var divergence: String? {
    fits.first { !$0.isFinite }.map {
      "the line of '\($0.objective)' diverged; choose an objective that stays finite for any error"
    }
  }

  // MARK: Figure

  /// The figure.
  ///
  /// - Parameter names: What each objective is called in it.
  package func figure(names: [String], theme: Theme) -> AxesFigure {
    func points(_ spoiled: Bool) -> [DataPoint] {
      readings.readings.filter { $0.isOutlier == spoiled }.map { DataPoint($0.time, $0.value) }
    }
    func ends(_ line: (Double) -> Double) -> [DataPoint] {
      [0, SensorReadings.duration].map { DataPoint($0, line($0)) }
    }
    let knocks = points(true).count
    let moved = Set(choices.moves.map(\.reading)).count
    return AxesFigure.lineFits(
      readings: points(false), outliers: points(true),
      trueLine: .init("true line", ends { SensorReadings.intercept + SensorReadings.slope * $0 }),
      lines: zip(names, fits).map { name, fit in .init(name, ends { fit($0) }) },
      reading: reading(names),
      subtitle:
        "readings of a phone's motion sensor; "
        + "rings: \(knocks.counted("reading")) disturbed by knocks",
      footer: "made-up readings, seed \(choices.seed) · noise \(choices.noise.short) m/s²"
        + (moved > 0 ? " · \(moved) moved by hand" : "") + " · lines fitted with Adam",
      theme: theme)
  }

  /// Whose slope is furthest from the truth and whose is nearest, and which lines mean nothing.
  package func reading(_ names: [String]) -> String {
    let misses = zip(names, fits).filter { $1.hasMinimum }.map { ($0, $1.miss) }
      .sorted { $0.1 > $1.1 }
    var sentences: [String] = []
    if let most = misses.first, let least = misses.last {
      let first = "The slope of \(most.0) is off by \(most.1.percentage())"
      sentences.append(
        misses.count == 1
          ? "\(first)." : "\(first), that of \(least.0) by \(least.1.percentage()).")
    }
    return (sentences + remarks(names)).joined(separator: " ")
  }

  /// Sentences about objectives that no line minimizes.
  package func remarks(_ names: [String]) -> [String] {
    zip(names, fits).filter { !$1.hasMinimum }.map { name, _ in
      "\(name) has no minimum: its line is only where the steps ended."
    }
  }

  /// The values of the figure; the first row names the columns.
  package var table: [[String]] {
    [["time", "reading", "spoiled"] + fits.map { "\($0.objective)" }]
      + readings.readings.map { reading in
        ["\(reading.time)", "\(reading.value)", reading.isOutlier ? "1" : "0"]
          + fits.map { $0(reading.time).text }
      }
  }
}

extension LineFit {
  /// Whether it did not diverge.
  package var isFinite: Bool { slope.isFinite && intercept.isFinite }

  /// How far the slope is from the true one, as a fraction of it.
  package var miss: Double { abs(slope / SensorReadings.slope - 1) }
}
