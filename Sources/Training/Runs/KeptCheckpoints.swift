internal import Foundation
internal import Support

/// The checkpoints of the best epochs of a run, besides the best one and the last.
///
/// Which are kept follows from the rows of `metrics.csv` and from the files, so a resumed run keeps
/// the same. One that was removed before more were asked for does not come back.
struct KeptCheckpoints {
  private static let (prefix, suffix) = ("epoch-", ".safetensors")
  private let limit: Int?
  /// The epochs that are kept and their losses, the best first.
  private var kept: [(epoch: Int, loss: Double)] = []

  /// The list of a run that was never to keep any: files of such names are not its own.
  init() { limit = nil }

  /// The list of a run that has come so far.
  init(of run: RunDirectory, _ record: RunRecord, epochs: [EpochRecord]) {
    limit = record.configuration.keep
    let manager = FileManager.default
    for epoch in epochs where manager.fileExists(atPath: run.checkpoint(ofEpoch: epoch.epoch)) {
      _ = add(epoch)
    }
  }

  /// `epoch-012.safetensors`.
  static func name(ofEpoch epoch: Int) -> String {
    let digits = "\(epoch)"
    return prefix + String(repeating: "0", count: max(0, 3 - digits.count)) + digits + suffix
  }

  /// Adds an epoch.
  ///
  /// - Returns: Whether it is kept, for now; of equally good ones the earlier is better. Without
  ///   validation images, the latest are the best. The untrained network is not kept.
  mutating func add(_ epoch: EpochRecord) -> Bool {
    guard let limit, epoch.epoch > 0 else { return false }
    let loss = epoch.rank
    // A loss that is not a number is the worst.
    let place = kept.firstIndex { loss < $0.loss || $0.loss.isNaN && !loss.isNaN } ?? kept.count
    kept.insert((epoch.epoch, loss), at: place)
    kept = Array(kept.prefix(limit))
    return kept.contains { $0.epoch == epoch.epoch }
  }

  /// Removes the files of all other epochs.
  func removeOthers(of run: RunDirectory) throws(FileError) {
    guard limit != nil else { return }
    let names = Set(kept.map { Self.name(ofEpoch: $0.epoch) })
    let folder = AtomicFile.folder(of: run.lastCheckpoint)
    let found = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in found where Self.isOwn(name) && !names.contains(name) {
      guard unsafe unlink("\(folder)/\(name)") == 0 || errno == ENOENT else {
        throw .lastSystemCall("\(folder)/\(name)")
      }
    }
  }

  /// Whether a file is one of these.
  private static func isOwn(_ name: String) -> Bool {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix),
      let epoch = Int(name.dropFirst(prefix.count).dropLast(suffix.count))
    else { return false }
    return name == self.name(ofEpoch: epoch)
  }
}

extension EpochRecord {
  /// What the best epoch has the lowest of: the validation loss; without one, the latest is best.
  var rank: Double { validationLoss ?? -Double(epoch) }
}
