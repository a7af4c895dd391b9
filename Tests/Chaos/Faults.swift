import Foundation
import Synchronization
import Tensors

/// Kills, errors of the disk, signals and power cuts at every file operation of a run.
struct FaultParts: Sendable {
  private struct Case {
    var part: String
    var faults: Tool.Faults
    var sent: Int32 = 0
    var closesOutput = false
  }

  var tool: Tool
  var run: Run
  var table: Table
  var seed: UInt64

  /// Trains the reference and lists its operations, as `kind /path`.
  func trainReference() throws -> [String] {
    let folder = "\(run.folder)/reference", log = "\(run.folder)/operations"
    try FileManager.default.createDirectory(
      atPath: "\(folder)/runs", withIntermediateDirectories: true)
    let ending = try tool.run(
      run.arguments, in: folder, faults: ["CHAOS_ROOT": "\(folder)/runs", "CHAOS_LOG": log])
    guard ending.code == 0 else {
      print("chaos: the run that is to be attacked fails: \(ending.errors)")
      exit(70)
    }
    return try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  /// Every way to stop a run at each of its operations.
  func stops(_ operations: [String], until end: ContinuousClock.Instant, short: Bool) throws {
    let plots = operations.filter { $0.contains("/plots/") }.count
    func cases(_ part: String, _ act: String, _ number: Int32, onlyPlots: Bool = false) -> [Case] {
      (1...max(1, onlyPlots ? plots : operations.count - plots)).map {
        Case(
          part: part,
          faults: [
            "CHAOS_ACT": act, "CHAOS_AT": "\($0)", "CHAOS_NUMBER": "\(number)",
            onlyPlots ? "CHAOS_ONLY" : "CHAOS_SKIP": "/plots/",
          ], sent: act == "kill" ? SIGKILL : act == "signal" ? number : 0)
      }
    }
    var generator = SeededGenerator(seed: seed, stream: 1)
    let signals = [SIGINT, SIGTERM, SIGHUP].flatMap { signal in
      cases("signal", "signal", signal).shuffled(using: &generator).prefix(10)
    }
    let pipe = Case(
      part: "signal", faults: ["CHAOS_LOG": "/dev/null"], sent: SIGPIPE, closesOutput: true)
    let errors =
      cases("error once", "once", ENOSPC) + cases("error from then on", "always", EIO)
      + cases("error once", "once", EIO, onlyPlots: true)
    // Kinds take turns, so that a shorter time leaves none out.
    var all = [pipe] + signals + errors + cases("kill", "kill", 0)
    all += cases("kill", "kill", 0, onlyPlots: true)
    all.shuffle(using: &generator)
    if short { all = Array(all.prefix(16)) }
    try inParallel(all, until: end) { item in
      let folder = try run.makeFolder()
      let example = item.faults.filter { $0.key != "CHAOS_LOG" }
        .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
      let process = try tool.start(
        run.arguments, in: folder,
        faults: item.faults.merging(["CHAOS_ROOT": "\(folder)/runs"]) { $1 },
        output: item.closesOutput ? Pipe() : nil)
      let ending = tool.wait(for: process)
      tool.judge(ending, item.part, sent: item.sent, table: table, example: example)
      try run.finish(folder, tool, item.part, table, example: example)
      try FileManager.default.removeItem(atPath: folder)
    }
  }

  /// A power cut before every fsync and after the end, each with three ideas of what the disk had.
  func cuts(_ operations: [String], until end: ContinuousClock.Instant, short: Bool) throws {
    let count = operations.filter { $0.hasPrefix("fsync") }.count
    var generator = SeededGenerator(seed: seed, stream: 2)
    var all = (0...count).flatMap { at in PowerCut.Disk.allCases.map { (at: at, disk: $0) } }
      .shuffled(using: &generator)
    if short { all = Array(all.prefix(6)) }
    let items = all.map { Case(part: "power cut \($1.rawValue)", faults: ["CHAOS_AT": "\($0)"]) }
    try inParallel(items, until: end) { item in
      let folder = try run.makeFolder(), shadow = "\(folder)/shadow"
      try FileManager.default.createDirectory(atPath: shadow, withIntermediateDirectories: true)
      let ending = try tool.run(
        run.arguments, in: folder,
        faults: item.faults.merging([
          "CHAOS_ACT": "cut", "CHAOS_ROOT": "\(folder)/runs", "CHAOS_SHADOW": shadow,
        ]) { $1 })
      let example = "fsync \(item.faults["CHAOS_AT"] ?? "")"
      tool.judge(ending, item.part, sent: SIGKILL, table: table, example: example)
      let after = try run.makeFolder()
      let disk = PowerCut.Disk.allCases.first { item.part.hasSuffix($0.rawValue) } ?? .strict
      try PowerCut(shadow: shadow, disk: disk)
        .rebuild("\(folder)/runs", as: "\(after)/runs")
      // What had once been saved must still be there.
      let wasSaved = FileManager.default.fileExists(
        atPath: "\(folder)/runs/x/checkpoints/last.state.safetensors")
      try run.finish(after, tool, item.part, table, mayBeGone: !wasSaved, example: example)
      try FileManager.default.removeItem(atPath: folder)
      try FileManager.default.removeItem(atPath: after)
    }
  }

  private func inParallel(
    _ items: [Case], until end: ContinuousClock.Instant,
    _ body: @Sendable (Case) throws -> Void
  ) throws {
    for item in items { table.plan(item.part, 1) }
    let problem = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: items.count) { index in
      guard ContinuousClock.now < end else { return }
      do {
        try body(items[index])
        table.count(items[index].part)
      } catch {
        problem.withLock { $0 = error }
      }
    }
    if let error = problem.withLock({ $0 }) { throw error }
  }
}
