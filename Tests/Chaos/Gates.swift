import Foundation
import TestSupport

/// Spoiled inputs at every gate, in processes of their own.
struct Gates: Sendable {
  /// Bytes of memory for each byte of input.
  private static let memoryPerByte = 64
  /// Ends by a signal whose place in the sources is looked up, for each gate.
  private static let traced = 5

  var run: Run
  var table: Table
  var seed: UInt64

  /// Reads `count` inputs, spread over all gates.
  func attempt(_ count: Int, until end: ContinuousClock.Instant) {
    let start = ContinuousClock.now, shares = Array(Gate.shares)
    // Each has an end of its own, so that a slow gate does not take the time of all others.
    let gates = shares.indices.map { index in
      let part = shares[...index].reduce(0) { $0 + $1.value }
      return (
        name: shares[index].key, count: count * shares[index].value / 100,
        end: start + (end - start) * part / 100
      )
    }
    for gate in gates { table.plan(part(gate.name), gate.count) }
    DispatchQueue.concurrentPerform(iterations: gates.count) { index in
      let gate = gates[index]
      do {
        try attempt(gate.name, gate.count, until: gate.end)
      } catch {
        table.add(.unclear, part(gate.name), "cannot be tried: \(error)", example: "")
      }
    }
  }

  private func part(_ gate: String) -> String { "gate \(gate)" }

  private func attempt(
    _ gate: String, _ count: Int, until end: ContinuousClock.Instant
  ) throws {
    let folder = "\(run.folder)/gate-\(gate)", kept = "\(run.folder)/kept"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: "\(run.folder)/reference/runs/x", toPath: "\(folder)/run")
    let pristine = "\(folder)/pristine"
    try FileManager.default.copyItem(atPath: "\(folder)/run", toPath: pristine)
    var next = 0, traces = 0
    while next < count, ContinuousClock.now < end {
      // The process before may have left a spoiled input.
      try FileManager.default.removeItem(atPath: "\(folder)/run")
      try FileManager.default.copyItem(atPath: pristine, toPath: "\(folder)/run")
      let seconds = max(1, Int((end - .now).components.seconds))
      let ending = try read(gate, next, count, seconds, folder)
      let last = ending.last ?? next
      table.count(part(gate), ending.signal == 0 ? ending.done : last - next + 1)
      for harm in ending.harm { table.add(harm, part(gate), "over the limit", example: folder) }
      guard ending.signal != 0 else { return }
      let copy = "\(kept)/\(gate)-\(last)"
      try? FileManager.default.removeItem(atPath: copy)
      try FileManager.default.copyItem(atPath: "\(folder)/fuzz-current", toPath: copy)
      var place = ending.reason
      if place.isEmpty, traces < Self.traced, ContinuousClock.now < end {
        traces += 1
        try FileManager.default.removeItem(atPath: "\(folder)/run")
        try FileManager.default.copyItem(atPath: pristine, toPath: "\(folder)/run")
        place = try read(gate, last, last + 1, 30, folder, traces: true).reason
      }
      table.add(
        ending.signal == SIGALRM ? .hang : .signal, part(gate), "signal \(ending.signal) \(place)",
        example: copy)
      next = last + 1
    }
  }

  private struct Ending {
    var signal: Int32 = 0, done = 0
    var last: Int?
    var harm: [Harm] = []
    var reason = ""
  }

  /// Reads inputs in a process, until one ends it.
  private func read(
    _ gate: String, _ first: Int, _ end: Int, _ seconds: Int, _ folder: String,
    traces: Bool = false
  ) throws -> Ending {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [
      "gate", gate, "\(first)", "\(end)", "\(seed)", folder, run.data, "\(seconds)",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging([
      "SWIFT_BACKTRACE": traces
        ? "enable=yes,interactive=no,color=no,threads=crashed,images=none,registers=none"
        : "enable=no"
    ]) { $1 }
    let output = "\(folder)/output", errors = "\(folder)/errors"
    for (name, stream) in [(output, \Process.standardOutput), (errors, \.standardError)] {
      try Data().write(to: URL(filePath: name))
      process[keyPath: stream] = try FileHandle(forWritingTo: URL(filePath: name))
    }
    try process.run()
    process.waitUntilExit()
    var ending = Ending()
    for line in try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n") {
      if line.hasPrefix("case ") {
        ending.done += 1
        ending.last = Int(line.dropFirst(5))
      } else if line.hasPrefix("verdict ") {
        ending.harm.append(line.hasSuffix("slow") ? .hang : .memory)
      }
    }
    if process.terminationReason == .uncaughtSignal {
      ending.signal = process.terminationStatus
    } else if process.terminationStatus != 0 {
      // A sanitizer ends the process itself.
      ending.signal = SIGABRT
    }
    let text = String(
      decoding: (try? Data(contentsOf: URL(filePath: errors))) ?? Data(), as: UTF8.self)
    let lines = (text + ((try? String(contentsOfFile: output, encoding: .utf8)) ?? ""))
      .split(separator: "\n")
    let place = lines.first { $0.contains(" at ") && $0.contains("/Sources/") }
      .map { $0.replacing(/.*\/Sources\//, with: "") }
    let reason = lines.first { $0.contains("Fatal error") || $0.contains("Sanitizer: ") }
      .map { $0.replacing(/0x[0-9a-f]+|==[0-9]+==/, with: "").prefix(120) }
    ending.reason = [reason.map(String.init), place.map { String($0) }].compactMap(\.self)
      .joined(separator: " ")
    return ending
  }

  /// What such a process does.
  static func read(
    _ name: String, from first: Int, to end: Int, seed: UInt64, folder: String, images: String,
    seconds: Int
  ) throws {
    var limit = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
    // Sanitizers reserve more; they have a limit of their own.
    if ProcessInfo.processInfo.environment["ASAN_OPTIONS"] == nil {
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    }
    let gate = try Gate(name, folder: folder, images: images)
    var watch = Watch(folder: folder, timeLimit: .seconds(5))
    let clock = ContinuousClock(), start = clock.now
    for number in first..<end where clock.now - start < .seconds(seconds) {
      say("case \(number)\n")
      let original = gate.originals[number % gate.originals.count]
      var bytes = Mutation.bytes(of: original, seed: seed, number: number, tokens: gate.tokens)
      if number / gate.originals.count % 4 != 0 { bytes = gate.repair(original, bytes) }
      if let place = gate.place { try Data(bytes).write(to: URL(filePath: place)) }
      let verdict = try watch.run(
        bytes, bound: gate.memory + memoryPerByte * bytes.count, name: "\(name) \(number)"
      ) {
        (try? gate.read(bytes)) != nil
      }
      if verdict != .fine { say("verdict \(verdict.rawValue)\n") }
    }
  }

  /// Prints at once, so that it is there when the process ends by a signal.
  private static func say(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
  }
}
