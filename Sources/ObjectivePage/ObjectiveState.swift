internal import LocalServer
package import ObjectiveFigures
internal import Optimization
internal import Plotting

/// What is on the page, as it sends it.
package struct ObjectiveState: Codable, Hashable, Sendable {
  /// The objective that is made, and after it those it is compared with: names with parameters, or
  /// `expr:` and a formula.
  package var objectives: [String]
  /// error or margin; nil for what suits all.
  package var over: String?
  /// How far to draw to both sides; nil for where objectives differ most.
  package var range: Double?
  /// The readings for lines; nil for those the page begins with.
  package var readings: ReadingChoices?

  /// The most objectives, and readings.
  package static let mostObjectives = 8, mostReadings = 100

  /// The readings that the page begins with: few enough to be moved by hand.
  package static var firstReadings: ReadingChoices {
    var choices = ReadingChoices()
    (choices.count, choices.outliers) = (16, 0.2)
    return choices
  }

  /// Creates a state.
  package init(
    _ objectives: [String], over: String? = nil, range: Double? = nil,
    readings: ReadingChoices? = nil
  ) {
    (self.objectives, self.over) = (objectives, over)
    (self.range, self.readings) = (range, readings)
  }
}

extension ObjectiveState {
  /// The objectives, the one that is made first.
  ///
  /// - Throws: `FieldError` that points at the wrong character of a formula.
  func choices() throws(FieldError) -> [ObjectiveChoice] {
    guard (1...Self.mostObjectives).contains(objectives.count) else {
      throw FieldError(
        field: "objectives",
        message: "\(objectives.count), expected 1 to \(Self.mostObjectives)")
    }
    return try objectives.enumerated().map { index, text throws(FieldError) in
      do throws(ChoiceError) {
        return try ObjectiveChoice(text)
      } catch {
        var position: Int?
        if case .formula(let error) = error { position = error.position }
        throw FieldError(
          field: "objectives.\(index + 1)", message: error.description, position: position)
      }
    }
  }

  /// The curves.
  func plot() throws(FieldError) -> ObjectivePlot {
    let place = over.map(ObjectiveCurve.Place.init(rawValue:))
    if case .some(nil) = place {
      throw FieldError(field: "over", message: "expected error or margin")
    }
    if let range, !ObjectivePlot.reaches.contains(range) {
      throw FieldError(
        field: "range",
        message: "\(range), expected \(ObjectivePlot.reaches.lowerBound) to "
          + "\(Int(ObjectivePlot.reaches.upperBound))")
    }
    let choices = try choices()
    do throws(ObjectivePlot.Problem) {
      return try ObjectivePlot(choices, over: place ?? nil, reach: range)
    } catch {
      throw FieldError(field: "objectives.\(error.index + 1)", message: error.reason)
    }
  }

  /// The lines of those objectives that measure errors.
  func fits() throws(FieldError) -> LineFitPlot {
    let choices = readings ?? Self.firstReadings
    try choices.check()
    let measuring = try self.choices().filter(\.measuresErrors)
    do throws(ChoiceError) {
      return try LineFitPlot(measuring, to: choices)
    } catch {
      throw FieldError(field: "objectives", message: error.description)
    }
  }
}

extension ReadingChoices {
  /// - Throws: `FieldError` for the first choice outside its range.
  fileprivate func check() throws(FieldError) {
    func refuse(_ name: String, _ value: some Any, _ expected: String) throws(FieldError) {
      throw FieldError(field: "readings.\(name)", message: "\(value), expected \(expected)")
    }
    let counts = Self.counts.lowerBound...ObjectiveState.mostReadings
    if !counts.contains(count) {
      try refuse("count", count, "\(counts.lowerBound) to \(counts.upperBound)")
    }
    if !Self.noises.contains(noise) { try refuse("noise", noise, "0 to 100") }
    if !Self.fractions.contains(outliers) { try refuse("outliers", outliers, "0 to 0.4") }
    if moves.count > count { try refuse("moves", moves.count, "\(count) or fewer") }
    for (index, move) in moves.enumerated() {
      if !(1...count).contains(move.reading) {
        try refuse("moves.\(index + 1).reading", move.reading, "1 to \(count)")
      }
      if !Self.values.contains(move.value) {
        try refuse("moves.\(index + 1).value", move.value, "-30 to 30")
      }
    }
  }
}
