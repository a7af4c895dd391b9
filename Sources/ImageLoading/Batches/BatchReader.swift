internal import Dispatch
internal import Synchronization

/// Gives batches of a dataset one after the other, and reads the next ones meanwhile.
///
/// Kept images are given at once. Others are read on a thread of their own, a few batches before
/// they are asked for; how many bounds the memory.
public struct BatchReader {
  /// Batches that are read before they are asked for.
  public static let batchesAhead = 3

  private let data: LoadedDataset
  private var waiting: ArraySlice<[Int]>
  private var pending: [PendingBatch] = []
  private let queue = DispatchQueue(label: "batches")

  /// Begins to read.
  ///
  /// - Parameter batches: Indices of images, batch by batch.
  public init(_ data: LoadedDataset, batches: [[Int]]) {
    self.data = data
    waiting = batches[...]
    guard data.files != nil else { return }
    for _ in 0..<Self.batchesAhead { readAhead() }
  }

  /// The next batch.
  ///
  /// - Throws: `DatasetError.changed` when a file is not what it was.
  /// - Precondition: There is one.
  public mutating func next() throws(DatasetError) -> ImageBatch {
    guard !pending.isEmpty else { return try data.images(at: waiting.removeFirst()) }
    let batch = pending.removeFirst()
    readAhead()
    return try batch.wait()
  }

  private mutating func readAhead() {
    guard let indices = waiting.popFirst() else { return }
    let batch = PendingBatch()
    pending.append(batch)
    queue.async { [data] in batch.read(indices, of: data) }
  }
}

/// A batch that is being read.
private final class PendingBatch: Sendable {
  private let done = DispatchSemaphore(value: 0)
  private let outcome = Mutex<Result<ImageBatch, DatasetError>?>(nil)

  func read(_ indices: [Int], of data: LoadedDataset) {
    let read = Result { () throws(DatasetError) in try data.images(at: indices) }
    outcome.withLock { $0 = read }
    done.signal()
  }

  func wait() throws(DatasetError) -> ImageBatch {
    done.wait()
    guard let read = outcome.withLock({ $0 }) else { preconditionFailure("signalled unread") }
    return try read.get()
  }
}

extension Array where Element == Int {
  /// Runs of `size`, the last one perhaps shorter.
  public func batches(of size: Int) -> [[Int]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
