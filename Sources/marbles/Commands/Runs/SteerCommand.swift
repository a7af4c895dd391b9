import ArgumentParser
import Foundation
import Support
import Training

struct SteerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "steer",
    abstract: "Changes the learning rate of a run while it trains, or lets it pause.",
    usage: "marbles steer <run> (--learning-rate <rate> | --pause | --continue)",
    discussion: """
      Whichever process trains the run looks for this between two steps. A new rate
      is the highest one of the run's schedule from the next step on; run.json says
      which step that was, and its command has --learning-rate-at, which gives the
      same run again. A run that pauses is saved and waits; the time does not count
      as training, also not of a budget. Ctrl-C ends a run that pauses, too.

      Example: marbles steer runs/latest --learning-rate 0.001
      """)

  @Argument(
    help: ArgumentHelp("The run directory.", valueName: "run"), completion: .directory,
    transform: inputPath)
  var directory: String

  @Option(help: ArgumentHelp("The highest learning rate from now on.", valueName: "rate"))
  var learningRate: Float?

  @Flag(help: "Save the run and let it wait.") var pause = false

  @Flag(name: .customLong("continue"), help: "Let a run that waits go on.") var goesOn = false

  @OptionGroup var output: OutputOptions

  /// What `--json` prints.
  private struct Report: Encodable {
    var path: String
    /// Whether the run has done it; it may be evaluating, which can take a while.
    var isDone: Bool
    var status: RunRecord.Status
    var learningRateChanges: [LearningRateChange]
  }

  func validate() throws {
    guard [learningRate != nil, pause, goesOn].count(where: \.self) == 1 else {
      throw ValidationError("give one of --learning-rate, --pause and --continue")
    }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate is \(learningRate), expected a number above 0")
    }
  }

  func run() throws {
    let run = try RunDirectory(existing: directory)
    try run.requireTraining()
    let requests = RunRequests(of: run)
    if goesOn, !requests.isPauseWanted, try RunRecord(contentsOf: run).status != .paused {
      throw Failure(.usage, "\(run.path): it does not pause, so it cannot go on")
    }
    var isDone: (RunRecord) -> Bool
    if let learningRate {
      let request = try requests.ask(learningRate: learningRate)
      isDone = { $0.lastRequest == request }
    } else {
      try requests.ask(pause: pause)
      isDone = { [pause] in ($0.status == .paused) == pause }
    }
    let record = try wait(for: run, until: isDone)
    let isSettled = isDone(record)
    let changes = record.configuration.learningRateChanges ?? []
    guard !output.json else {
      return Console.output(
        jsonText(
          Report(
            path: run.path, isDone: isSettled, status: record.status,
            learningRateChanges: changes)))
    }
    if !isSettled {
      Console.output("asked   not answered yet: the run is evaluating, or taking a long step")
    } else if let learningRate, let change = changes.last(where: { $0.rate == learningRate }) {
      Console.output("rate    at most \(Double(change.rate).short) from step \(change.step) on")
      Console.output("again   --learning-rate-at \(change)")
    } else {
      Console.output(pause ? "paused  saved; --continue lets it go on" : "goes on")
    }
  }

  /// Seconds that an answer is waited for.
  private static let patience = 10.0

  private func wait(
    for run: RunDirectory, until isDone: (RunRecord) -> Bool
  ) throws -> RunRecord {
    let end = ContinuousClock.now + .seconds(Self.patience)
    let requests = RunRequests(of: run)
    while true {
      // Looked at first: a request ends after the record says so.
      let isOpen = learningRate == nil || requests.isRateAsked
      let record = try RunRecord(contentsOf: run)
      guard !isDone(record), ContinuousClock.now < end else { return record }
      guard isOpen else {
        throw Failure(
          .failed,
          "\(run.path): the rate was not taken: another one was asked for, or \(run.events) says "
            + "why it was refused")
      }
      try run.requireTraining()
      Thread.sleep(forTimeInterval: 0.05)
    }
  }
}

extension RunDirectory {
  /// Refuses a run that no process of this computer trains.
  ///
  /// - Throws: `Failure` for wrong usage.
  fileprivate func requireTraining() throws {
    guard RunLock.owner(of: self) == nil else { return }
    let advice =
      switch (try? RunRecord(contentsOf: self))?.status {
      case .finished: "it has finished"
      case .diverged: "it has diverged; 'marbles train --resume' tries again from its last state"
      default: "'marbles train --resume' goes on with it"
      }
    throw Failure(.usage, "\(path): no process on this computer trains it now; \(advice)")
  }
}
