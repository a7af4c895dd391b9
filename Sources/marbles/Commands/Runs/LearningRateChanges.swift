import ArgumentParser
import Optimization
import Support
import Training

extension LearningRateChange {
  /// Reads a step and a rate.
  ///
  /// - Throws: `ValidationError` for anything else.
  init(argument text: String) throws {
    guard let change = LearningRateChange(text) else {
      throw ValidationError("expected a step of at least 1 and a rate above 0, such as 120=0.001")
    }
    self = change
  }
}

extension TrainingConfiguration {
  /// Makes sure that there is a rate at every step, and that each change that is given has a step
  /// and an effect.
  ///
  /// - Throws: `ScheduleError`, or `Failure` for wrong usage.
  func requireSchedules(
    trainingCount: Int, _ changes: [LearningRateChange]
  ) throws {
    let schedule = try makeSchedule(trainingCount: trainingCount)
    for change in learningRateChanges ?? [] {
      var choices = self
      choices.learningRate = change.rate
      _ = try choices.makeSchedule(trainingCount: trainingCount)
    }
    if let change = changes.first, let reason = schedule.reasonAgainstOtherPeak {
      throw Failure(.usage, "--learning-rate-at \(change): \(reason)")
    }
    let steps = epochs * stepsPerEpoch(trainingCount: trainingCount)
    if budget == nil, let late = changes.first(where: { $0.step > steps }) {
      throw Failure(
        .usage, "--learning-rate-at \(late): the run has only \(steps.counted("step"))")
    }
  }
}
