/// The place of a budgeted run as it was last read from the clock: a row of `clock.csv`.
///
/// Learning rate, image size and end of a budgeted run follow its place, which moves by `perStep`
/// with each step until the next reading. So the readings are all that such a run takes from the
/// clock, and with them it can be repeated.
public struct ClockReading: Codable, Equatable, Sendable {
  /// Steps taken and epochs completed when it was read.
  public var step: Int, epoch: Int
  /// The place in the run, 0 at its beginning, 1 at its end.
  public var position: Double
  /// How far each step goes from here on.
  public var perStep: Double

  /// The place after some steps.
  package func position(afterStep step: Int) -> Double {
    min(1, position + Double(max(0, step - self.step)) * perStep)
  }
}

extension ClockReading: TableRow {
  public static let columns = ["step", "epoch", "position", "per_step"]

  public var values: [Double?] { [Double(step), Double(epoch), position, perStep] }

  public init?(values: [Double?]) {
    guard values.count == Self.columns.count,
      let step = values[0].flatMap({ Int(exactly: $0) }),
      let epoch = values[1].flatMap({ Int(exactly: $0) }),
      let position = values[2], let perStep = values[3]
    else { return nil }
    self.init(step: step, epoch: epoch, position: position, perStep: perStep)
    guard problem == nil else { return nil }
  }

  /// What cannot be so in a reading; nil if everything is in its range.
  var problem: String? {
    Problem.first([
      Problem.of("step", step, in: 0...(1 << 53)),
      Problem.of("epoch", epoch, in: 0...1_000_000),
      Problem.of("position", position, in: 0...1), Problem.of("per_step", perStep, in: 0...1),
    ])
  }
}

/// Reads the place of a budgeted run from the clock, or from what was recorded of another run.
package struct RunClock {
  /// Seconds of training until the end.
  package let total: Double
  /// Seconds that are needed at the end, to evaluate and save.
  package var reserve = 0.0

  private let recorded: [[Int]: ClockReading]?
  private var last: (step: Int, seconds: Double)?
  /// When steps of one kind began.
  private var start = 0.0
  private var secondsPerStep: Double?

  /// Creates a clock that reads the time, or follows what was recorded.
  package init(total: Double, recorded: [ClockReading]? = nil) {
    self.total = total
    self.recorded = recorded.map { readings in
      Dictionary(readings.map { ([$0.step, $0.epoch], $0) }) { $1 }
    }
  }

  /// How often the clock is read, as a fraction of the run.
  private static let interval = 0.005

  /// Leaves out what has passed since the last reading when it measures steps.
  ///
  /// The steps that follow may take another time.
  package mutating func skip(at step: Int, seconds: Double) {
    last = (step, seconds)
    start = seconds
  }

  /// A reading, if one is due.
  ///
  /// - Parameters:
  ///   - progress: The place in the run.
  ///   - seconds: The time of training so far.
  ///   - isForced: Whether it is due in any case.
  package mutating func reading(
    at progress: TrainingState.Progress, seconds: Double, isForced: Bool
  ) -> ClockReading? {
    let (step, epoch, current) = (progress.step, progress.epoch, progress.clock)
    if let recorded { return recorded[[step, epoch]] }
    let available = max(total - reserve, 1e-3)
    if let last, let current {
      let interval = Self.interval * total
      let isMeasured =
        secondsPerStep != nil && current.perStep > 0 && seconds - start >= interval
      guard isForced || !isMeasured || seconds - last.seconds >= interval else { return nil }
      if step > last.step {
        secondsPerStep = (seconds - last.seconds) / Double(step - last.step)
      }
    }
    last = (step, seconds)
    let actual = min(1, seconds / available)
    let position = max(actual, current?.position(afterStep: step) ?? 0)
    guard let secondsPerStep else {
      return ClockReading(step: step, epoch: epoch, position: position, perStep: 0)
    }
    // Where the run is ahead of the clock, it goes slower until the next reading.
    let steps = max(1, Self.interval * total / secondsPerStep)
    let next = actual + steps * secondsPerStep / available
    // One step may take longer than the whole run.
    let perStep = min(1, max(0, (next - position) / steps))
    return ClockReading(step: step, epoch: epoch, position: position, perStep: perStep)
  }
}
