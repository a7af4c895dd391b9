internal import Support

/// The snapshots of a run's network: its path over the loss surface.
///
/// Which steps have one follows from how far the run is, so a resumed run has the same.
public struct PathSnapshots: Sendable {
  /// Snapshots that are kept, besides that of the last step.
  public static let most = 64
  private let files: NumberedFiles

  /// Refers to the snapshots of a run, which may have none.
  public init(of run: RunDirectory) {
    files = NumberedFiles(folder: run.pathSnapshots, prefix: "step-", digits: 6)
  }

  /// Steps between the snapshots of a run that has taken so many: a power of two.
  package static func interval(atStep step: Int) -> Int {
    var interval = 1
    while step / interval >= most { interval *= 2 }
    return interval
  }

  /// Whether a step has a snapshot when it is taken.
  package static func isDue(atStep step: Int) -> Bool { step % interval(atStep: step) == 0 }

  /// The steps that have one, ascending.
  public var steps: [Int] { files.numbers }

  /// The file of a step.
  public func path(ofStep step: Int) -> String { files.path(of: step) }

  /// Writes a snapshot, and removes those that lie too close by then.
  func write(_ network: Checkpoint, atStep step: Int) throws(FileError) {
    try Folder.create(files.folder)
    try network.write(to: path(ofStep: step))
    let interval = Self.interval(atStep: step)
    try files.remove { $0 < step && $0 % interval != 0 }
  }

  /// Removes the snapshots after a step, which are taken again.
  func removeAll(afterStep step: Int) throws(FileError) { try files.remove { $0 > step } }
}
