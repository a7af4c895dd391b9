internal import Foundation
internal import Support

/// The checkpoints of the best epochs of a run, besides the best one and the last.
///
/// Which are kept follows from the rows of `metrics.csv` and from the files, so a resumed run keeps
/// the same. One that was removed before more were asked for does not come back.
struct KeptCheckpoints {
  private let limit: Int?
  /// Whether the latest are the best.
  private let keepsLast: Bool
  /// The epochs that are kept and their losses, the best first.
  private var kept: [(epoch: Int, loss: Double)] = []

  /// The list of a run that was never to keep any: files of such names are not its own.
  init() { (limit, keepsLast) = (nil, false) }

  /// The list of a run that has come so far.
  init(of run: RunDirectory, _ record: RunRecord, epochs: [EpochRecord]) {
    limit = record.configuration.keep
    keepsLast = record.configuration.keepsLast
    let manager = FileManager.default
    for epoch in epochs where manager.fileExists(atPath: run.checkpoint(ofEpoch: epoch.epoch)) {
      _ = add(epoch)
    }
  }

  /// Adds an epoch.
  ///
  /// - Returns: Whether it is kept, for now; of equally good ones the earlier is better. Without
  ///   validation images, and in a budgeted run, the latest are the best. The untrained network is
  ///   not kept.
  mutating func add(_ epoch: EpochRecord) -> Bool {
    guard let limit, epoch.epoch > 0 else { return false }
    let loss = keepsLast ? -Double(epoch.epoch) : epoch.rank
    // A loss that is not a number is the worst.
    let place = kept.firstIndex { loss < $0.loss || $0.loss.isNaN && !loss.isNaN } ?? kept.count
    kept.insert((epoch.epoch, loss), at: place)
    kept = Array(kept.prefix(limit))
    return kept.contains { $0.epoch == epoch.epoch }
  }

  /// Removes the files of all other epochs.
  func removeOthers(of run: RunDirectory) throws(FileError) {
    guard limit != nil else { return }
    let epochs = Set(kept.map(\.epoch))
    try run.keptCheckpoints.remove { !epochs.contains($0) }
  }
}

extension EpochRecord {
  /// What the best epoch has the lowest of: the validation loss; without one, the latest is best.
  var rank: Double { validationLoss ?? -Double(epoch) }
}
