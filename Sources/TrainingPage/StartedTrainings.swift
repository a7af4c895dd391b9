internal import Foundation
internal import LocalServer
internal import Support
internal import Synchronization

/// Trainings that the page started: the same program, given the words of a command line.
///
/// There is no shell, and nothing on standard input. They end with the server, saved.
final class StartedTrainings: Sendable {
  /// Trainings at the same time, and ended ones whose messages are kept.
  static let mostAtOnce = 2, mostKept = 8
  /// Bytes of messages that are kept, from the end.
  private static let mostText = 16 << 10

  /// One of them.
  struct Training: Encodable {
    var number: Int
    var arguments: [String]
    /// What a shell takes to start the same.
    var command: String
    var process: Int32
    var isRunning = true
    /// How it ended; nil while it runs.
    var code: Int32?
    /// What it has written to standard error.
    var messages = ""
  }

  private struct State {
    var all: [Training] = []
    var next = 1
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let program: URL
  /// Called on any thread when one has ended or said something.
  private let changed: @Sendable () -> Void

  init(program: String, changed: @escaping @Sendable () -> Void) {
    self.program = URL(filePath: program)
    self.changed = changed
  }

  /// Those that run, and the last ones that ended.
  var all: [Training] { state.withLock(\.all) }

  /// Starts a training.
  ///
  /// - Parameter arguments: What follows the program's name.
  /// - Returns: Its number.
  /// - Throws: `FieldError` if too many run, or the program cannot be started.
  func start(_ arguments: [String]) throws(FieldError) -> Int {
    let result = state.withLock { state in
      Result { () throws(FieldError) in try start(arguments, &state) }
    }
    changed()
    return try result.get()
  }

  private func start(
    _ arguments: [String], _ state: inout State
  ) throws(FieldError) -> Int {
    guard !state.hasEnded else {
      throw FieldError(field: "arguments", message: "the server is ending")
    }
    guard state.all.count(where: \.isRunning) < Self.mostAtOnce else {
      throw FieldError(
        field: "arguments",
        message: "\(Self.mostAtOnce) trainings run already; stop one, or wait for its end")
    }
    let number = state.next
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    errors.fileHandleForReading.readabilityHandler = { [weak self] handle in
      let data = handle.availableData
      if data.isEmpty { handle.readabilityHandler = nil }
      self?.add(String(decoding: data, as: UTF8.self), to: number)
    }
    process.terminationHandler = { [weak self] process in
      let isExit = process.terminationReason == .exit
      self?.end(number, isExit ? process.terminationStatus : 128 + process.terminationStatus)
    }
    do {
      try process.run()
    } catch {
      errors.fileHandleForReading.readabilityHandler = nil
      throw FieldError(
        field: "arguments",
        message: "\(program.path()) could not be started: \(error.localizedDescription)")
    }
    state.next += 1
    state.all.append(
      Training(
        number: number, arguments: arguments, command: Self.command(arguments),
        process: process.processIdentifier))
    while state.all.count > Self.mostKept,
      let ended = state.all.firstIndex(where: { !$0.isRunning })
    {
      state.all.remove(at: ended)
    }
    return number
  }

  /// The words of a command line as a shell takes them.
  static func command(_ arguments: [String]) -> String {
    (["marbles"] + arguments).map(\.shellWord).joined(separator: " ")
  }

  /// Asks a training to save and stop.
  ///
  /// - Returns: Whether it runs.
  func stop(_ number: Int) -> Bool {
    state.withLock { state in
      let found = state.all.first { $0.number == number && $0.isRunning }
      if let found { kill(found.process, SIGINT) }
      return found != nil
    }
  }

  /// Asks all to save and stop, lets none begin, and waits for their ends.
  ///
  /// - Parameters:
  ///   - patience: When who is waited for is said, and when it is ended by force.
  ///   - note: Given a line for a person.
  func end(_ patience: (note: Duration, end: Duration), note: (String) -> Void) {
    send(SIGINT)
    let start = ContinuousClock.now
    var (isSaid, isForced) = (false, false)
    while true {
      let left = state.withLock { $0.all.filter(\.isRunning) }
      guard !left.isEmpty else { return }
      let names = left.map { "training \($0.number) (process \($0.process))" }
        .joined(separator: " and ")
      let waited = ContinuousClock.now - start
      if !isSaid, waited >= patience.note {
        isSaid = true
        note(
          "waiting for \(names) to save and stop; ended by force after "
            + "\(patience.end.components.seconds) s")
      }
      if !isForced, waited >= patience.end {
        isForced = true
        note("\(names) did not stop and is ended; --resume goes on from what was last saved")
        send(SIGKILL)
      }
      usleep(20_000)
    }
  }

  private func send(_ signal: Int32) {
    state.withLock { state in
      state.hasEnded = true
      for training in state.all where training.isRunning { kill(training.process, signal) }
    }
  }

  private func add(_ text: String, to number: Int) {
    guard !text.isEmpty else { return }
    change(number) { $0.messages = String(($0.messages + text).suffix(Self.mostText)) }
  }

  private func end(_ number: Int, _ code: Int32) {
    change(number) { ($0.isRunning, $0.code) = (false, code) }
  }

  private func change(_ number: Int, _ body: (inout Training) -> Void) {
    state.withLock { state in
      guard let index = state.all.firstIndex(where: { $0.number == number }) else { return }
      body(&state.all[index])
    }
    changed()
  }
}
