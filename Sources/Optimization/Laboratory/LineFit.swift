internal import Foundation
internal import Tensors

/// Readings of a phone's motion sensor: an acceleration that grows steadily, with some outliers.
public struct SensorReadings: Sendable {
  /// The true line: m/s² per second, and m/s² at time 0.
  public static let slope = 0.4, intercept = 1.0
  /// Duration of the measurement, seconds.
  public static let duration = 10.0

  /// One reading.
  public struct Reading: Hashable, Sendable {
    /// Time in seconds, and acceleration in m/s².
    public var time: Double, value: Double
    /// Whether a knock disturbed it.
    public var isOutlier: Bool
  }

  /// In order of time.
  public private(set) var readings: [Reading]

  /// Makes up readings.
  ///
  /// - Parameters:
  ///   - noise: Standard deviation of every reading, m/s².
  ///   - outliers: Fraction of the readings that a knock of 4 to 10 m/s² disturbs, all in the last
  ///     40% of the time, where they tilt a line most.
  public init(seed: UInt64, count: Int = 60, noise: Double = 0.3, outliers: Double = 0.15) {
    var generator = SeededGenerator(seed: seed, stream: 0x11E)
    let late = count - Int((0.4 * Double(count)).rounded())
    let spoiled = (late..<count).shuffled(using: &generator)
      .prefix(Int((outliers * Double(count)).rounded()))
    readings = (0..<count).map { index in
      let time = Self.duration * (Double(index) + 0.5) / Double(count)
      var value = Self.intercept + Self.slope * time + noise * Double(generator.nextNormal())
      let knock = 4 + 6 * generator.nextUniform()
      if spoiled.contains(index) { value += knock }
      return Reading(time: time, value: value, isOutlier: spoiled.contains(index))
    }
  }

  /// Gives a reading another value, m/s².
  ///
  /// - Precondition: There is a reading of this index.
  public mutating func move(_ index: Int, to value: Double) { readings[index].value = value }
}

/// A straight line fitted to readings under an objective.
public struct LineFit: Sendable {
  /// The objective that was minimized.
  public let objective: ObjectiveChoice
  /// m/s² per second, and m/s² at time 0.
  public let slope: Double, intercept: Double
  /// The mean loss of the line.
  public let loss: Double
  /// Whether no line far along the negative gradient has a lower loss.
  ///
  /// Otherwise this one is only where the steps ended.
  public let hasMinimum: Bool

  /// The line's value at a time.
  public func callAsFunction(_ time: Double) -> Double { intercept + slope * time }

  /// Fits a line with Adam, the same that trains networks, starting from the line y = 0.
  ///
  /// - Throws: `ChoiceError.badValue` if the objective does not measure errors of numbers.
  public init(_ objective: ObjectiveChoice, to readings: SensorReadings) throws(ChoiceError) {
    guard let error = objective.sampleObjective.errorFunction else {
      throw .badValue(
        choice: "fit", parameter: "objective", value: objective.description,
        expected: "one that measures numbers, such as mse, mae, huber or a formula of y and p")
    }
    let readings = readings.readings
    let count = Double(readings.count)
    let half = SensorReadings.duration / 2
    // The level in the middle and the slope per half duration are independent of each other.
    func evaluate(_ level: Float, _ tilt: Float) -> (loss: Double, gradient: [Float]) {
      var (loss, byLevel, byTilt) = (0.0, 0.0, 0.0)
      for reading in readings {
        let place = reading.time / half - 1
        let result = error(reading.value, Double(level) + Double(tilt) * place)
        loss += result.value / count
        byLevel += result.slope / count
        byTilt += result.slope * place / count
      }
      return (loss, [Float(byLevel), Float(byTilt)])
    }
    let optimizer = OptimizerChoice.adam.makeOptimizer(layout: .marble(dimension: 2))
    var state = optimizer.makeState(parameterCount: 2)
    var line: [Float] = [0, 0]
    for step in 0..<Self.steps {
      let t = Double(step) / Double(Self.steps)
      optimizer.step(
        &line, gradients: evaluate(line[0], line[1]).gradient,
        learningRate: Float(Self.peak * 0.5 * (1 + cos(.pi * t))), state: &state,
        workers: Workers(count: 1))
    }
    self.objective = objective
    slope = Double(line[1]) / half
    intercept = Double(line[0] - line[1])
    let end = evaluate(line[0], line[1])
    loss = end.loss
    let steepness = hypot(end.gradient[0], end.gradient[1])
    hasMinimum = !Self.farAway.allSatisfy { distance in
      let part = distance / steepness
      return evaluate(line[0] - part * end.gradient[0], line[1] - part * end.gradient[1]).loss
        < end.loss
    }
  }

  /// Distances beyond all readings, m/s².
  private static let farAway: [Float] = [1e3, 1e6]

  private static let steps = 3000, peak = 0.05
}
