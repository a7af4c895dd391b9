internal import Foundation
internal import Support

/// The snapshots of a run's network: its path over the loss surface.
///
/// Which steps have one follows from how far the run is, so a resumed run has the same.
public struct PathSnapshots: Sendable {
  /// Snapshots that are kept, besides that of the last step.
  public static let most = 64
  private static let (prefix, suffix) = ("step-", ".safetensors")
  private let folder: String

  /// Refers to the snapshots of a run, which may have none.
  public init(of run: RunDirectory) { folder = run.pathSnapshots }

  /// Steps between the snapshots of a run that has taken so many: a power of two.
  package static func interval(atStep step: Int) -> Int {
    var interval = 1
    while step / interval >= most { interval *= 2 }
    return interval
  }

  /// Whether a step has a snapshot when it is taken.
  package static func isDue(atStep step: Int) -> Bool { step % interval(atStep: step) == 0 }

  /// The steps that have one, ascending.
  public var steps: [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix),
        let step = Int(name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)),
        path(ofStep: step) == "\(folder)/\(name)"
      else { return nil }
      return step
    }.sorted()
  }

  /// The file of a step.
  public func path(ofStep step: Int) -> String {
    let digits = "\(step)"
    return "\(folder)/\(Self.prefix)"
      + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + Self.suffix
  }

  /// Writes a snapshot, and removes those that lie too close by then.
  func write(_ network: Checkpoint, atStep step: Int) throws(FileError) {
    try Folder.create(folder)
    try network.write(to: path(ofStep: step))
    let interval = Self.interval(atStep: step)
    try remove { $0 < step && $0 % interval != 0 }
  }

  /// Removes the snapshots after a step, which are taken again.
  func removeAll(afterStep step: Int) throws(FileError) { try remove { $0 > step } }

  private func remove(where isUnwanted: (Int) -> Bool) throws(FileError) {
    for file in steps.filter(isUnwanted).map(path) {
      guard unsafe unlink(file) == 0 || errno == ENOENT else { throw .lastSystemCall(file) }
    }
  }
}
