internal import Foundation
internal import LocalServer
internal import Support
internal import Synchronization
internal import Training

/// Tells pages which runs have changed, by looking at the sizes and times of their files.
final class RunWatcher: Sendable {
  /// Names the runs whose files have changed.
  let events = EventStream()

  private let folder: RunFolder
  /// What was seen last; nil while nobody listens.
  private let seen = Mutex<[String: [FileStamp?]]?>(nil)
  private static let interval = 0.5

  init(_ folder: RunFolder) { self.folder = folder }

  /// Begins to look, on a thread of its own that ends with the watcher.
  func start() {
    Thread.detachNewThread { [weak self] in
      while true {
        guard let watcher = self else { return }
        watcher.look()
        Thread.sleep(forTimeInterval: Self.interval)
      }
    }
  }

  /// Looks once, and says what has changed since the last time, to who listens.
  func look() {
    guard events.clientCount > 0 else { return seen.withLock { $0 = nil } }
    let names = changedNames()
    if !names.isEmpty { tell(names) }
  }

  /// Says that runs have changed, or, without names, that the list has.
  func tell(_ names: [String]) { events.send("changed", data: jsonText(names)) }

  /// The runs that are new, gone, or have other files than before.
  func changedNames() -> [String] {
    let now = Dictionary(
      folder.runs.map { run in
        (
          run.name,
          [run.record, run.metrics, run.steps, run.layers, run.worstImages, run.lock]
            .map(FileStamp.init)
        )
      }, uniquingKeysWith: { first, _ in first })
    let before = seen.withLock { seen in
      defer { seen = now }
      return seen
    }
    guard let before else { return [] }
    return Set(now.keys).union(before.keys).filter { now[$0] != before[$0] }.sorted()
  }
}
