internal import Foundation
internal import Plotting
internal import Training

/// How far a run is, judged by its files.
struct RunProgress: Encodable {
  /// 0…1; nil before anything is known.
  var fraction: Double?
  /// Seconds of training so far, and how many are left; nil if that is not known, or nobody trains.
  var seconds: Double?, remaining: Double?
  /// Epochs and steps of the last row, and how many are wanted; nil with a budget.
  var epoch: Int, step: Int, epochs: Int?
  /// Seconds that the run may take; nil without a budget.
  var budget: Double?

  /// - Parameter now: Seconds since 1970.
  init(_ run: FollowedRun, now: Double = Date().timeIntervalSince1970) {
    let choices = run.record.configuration
    let last = run.pace.last
    (epoch, step) = (last?.epoch ?? 0, max(last?.step ?? 0, run.steps.steps.last?.step ?? 0))
    budget = choices.budget
    epochs = budget == nil ? choices.epochs : nil
    let isTraining = run.owner != nil && run.record.status == .running
    // The table is written at the end of an epoch; the time since then counts as well, but for that
    // of a pause.
    var known = last.map { ($0.seconds, FileStamp(run.directory.metrics)?.modified ?? now) }
    if let pause = run.record.lastPause, pause.seconds > known?.0 ?? -1 {
      known = (pause.seconds, pause.ended?.timeIntervalSince1970 ?? now)
    }
    let soFar = known.map { $0.0 + (isTraining ? max(0, now - $0.1) : 0) }
    seconds = run.record.result?.seconds ?? soFar
    if run.record.status == .finished {
      fraction = 1
    } else if let budget, budget > 0, let seconds {
      fraction = min(1, seconds / budget)
      remaining = isTraining ? max(0, budget - seconds) : nil
    } else if let epochs, epochs > 0 {
      let total = epochs * choices.stepsPerEpoch(trainingCount: run.record.trainingCount)
      fraction = total > 0 ? min(1, Double(step) / Double(total)) : nil
      guard isTraining, let last, let before = run.pace.before, last.step > before.step else {
        return
      }
      let pace = (last.seconds - before.seconds) / Double(last.step - before.step)
      remaining = max(0, Double(total - last.step) * pace - (soFar ?? 0) + last.seconds)
    }
  }
}
