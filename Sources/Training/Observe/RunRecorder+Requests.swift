internal import Foundation
internal import Support

// What is asked of a run, and how that is recorded.
extension RunRecorder {
  /// The option of `marbles train` that makes a change.
  private static let option = "--learning-rate-at="

  var requests: RunRequests { RunRequests(of: directory) }

  /// What is wanted now; a request that was carried out before a kill is none.
  var wish: RunRequests.Wish {
    var wish = requests.wish
    if let rate = wish.rate, rate.id == record.lastRequest {
      wish.rate = nil
      try? requests.done()
    }
    return wish
  }

  /// Records a change before it takes effect: a run that is killed after this goes on with it.
  func add(_ change: LearningRateChange, _ request: String) throws(FileError) {
    record.configuration.add(change)
    record.command.append("\(Self.option)\(change)")
    record.lastRequest = request
    try record.write(to: directory)
    try requests.done()
    try log("learning_rate", ["step": "\(change.step)", "highest": "\(change.rate)"])
  }

  /// Records that the run waits.
  func pause(_ step: Int, _ seconds: Double) throws(FileError) {
    record.status = .paused
    record.lastPause = .init(step: step, seconds: seconds)
    try record.write(to: directory)
    try log("pause", ["step": "\(step)"])
  }

  /// Records that it goes on.
  func goOn(after waited: Double) throws(FileError) {
    record.status = .running
    record.lastPause?.ended = Date()
    try record.write(to: directory)
    try log("continue", ["seconds": waited.text])
  }
}
