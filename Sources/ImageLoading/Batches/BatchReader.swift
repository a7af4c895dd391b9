internal import Dispatch
internal import Synchronization

/// Returns batches of a dataset one after another, and reads the next ones in the background.
///
/// Images in memory are returned at once. Others are read on a separate thread, at most
/// `batchesAhead` batches in advance, which bounds the memory.
public struct BatchReader {
  /// Batches that are read in advance.
  public static let batchesAhead = 3

  private let data: LoadedDataset
  private var waiting: ArraySlice<[Int]>
  private var pending: [PendingBatch] = []
  private let queue = DispatchQueue(label: "batches")

  /// Creates a reader and starts reading.
  ///
  /// - Parameter batches: Indices of images, batch by batch.
  public init(_ data: LoadedDataset, batches: [[Int]]) {
    self.data = data
    waiting = batches[...]
    guard data.files != nil else { return }
    for _ in 0..<Self.batchesAhead { readAhead() }
  }

  /// Returns the next batch.
  ///
  /// - Throws: `DatasetError.changed` when a file has changed since it was loaded.
  /// - Precondition: A batch is left.
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
    guard let read = outcome.withLock({ $0 }) else {
      preconditionFailure("a batch was signaled before it was read")
    }
    return try read.get()
  }
}

extension Array {
  /// The elements in runs of `size`, of which the last may be shorter.
  package func batches(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
