import Foundation

/// The built tool as a child process, with faults or without.
struct Tool: Sendable {
  /// How a process ended.
  struct Ending {
    /// The exit code; nil after a signal.
    var code: Int32?
    /// The signal that ended it; 0 if none did.
    var signal: Int32 = 0
    var isHang = false
    var errors = ""

    /// The lines that say what went wrong.
    var complaints: [Substring] {
      errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    }

    /// In a few words, without what differs from case to case.
    var summary: String {
      let reason = complaints.first ?? errors.split(separator: "\n").last ?? ""
      return (code.map { "exit \($0)" } ?? "signal \(signal)")
        + " \(reason.replacing(/[0-9a-f-]{36}|[0-9]+/, with: "#").suffix(150))"
    }
  }

  /// What is done to a process: the environment of Tools/chaos/faults.c.
  typealias Faults = [String: String]

  private static let interruptions: Set<Int32> = [129, 130, 141, 143]
  private static let codes: Set<Int32> = interruptions.union([0, 1, 2, 64, 65, 66, 73])

  var path: String
  /// The compiled faults.
  var library: String
  /// Where caches go.
  var cache: String
  /// Beyond it a process hangs.
  var limit = Duration.seconds(60)

  /// Starts the tool in a folder.
  func start(
    _ arguments: [String], in folder: String, faults: Faults = [:], output: Pipe? = nil
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["XDG_CACHE_HOME": cache, "HOME": folder, "SWIFT_BACKTRACE": "enable=no"]
        .merging(faults.isEmpty ? [:] : ["LD_PRELOAD": library]) { $1 }
        .merging(faults) { $1 }
    ) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice as Any
    let errors = "\(folder)/.errors-\(UUID().uuidString)"
    try Data().write(to: URL(filePath: errors))
    process.standardError = try FileHandle(forUpdating: URL(filePath: errors))
    try process.run()
    try? output?.fileHandleForReading.close()
    // The open file stays readable.
    try FileManager.default.removeItem(atPath: errors)
    return process
  }

  /// Waits for the end; a process that takes too long is killed.
  func wait(for process: Process) -> Ending {
    let clock = ContinuousClock()
    let end = clock.now + limit
    var ending = Ending()
    while process.isRunning {
      if clock.now > end {
        ending.isHang = true
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      usleep(1000)
    }
    if process.terminationReason == .exit {
      ending.code = process.terminationStatus
    } else {
      ending.signal = process.terminationStatus
    }
    if let file = process.standardError as? FileHandle {
      try? file.seek(toOffset: 0)
      let data = (try? file.readToEnd()) ?? nil
      ending.errors = String(decoding: data ?? Data(), as: UTF8.self)
      try? file.close()
    }
    return ending
  }

  /// Runs the tool to its end.
  func run(_ arguments: [String], in folder: String, faults: Faults = [:]) throws -> Ending {
    wait(for: try start(arguments, in: folder, faults: faults))
  }

  /// Counts what an ending has of harm.
  ///
  /// - Parameter sent: The signal it was sent, which may end it.
  func judge(_ ending: Ending, _ part: String, sent: Int32 = 0, table: Table, example: String) {
    if ending.isHang {
      table.add(.hang, part, "no end in \(limit)", example: example)
    } else if let code = ending.code {
      let needsReason = code != 0 && !Self.interruptions.contains(code)
      let isClear = Self.codes.contains(code) && (!needsReason || ending.complaints.count == 1)
      if !isClear { table.add(.unclear, part, ending.summary, example: example) }
    } else if ending.signal != sent {
      table.add(.signal, part, ending.summary, example: example)
    }
  }
}
