public import Foundation
public import Support

/// Where a run keeps its files.
public struct RunDirectory: Codable, Hashable, Sendable {
  /// The directory itself.
  public let path: String

  /// Refers to an existing run.
  public init(path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// The last part of the path: the run's name.
  public var name: String {
    URL(filePath: path).resolvingSymlinksInPath().lastPathComponent
  }

  /// The resolved configuration and the result.
  public var record: String { "\(path)/run.json" }
  /// The part of each image.
  public var split: String { "\(path)/split.json" }
  /// Skipped, repaired and duplicate images.
  public var dataReport: String { "\(path)/data-report.json" }
  /// One row per epoch.
  public var metrics: String { "\(path)/metrics.csv" }
  /// One row per step.
  public var steps: String { "\(path)/steps.csv" }
  /// One row for each array of weights in some of the steps.
  public var layers: String { "\(path)/layers.csv" }
  /// The place of a budgeted run at every reading of the clock.
  public var clock: String { "\(path)/clock.csv" }
  /// Events with their times, one JSON object per line.
  public var events: String { "\(path)/events.jsonl" }
  /// The network with the lowest validation loss, or the last one of a budgeted run.
  public var bestCheckpoint: String { "\(path)/checkpoints/best.safetensors" }
  /// The network as last saved.
  public var lastCheckpoint: String { "\(path)/checkpoints/last.safetensors" }
  /// The state from which a run is resumed.
  public var state: String { "\(path)/checkpoints/last.state.safetensors" }
  /// The state to which a run goes back when it diverges, if it is to.
  public var returnState: String { "\(path)/checkpoints/return.state.safetensors" }
  /// The network of an epoch that is kept; see `KeptCheckpoints`.
  public func checkpoint(ofEpoch epoch: Int) -> String { keptCheckpoints.path(of: epoch) }
  /// Those networks.
  var keptCheckpoints: NumberedFiles {
    NumberedFiles(folder: "\(path)/checkpoints", prefix: "epoch-", digits: 3)
  }
  /// The images for validation with the highest loss; see `WorstImages`.
  public var worstImages: String { "\(path)/worst-images.json" }
  /// What is asked of a run while it trains; see `RunRequests`.
  var rateRequest: String { "\(path)/learning-rate.request" }
  /// The same while it is carried out.
  var takenRequest: String { "\(path)/learning-rate.taken" }
  /// As long as it is there, the run pauses.
  var pauseRequest: String { "\(path)/pause.request" }
  /// Snapshots of the network over the run; see `PathSnapshots`.
  public var pathSnapshots: String { "\(path)/path" }
  /// Held by the process that writes into the run; see `RunLock`.
  public var lock: String { "\(path)/lock" }
  /// The files that hold the run; figures can be drawn again.
  package var files: [String] {
    [
      record, split, dataReport, metrics, steps, layers, clock, events, bestCheckpoint,
      lastCheckpoint, state, returnState, worstImages,
    ]
  }
  /// What the best network is worth on the run's test images, with figures.
  public var evaluation: String { "\(path)/evaluation" }
  /// All of this on one page; see `marbles report`.
  public var report: String { "\(path)/report.html" }
  /// The figures.
  public var plots: String { "\(path)/plots" }

  /// Refuses links in the place of the run's folders: what is written into them would land
  /// elsewhere.
  ///
  /// - Throws: `FileError` naming the link.
  public func requireOwnFolders() throws(FileError) {
    for folder in Self.parts.map({ "\(path)/\($0)" }) + [pathSnapshots] {
      var status = stat()
      guard unsafe lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { continue }
      throw FileError(path: folder, reason: "a link in the place of a folder of the run")
    }
  }

  /// Creates the directory of a new run in `folder`.
  ///
  /// The name is the time, the model, the optimizer and four random letters, or `name` if given.
  /// Nothing is ever overwritten.
  ///
  /// - Throws: `FileError` if it cannot be created, or a run of that name exists.
  public static func create(
    in folder: String, name: String? = nil, model: String, optimizer: String, now: Date = Date()
  ) throws(FileError) -> RunDirectory {
    let letters = String(
      (0..<4).map { _ in "abcdefghijkmnpqrstuvwxyz23456789".randomElement() ?? "x" })
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "yyyy-MM-dd_HH-mm-ss"
    let name = name ?? "\(format.string(from: now))_\(model)_\(optimizer)_\(letters)"
    let run = RunDirectory(path: "\(folder)/\(name)")
    try Folder.create(folder)
    // Creates no intermediate directories, so it fails if the name is taken.
    guard unsafe mkdir(run.path, 0o755) == 0 else { throw FileError.lastSystemCall(run.path) }
    for part in parts {
      guard unsafe mkdir("\(run.path)/\(part)", 0o755) == 0 else {
        let error = FileError.lastSystemCall("\(run.path)/\(part)")
        run.removeUnlessBegun()
        throw error
      }
    }
    // The run's own entry in the folder must survive a power cut, too.
    AtomicFile.synchronizeFolder(of: run.path)
    return run
  }

  private static let parts = ["checkpoints", "plots"]

  /// Removes the directory of a run that could not begin, and all that was made for it.
  func removeUnlessBegun() {
    guard !FileManager.default.fileExists(atPath: record) else { return }
    AtomicFile.removeAbandoned(in: path) { _ in true }
    for file in [split, dataReport, lock] { unsafe unlink(file) }
    for folder in Self.parts.map({ "\(path)/\($0)" }) + [path] { unsafe rmdir(folder) }
  }

  /// Removes what a run that has ended needs only to be trained further; its best network stays.
  func removeStates() throws(FileError) {
    for file in [state, returnState, lastCheckpoint] {
      guard unsafe unlink(file) == 0 || errno == ENOENT else { throw .lastSystemCall(file) }
    }
  }

  /// Points `latest` at this run.
  ///
  /// Only a convenience: where links are not supported, or `latest` is something else, there is
  /// none.
  package func makeLatest() {
    let folder = AtomicFile.folder(of: path)
    let latest = "\(folder)/latest"
    var status = stat()
    // A file or folder of this name is the user's, and so is a link that leads elsewhere.
    if unsafe lstat(latest, &status) == 0 {
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: latest)
      guard let target, !target.contains("/") else { return }
      let other = RunDirectory(path: "\(folder)/\(target)")
      let isOther = unsafe lstat(other.path, &status) == 0
      if isOther, unsafe lstat(other.record, &status) != 0 { return }
    }
    let temporary = "\(folder)/.latest.\(UInt64.random(in: 1 << 60 ... .max))"
    guard unsafe symlink(name, temporary) == 0 else { return }
    if unsafe rename(temporary, latest) != 0 { unsafe unlink(temporary) }
  }
}
