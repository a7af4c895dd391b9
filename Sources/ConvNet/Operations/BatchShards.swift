internal import Tensors

/// The images of a batch in shards, whose sums are added in an order that depends on their number.
///
/// The shards depend on the number of images alone. Where processes share a batch, each has some
/// neighboring shards of it; a batch of fewer shards than processes is computed by all of them as
/// a whole.
struct BatchShards: Sendable {
  /// Shards of a batch at most, and so processes that can share one.
  static let limit = 8

  /// Images of the whole batch.
  let imageCount: Int
  /// The shards of this process.
  let own: Range<Int>
  /// Nil if this process has the whole batch.
  fileprivate let processes: (any ProcessGroup)?
  private let shards: Shards

  /// Divides a batch among the processes, if there are any others.
  init(of imageCount: Int, among processes: (any ProcessGroup)?) {
    self.imageCount = imageCount
    shards = Shards(of: imageCount, atMost: Self.limit)
    if let processes, processes.count <= shards.count {
      self.processes = processes
      let division = Shards(of: shards.count, atMost: processes.count)
      own = division[processes.rank]
    } else {
      self.processes = nil
      own = 0..<shards.count
    }
  }

  /// Shards of the whole batch.
  var count: Int { shards.count }

  /// The images of this process, as numbered in the whole batch.
  var images: Range<Int> {
    shards[own.lowerBound].lowerBound..<shards[own.upperBound - 1].upperBound
  }

  /// The whole batch, as if there were no other process.
  var whole: BatchShards { BatchShards(of: imageCount, among: nil) }

  /// Whether other processes have some of the images.
  var isShared: Bool { processes != nil }

  /// The part of a region of all images that has those of this process.
  ///
  /// - Parameter size: Values of an image.
  func images(of region: FloatRegion, each size: Int) -> FloatRegion {
    region[images.lowerBound * size..<images.upperBound * size]
  }

  /// The images of each shard.
  var byImage: RowShards { rows(perImage: 1, atMost: count) }

  /// The rows of all images in runs that do not cross the bounds of shards.
  ///
  /// - Parameter limit: Runs at most, not fewer than there are shards.
  func rows(perImage rowsPerImage: Int, atMost limit: Int) -> RowShards {
    let fewest = imageCount / count * rowsPerImage
    return RowShards(
      batch: self, rowsPerImage: rowsPerImage, runsPerShard: max(1, min(limit / count, fewest)))
  }

  /// Completes values of which each process has those of its images.
  ///
  /// - Parameter size: Values of an image.
  func gather(imagesOf region: FloatRegion, each size: Int) {
    share { $0.gather(region, ends: ends { shards[$0].upperBound * size }) }
  }

  /// The same for bytes.
  func gather(imagesOf region: ByteRegion, each size: Int) {
    share { $0.gather(region, ends: ends { shards[$0].upperBound * size }) }
  }

  /// Completes doubles of which each process has those of its shards.
  ///
  /// - Parameter size: Values of a shard.
  func gather(_ region: DoubleRegion, each size: Int) {
    share { $0.gather(region, ends: ends { ($0 + 1) * size }) }
  }

  /// Copies values of the first image, which the first process has, to all processes.
  func first(_ values: FloatRegion, into copy: FloatRegion) -> FloatRegion {
    guard let processes else { return values }
    if own.lowerBound == 0 { copy.copy(from: values) }
    processes.gather(copy, ends: Array(repeating: copy.count, count: processes.count))
    return copy
  }

  /// Divides tasks that need the whole batch among the processes, in neighboring runs; a process
  /// may have none.
  func tasks(_ taskCount: Int) -> Range<Int> {
    processes.map {
      taskCount * $0.rank / $0.count..<taskCount * ($0.rank + 1) / $0.count
    } ?? 0..<taskCount
  }

  /// Completes values of which each process has those of its tasks.
  func gather(_ region: FloatRegion, ofTasks taskCount: Int, each size: Int) {
    share { processes in
      processes.gather(
        region,
        ends: (1...processes.count).map { taskCount * $0 / processes.count * size })
    }
  }

  private func share(_ body: (any ProcessGroup) -> Void) {
    if let processes { body(processes) }
  }

  /// A place for each process, given its last shard.
  private func ends(_ place: (_ shard: Int) -> Int) -> [Int] {
    ofProcesses.map { place($0.upperBound - 1) }
  }

  /// The shards of each process, in the order of the ranks.
  fileprivate var ofProcesses: [Range<Int>] {
    Array(Shards(of: shards.count, atMost: processes?.count ?? 1))
  }

  fileprivate func images(of shard: Int) -> Range<Int> { shards[shard] }
}

/// Runs of the rows of a batch, each inside one shard.
///
/// Runs are numbered over the whole batch, rows from the first image of this process on.
struct RowShards: Sendable {
  fileprivate let batch: BatchShards
  fileprivate let rowsPerImage: Int, runsPerShard: Int

  /// Runs of the whole batch.
  var count: Int { batch.count * runsPerShard }

  /// The rows of the runs of this process.
  var ownRows: [Range<Int>] {
    (batch.own.lowerBound * runsPerShard..<batch.own.upperBound * runsPerShard).map(rows(ofRun:))
  }

  /// Runs `body` for every run of this process, shared among the workers.
  func forEach(
    _ workers: Workers,
    _ body: @Sendable (_ run: Int, _ rows: Range<Int>, _ worker: Int) -> Void
  ) {
    let first = batch.own.lowerBound * runsPerShard
    workers.run(batch.own.count * runsPerShard) { task, worker in
      body(first + task, rows(ofRun: first + task), worker)
    }
  }

  /// All runs.
  var all: Range<Int> { 0..<count }

  /// The processes that share the batch, if there are any others.
  var processes: (any ProcessGroup)? { batch.processes }

  /// The runs of each process, in the order of the ranks.
  var ofProcesses: [Range<Int>] {
    batch.ofProcesses.map { $0.lowerBound * runsPerShard..<$0.upperBound * runsPerShard }
  }

  /// Completes doubles of which each process has those of its runs.
  ///
  /// - Parameter size: Values of a run.
  func gather(_ region: DoubleRegion, each size: Int) {
    batch.gather(region, each: runsPerShard * size)
  }

  private func rows(ofRun run: Int) -> Range<Int> {
    let images = batch.images(of: run / runsPerShard)
    let start = (images.lowerBound - batch.images.lowerBound) * rowsPerImage
    let (count, part) = (images.count * rowsPerImage, run % runsPerShard)
    return start + count * part / runsPerShard..<start + count * (part + 1) / runsPerShard
  }
}
