internal import Foundation
internal import Optimization
internal import Support
internal import Tensors

// What is asked of a run while it trains.
extension Trainer {
  /// Between two steps, carries out what is asked: changes the learning rate, or saves and waits.
  ///
  /// - Returns: Whether it has waited.
  func carryOutRequests() throws -> Bool {
    guard let wish = try dueWish() else { return false }
    try carryOut(wish)
    guard wish.pauses else { return false }
    try save(nil)
    try tell(.paused(step: state.progress.step, seconds: state.progress.seconds))
    let start = ContinuousClock.now
    while rules.decision(at: state.progress) == nil {
      Thread.sleep(forTimeInterval: 0.05)
      let wish = try agreed(recorder?.wish) ?? RunRequests.Wish()
      try carryOut(wish)
      if !wish.pauses { break }
    }
    state.startClock()
    try tell(.continued(after: (ContinuousClock.now - start).seconds))
    return true
  }

  /// What is wanted, if it is time to look.
  private func dueWish() throws -> RunRequests.Wish? {
    guard recorder != nil || source.workers.processes != nil else { return nil }
    let now = ContinuousClock.now
    let isDue = lastLook.map { now - $0 >= requestInterval } ?? true
    if isDue { lastLook = now }
    guard isTrueOfFirst(isDue) else { return nil }
    return try agreed(recorder?.wish)
  }

  /// What the first process knows, of those that share a run.
  private func agreed(_ wish: RunRequests.Wish?) throws -> RunRequests.Wish? {
    try source.workers.processes?.first(wish) ?? wish
  }

  private func carryOut(_ wish: RunRequests.Wish) throws {
    if let problem = wish.problem { try tell(.refused(problem)) }
    guard let request = wish.rate else { return }
    // Where the run was before it went back, it would not come again as it was.
    let last = max(state.progress.step, state.progress.furthestStep ?? 0)
    let change = LearningRateChange(step: last + 1, rate: request.learningRate)
    if let reason = take(change) {
      try tell(.refused(reason))
    } else {
      try tell(.learningRate(change, request: request.id))
    }
  }

  /// Goes on with another highest learning rate.
  ///
  /// - Returns: Why that cannot be; nil if it is done.
  private func take(_ change: LearningRateChange) -> String? {
    if let reason = course.schedule.reasonAgainstOtherPeak { return reason }
    var choices = configuration
    choices.add(change)
    do {
      course = try Course(choices, trainingCount: data.training.count)
      configuration = choices
      return nil
    } catch {
      return error.description
    }
  }
}
