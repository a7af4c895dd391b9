internal import Support
internal import Tensors

// Where a budgeted run is, read from its clock.
extension Trainer {
  /// The processes that share the batches, if there are others.
  private var processes: (any ProcessGroup)? { source.workers.processes }

  /// What the clock of the first process says: those of the others differ.
  func isTrueOfFirst(_ isDue: Bool) -> Bool { processes?.first(isDue) ?? isDue }

  /// Reads the place of a budgeted run, if it is time to.
  func readClock(isForced: Bool) throws {
    guard clock != nil else { return }
    var reading = clock?.reading(
      at: state.progress, seconds: state.elapsedSeconds, isForced: isForced)
    // All processes follow the clock of the first.
    if let processes { reading = try processes.first(reading) }
    guard let reading else { return }
    state.progress.clock = reading
    try tell(.clock(reading))
  }

  /// Notes where a budgeted run's epoch begins.
  func beginEpoch() { state.progress.epochPosition = state.progress.place }

  /// Seconds for what is written and drawn at the end of a run.
  private static let endingSeconds = 0.5

  /// Evaluates, and notes how long that takes: the end of a budgeted run needs as much.
  func measured<Result>(_ evaluate: () throws -> Result) rethrows -> Result {
    let start = state.elapsedSeconds
    let result = try evaluate()
    // Then the best network is tested.
    let test = Double(data.test.count) / Double(max(1, data.validation.count))
    clock?.reserve = (state.elapsedSeconds - start) * (1 + test) + Self.endingSeconds
    return result
  }
}
