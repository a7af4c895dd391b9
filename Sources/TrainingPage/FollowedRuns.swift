internal import Foundation
internal import Training

/// The runs of a folder that were asked for, read as they grow.
struct FollowedRuns: Sendable {
  /// Runs whose values are held; of more, those asked for last.
  static let most = 24

  private let folder: RunFolder
  private var runs: [String: (run: FollowedRun, version: Int)] = [:]
  /// The names of `runs`, the last one asked for at the end.
  private var order: [String] = []
  private var lastVersion = 0
  /// Records of the list, read again only when their files change.
  private var records: [String: (stamp: FileStamp, record: RunRecord?)] = [:]

  init(_ folder: RunFolder) { self.folder = folder }

  /// A run as its files are now, with a number that changes whenever they do.
  ///
  /// - Returns: Nil if there is none of this name, or its record cannot be read.
  mutating func current(_ name: String) -> (run: FollowedRun, version: Int)? {
    guard let directory = folder.run(named: name) else {
      runs[name] = nil
      order.removeAll { $0 == name }
      return nil
    }
    let known = runs[name]
    guard var run = known?.run ?? (try? FollowedRun(directory)) else { return nil }
    let hasChanged = run.update()
    var version = known?.version ?? 0
    if hasChanged || known == nil {
      lastVersion += 1
      version = lastVersion
    }
    runs[name] = (run, version)
    order.removeAll { $0 == name }
    order.append(name)
    if order.count > Self.most { runs[order.removeFirst()] = nil }
    return runs[name]
  }

  /// The list of runs, the latest begun first.
  mutating func summaries(_ trainings: [StartedTrainings.Training]) -> [RunSummary] {
    let listed = folder.runs
    let names = Set(listed.map(\.name))
    records = records.filter { names.contains($0.key) }
    return listed.compactMap { run -> RunSummary? in
      guard let record = record(of: run) else { return nil }
      let owner = RunLock.owner(of: run)
      let training = trainings.first { $0.isRunning && $0.process == owner }
      return RunSummary(
        run.name, record, isTraining: owner != nil,
        isPauseWanted: owner != nil && RunRequests(of: run).isPauseWanted,
        training: training?.number)
    }.sorted { ($0.started, $0.name) > ($1.started, $1.name) }
  }

  private mutating func record(of run: RunDirectory) -> RunRecord? {
    guard let stamp = FileStamp(run.record) else { return nil }
    if let known = records[run.name], known.stamp == stamp { return known.record }
    let record = try? RunRecord(contentsOf: run)
    records[run.name] = (stamp, record)
    return record
  }
}
