internal import Foundation
internal import ImageLoading
internal import LocalServer
internal import Optimization
internal import Sketches
internal import Support
internal import Synchronization
internal import Tensors
internal import Training

/// Trains the practice set with an objective, one training at a time.
///
/// It ends when it is done, when it is stopped, when its time is over, and when nobody has asked
/// for a while how it goes. After it, the same training with cross-entropy is a yardstick, which is
/// kept, since it is always the same.
final class PracticeTraining: Sendable {
  fileprivate struct State {
    var progress = PracticeProgress(training: 0, objective: .crossEntropy)
    var began = ContinuousClock.now, asked = ContinuousClock.now
    var isStopped = false
    var yardstick: PracticeCurve?
    var hasEnded = false
  }

  private let state = Mutex(State())
  /// Only the thread that trains takes it.
  private let data = Mutex<TrainingData?>(nil)
  private let workers: Workers
  private let mostSeconds: Double, patience: Double

  /// - Parameters:
  ///   - mostSeconds: From the start of a training to its end.
  ///   - patience: Seconds without a question after which it ends.
  init(workers: Workers, mostSeconds: Double, patience: Double) {
    (self.workers, self.mostSeconds, self.patience) = (workers, mostSeconds, patience)
  }

  // MARK: Questions

  struct Started: Encodable { var training: Int, commands: [String] }

  /// Starts a training.
  ///
  /// - Throws: `FieldError` if another one runs.
  func start(_ objective: ObjectiveChoice) throws(FieldError) -> Started {
    do throws(ChoiceError) {
      _ = try objective.makeObjective(classCount: Animal.allCases.count)
    } catch {
      throw FieldError(field: "objectives.1", message: error.description)
    }
    // One that was told to stop ends with its step.
    let deadline = ContinuousClock.now + .seconds(2)
    while state.withLock({ $0.progress.isRunning && $0.isStopped }), .now < deadline {
      usleep(10_000)
    }
    let number: Int? = state.withLock { state in
      guard !state.progress.isRunning, !state.hasEnded else { return nil }
      state.progress = PracticeProgress(
        training: state.progress.training + 1, objective: objective)
      state.progress.isRunning = true
      (state.began, state.asked, state.isStopped) = (.now, .now, false)
      return state.progress.training
    }
    guard let number else {
      throw FieldError(
        field: "training", message: "another page trains; stop it there, or wait for its end")
    }
    Thread.detachNewThread { [self] in train(objective) }
    return Started(training: number, commands: PracticeSet.commands(objective))
  }

  /// How a training goes, or went.
  func progress(of training: Int) throws(FieldError) -> PracticeProgress {
    try state.withLock { state throws(FieldError) in
      try state.require(training)
      state.asked = .now
      return state.progress
    }
  }

  /// Asks a training to stop after its step.
  func stop(_ training: Int) throws(FieldError) {
    try state.withLock { state throws(FieldError) in
      try state.require(training)
      state.isStopped = true
    }
  }

  /// Stops the training, lets none begin, and waits for its end.
  func end() {
    state.withLock { ($0.isStopped, $0.hasEnded) = (true, true) }
    while state.withLock(\.progress.isRunning) { usleep(10_000) }
  }

  // MARK: Training

  private func train(_ objective: ObjectiveChoice) {
    do {
      let data = try practiceData()
      try train(objective, data, \.own) { $0.progress.ending = $1 }
      if case .finished? = state.withLock(\.progress.ending), objective == .crossEntropy {
        state.withLock { $0.yardstick = $0.progress.own }
      }
      if state.withLock({ $0.yardstick == nil && !$0.isStopped }) {
        try train(.crossEntropy, data, \.yardstick) { state, ending in
          if case .finished = ending { state.yardstick = state.progress.yardstick }
        }
      }
    } catch {
      let reason = reasonToStop
      state.withLock {
        $0.progress.ending =
          $0.progress.ending ?? reason.map { .stopped($0) } ?? .failed("\(error)")
      }
    }
    state.withLock { state in
      state.progress.yardstick = state.yardstick ?? PracticeCurve()
      state.progress.isRunning = false
    }
  }

  private func train(
    _ objective: ObjectiveChoice, _ data: TrainingData,
    _ curve: any WritableKeyPath<PracticeProgress, PracticeCurve> & Sendable,
    _ end: (inout State, PracticeProgress.Ending) -> Void
  ) throws {
    let trainer = try Trainer(
      configuration: PracticeSet.configuration(objective), data: data, workers: workers,
      observers: [
        CurveObserver { [self] change in state.withLock { change(&$0.progress[keyPath: curve]) } }
      ],
      stoppingRules: [StopRequest { [self] in reasonToStop != nil }], triesLowerRates: false)
    do throws(TrainingError) {
      let isFinished = try trainer.run().status == .finished
      let reason = reasonToStop
      state.withLock { end(&$0, isFinished ? .finished : .stopped(reason ?? "on request")) }
    } catch {
      guard case .diverged(let divergence) = error else { throw error }
      state.withLock { end(&$0, .diverged(divergence)) }
    }
  }

  /// Why training is to stop now; nil if it is not.
  private var reasonToStop: String? {
    state.withLock { state in
      if state.isStopped { return "on request" }
      if ContinuousClock.now - state.asked > .seconds(patience) { return "nobody looked" }
      // The step that is being taken, and an evaluation, have a second.
      return ContinuousClock.now - state.began > .seconds(mostSeconds - 1)
        ? "its \(mostSeconds.short) s are over" : nil
    }
  }

  private func practiceData() throws -> TrainingData {
    try data.withLock { data in
      if let data { return data }
      let drawn = try PracticeSet.data(workers: workers) { reasonToStop == nil }
      data = drawn
      return drawn
    }
  }
}

extension PracticeTraining.State {
  fileprivate func require(_ training: Int) throws(FieldError) {
    guard training == progress.training, training > 0 else {
      throw FieldError(field: "training", message: "there is no training \(training) any more")
    }
  }
}

/// Adds what a trainer tells to a curve.
private final class CurveObserver: TrainingObserver {
  private let change: ((inout PracticeCurve) -> Void) -> Void

  init(_ change: @escaping ((inout PracticeCurve) -> Void) -> Void) { self.change = change }

  func observe(_ event: TrainingEvent) {
    switch event {
    case .step(let record, _): change { $0.steps.append([Double(record.step), record.loss]) }
    case .epoch(let record, _, let isBest):
      change { curve in
        if isBest { curve.best = curve.epochs.count }
        curve.epochs.append(PracticeCurve.Epoch(record))
      }
    default: break
    }
  }
}
