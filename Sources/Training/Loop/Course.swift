internal import Optimization

/// How far a run is on its way from 0 to 1, and what follows from that: learning rate, image size,
/// and the end.
///
/// A run of epochs moves with its steps, a budgeted run with its clock.
struct Course {
  /// The learning rate of every step, or of every part of a budgeted run.
  let schedule: LearningRateSchedule
  /// Schedules from some steps on, which are counted from 1.
  private var changed: [(step: Int, schedule: LearningRateSchedule)] = []
  private let configuration: TrainingConfiguration

  /// Parts into which a schedule divides a budgeted run.
  private static let parts = 100_000
  /// A run this close to its end is over between two epochs.
  private static let end = 0.995
  /// Validations of a budgeted run, unless its epochs are longer than their distance.
  private static let validations = 10.0

  /// Creates the course of a run.
  ///
  /// - Throws: `ScheduleError` if a formula gives no valid rate.
  init(_ configuration: TrainingConfiguration, trainingCount: Int) throws(ScheduleError) {
    self.configuration = configuration
    schedule = try Self.schedule(configuration, trainingCount)
    for change in configuration.learningRateChanges ?? [] {
      var choices = configuration
      choices.learningRate = change.rate
      changed.append((change.step, try Self.schedule(choices, trainingCount)))
    }
  }

  private static func schedule(
    _ configuration: TrainingConfiguration, _ trainingCount: Int
  ) throws(ScheduleError) -> LearningRateSchedule {
    guard configuration.budget != nil else {
      return try configuration.makeSchedule(trainingCount: trainingCount)
    }
    let epochs = Double(configuration.epochs)
    return try LearningRateSchedule(
      configuration.schedule, peak: configuration.learningRate,
      warmupSteps: Int(configuration.warmup / epochs * Double(Self.parts)),
      totalSteps: Self.parts, stepsPerEpoch: max(1, Int(Double(Self.parts) / epochs)))
  }

  /// The learning rate of a step, counted from 0.
  func learningRate(ofStep step: Int, _ progress: TrainingState.Progress) -> Float {
    let place = progress.clock.map {
      min(Self.parts - 1, Int($0.position(afterStep: step) * Double(Self.parts)))
    }
    return schedule(ofStep: step + 1).learningRate(
      atStep: place ?? step, plateau: progress.plateau ?? .init())
      * progress.rateFactor
  }

  /// The schedule of a step, counted from 1.
  private func schedule(ofStep step: Int) -> LearningRateSchedule {
    changed.last { $0.step <= step }?.schedule ?? schedule
  }

  /// The place where the current epoch began.
  func epochPosition(_ progress: TrainingState.Progress) -> Double {
    progress.epochPosition ?? Double(progress.epoch) / Double(configuration.epochs)
  }

  /// Whether a budgeted run's epoch ends before all images were seen: where the size of images
  /// changes, and at the end of the run.
  func endsEpoch(at progress: TrainingState.Progress) -> Bool {
    guard let place = progress.place else { return false }
    let end = configuration.imageSizes?.stage(at: epochPosition(progress)).end ?? 1
    return place >= end
  }

  /// Whether the network is validated after this epoch: in a budgeted run, ten times.
  func validates(after progress: TrainingState.Progress) -> Bool {
    guard let place = progress.place else { return true }
    let start = epochPosition(progress)
    return place >= Self.end
      || Int(place * Self.validations) > Int(start * Self.validations)
  }

  /// Whether a budgeted run is over.
  static func isOver(_ progress: TrainingState.Progress) -> Bool {
    progress.isBetweenEpochs && progress.place ?? 0 >= end
  }
}
