/// How the learning rate changes over a run: a function of the step, and for `plateau` of the
/// validation losses so far.
public struct LearningRateSchedule: Hashable, Sendable {
  /// The shape after the warm-up.
  public let choice: ScheduleChoice
  /// The highest rate of a named schedule, > 0.
  public let peak: Double
  /// Steps over which the rate rises in a straight line to its peak.
  public let warmupSteps: Int
  /// Steps of the whole run, and of one epoch.
  public let totalSteps: Int, stepsPerEpoch: Int

  /// Creates a schedule.
  ///
  /// - Throws: `ScheduleError` if a formula gives a rate that is negative or not finite.
  public init(
    _ choice: ScheduleChoice, peak: Float, warmupSteps: Int = 0, totalSteps: Int,
    stepsPerEpoch: Int
  ) throws(ScheduleError) {
    self.choice = choice
    self.peak = Double(peak)
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
    self.stepsPerEpoch = stepsPerEpoch
    guard case .formula(let formula) = choice.kind else { return }
    for step in 0..<totalSteps {
      let rate = learningRate(atStep: step)
      guard rate >= 0, rate.isFinite else {
        throw ScheduleError(formula: formula.description, step: step, rate: rate)
      }
    }
  }

  /// The rate of a step, counted from 0.
  ///
  /// Warm-up: peak·(step+1)/warmup. After it `t` runs from 0 to 1 over the rest of the run; the
  /// last step is just before 1. A named schedule with a `final` rate has it in the last step. A
  /// formula gives the rate itself from
  /// `step`, `epoch` (step over steps per epoch), both from the start of the run, `t` and `peak`.
  public func learningRate(atStep step: Int, plateau: PlateauState = PlateauState()) -> Float {
    if step < warmupSteps { return Float(peak * Double(step + 1) / Double(warmupSteps)) }
    let (place, length) = (step - warmupSteps, max(1, totalSteps - warmupSteps))
    switch choice.kind {
    case .named(let choice):
      let scale = choice.entry.make(choice.values)
      // A single step after a warm-up is the last one; the peak was the step before it.
      let before = warmupSteps > 0 && length == 1 ? 1 : 0
      let position = SchedulePosition(
        step: place + before, length: length + before, plateau: plateau)
      return Float(peak * scale(position))
    case .formula(let formula): return Float(formula.value(at: variables(atStep: step)))
    }
  }

  /// The variables of a formula: `step`, `epoch`, `t` and `peak`.
  private func variables(atStep step: Int) -> [Double] {
    let length = max(1, totalSteps - warmupSteps)
    return [
      Double(step), Double(step) / Double(max(1, stepsPerEpoch)),
      min(1, Double(step - warmupSteps) / Double(length)), peak,
    ]
  }

  /// Why no other highest rate can be had after the warm-up; nil if one can.
  public var reasonAgainstOtherPeak: String? {
    guard case .formula(let formula) = choice.kind else { return nil }
    let places = stride(
      from: min(warmupSteps, totalSteps - 1), to: totalSteps, by: max(1, totalSteps / 1000))
    let follows = places.contains {
      formula.valueAndGradient(at: variables(atStep: $0)).gradient[3] != 0
    }
    return follows ? nil : "the schedule is a formula without 'peak', which gives the rates itself"
  }

  /// Records the validation loss after an epoch, for a schedule that depends on it.
  public func note(_ loss: Double, in plateau: inout PlateauState) {
    if let rule = choice.plateauRule { plateau.add(loss, rule) }
  }
}

/// A formula that gives no learning rate.
public struct ScheduleError: Error, Hashable, Sendable, CustomStringConvertible {
  let formula: String, step: Int, rate: Float

  public var description: String {
    "the schedule '\(formula)' gives the learning rate \(rate) at step \(step), "
      + "expected a number of at least 0; see 'marbles schedules --plot' for its shape"
  }
}
