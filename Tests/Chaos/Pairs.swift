import Foundation

/// Two processes at the same run, folder or cache.
struct Pairs {
  private static let part = "two processes"

  var tool: Tool
  var run: Run
  var table: Table

  /// Tries all pairs.
  ///
  /// - Parameter operations: Those of the run; one process stops at some of them.
  func attempt(_ operations: [String], until end: ContinuousClock.Instant, short: Bool) throws {
    let first = operations.firstIndex { $0.hasPrefix("rename") && $0.hasSuffix("run.json") } ?? 0
    let places = Array(stride(from: first + 2, to: operations.count, by: short ? 80 : 12))
    table.plan(Self.part, places.count + 2)
    for place in places where ContinuousClock.now < end { try resumeWhileTraining(at: place) }
    try sameName()
    try sameCache()
  }

  /// A second process resumes a run while the first one trains it.
  private func resumeWhileTraining(at place: Int) throws {
    let folder = try run.makeFolder(), example = "the first stopped at operation \(place)"
    let first = try tool.start(
      run.arguments, in: folder,
      faults: ["CHAOS_ROOT": "\(folder)/runs", "CHAOS_ACT": "stop", "CHAOS_AT": "\(place)"])
    while first.isRunning, !isStopped(first.processIdentifier) { usleep(1000) }
    let isDone = !first.isRunning
    let second = try tool.run(Run.resume, in: folder)
    tool.judge(second, Self.part, table: table, example: example)
    if second.code == 0, !isDone {
      table.add(.lost, Self.part, "a run was resumed while it was trained", example: example)
    }
    kill(first.processIdentifier, SIGCONT)
    let ending = tool.wait(for: first)
    tool.judge(ending, Self.part, table: table, example: example)
    try end(folder, example, ending.code == 0 ? nil : ending.summary)
  }

  /// Two processes make a run of one name: one does, the other is refused.
  private func sameName() throws {
    let folder = try run.makeFolder(), example = "two runs of one name"
    let both = try (0..<2).map { _ in try tool.start(run.arguments, in: folder) }
    let endings = both.map(tool.wait)
    for ending in endings { tool.judge(ending, Self.part, table: table, example: example) }
    let winners = endings.filter { $0.code == 0 }.count
    try end(folder, example, winners == 1 ? nil : "\(winners) of two were not refused")
  }

  /// Two processes fill one cache, a third one reads it.
  private func sameCache() throws {
    let arguments = run.arguments + ["--cache", "disk"], example = "two runs with one cache"
    let folders = try (0..<3).map { _ in try run.makeFolder() }
    let both = try folders.prefix(2).map { try tool.start(arguments, in: $0) }
    let endings = both.map(tool.wait) + [try tool.run(arguments, in: folders[2])]
    for (ending, folder) in zip(endings, folders) {
      tool.judge(ending, Self.part, table: table, example: example)
      if let difference = run.difference(folder) {
        table.add(.lost, Self.part, difference, example: example)
      }
      try FileManager.default.removeItem(atPath: folder)
    }
    table.count(Self.part)
  }

  private func end(_ folder: String, _ example: String, _ problem: String?) throws {
    if let problem = problem ?? run.difference(folder) {
      table.add(.lost, Self.part, problem, example: example)
    }
    table.count(Self.part)
    try FileManager.default.removeItem(atPath: folder)
  }

  private func isStopped(_ process: Int32) -> Bool {
    let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    return text.split(separator: ")").last?.hasPrefix(" T") ?? false
  }
}
