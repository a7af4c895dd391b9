internal import Tensors

/// Memory for a sum of each run of a batch.
struct ShardSums: Sendable {
  /// Smaller sums are gathered whole, by one call instead of two.
  fileprivate static let exchanged = 4096

  private let size: Int
  private let sums: WorkspacePiece<Float>, received: WorkspacePiece<Float>

  /// - Parameters:
  ///   - size: Values of a sum.
  ///   - limit: Runs at most.
  init(of size: Int, atMost limit: Int, sharesBatch: Bool, in scratch: inout WorkspaceLayout) {
    self.size = size
    sums = scratch.reserve(limit * size)
    // Eight shards are at most two branches for each process.
    received = scratch.reserve(
      sharesBatch && size >= Self.exchanged ? 2 * (size + BatchShards.limit) : 0)
  }

  /// The sums of some runs.
  func of(_ runs: RowShards, _ pass: ForwardPass) -> RunSums {
    RunSums(
      size: size, runs: runs, memory: pass.scratch[sums], received: pass.scratch[received])
  }
}

/// A sum for each run of a batch.
///
/// They are added as a tree: the sum of some runs is that of their first half and that of their
/// second. So the result does not depend on who adds, and a process whose runs are a whole branch
/// gives one sum to the others. Large sums are exchanged in parts: each process adds one part of
/// the values and gives it to all, which moves no more than any order of adding.
///
/// - Source: Rabenseifner, "Optimization of Collective Reduction Operations", 2004.
struct RunSums: Sendable {
  fileprivate let size: Int
  fileprivate let runs: RowShards
  /// All sums, and room for parts of those of other processes.
  fileprivate let memory: FloatRegion, received: FloatRegion

  /// Values that are added at a time, so that those of all runs stay in the cache.
  private static let addedAtOnce = 4096

  subscript(run: Int) -> FloatRegion { memory[run * size..<(run + 1) * size] }

  /// Adds the sums of all runs, also of other processes, and overwrites those of this one.
  func add(into total: FloatRegion, _ workers: Workers) {
    precondition(total.count == size, "a total of \(total.count) values instead of \(size)")
    guard let processes = runs.processes else {
      return Self.add(known(runs.all), of: runs.all, into: total, workers)
    }
    let branches = runs.ofProcesses.map { runs.all.branches(inside: $0) }
    let own = branches[processes.rank]
    for branch in own { Self.add(known(branch), of: branch, into: nil, workers) }
    if processes.addsFreely {
      total.copy(from: self[own[0].lowerBound])
      for branch in own.dropFirst() { Kernels.add(self[branch.lowerBound], to: total) }
      return processes.add(total)
    }
    let branchCount = branches.map(\.count).reduce(0, +)
    let largestPart = (size + processes.count - 1) / processes.count
    guard size >= ShardSums.exchanged, branchCount * largestPart <= received.count else {
      processes.gather(memory, ends: runs.ofProcesses.map { $0.upperBound * size })
      let known = branches.joined().map { ($0, self[$0.lowerBound]) }
      return Self.add(
        Dictionary(uniqueKeysWithValues: known), of: runs.all, into: total, workers)
    }
    let parts = Shards(of: size, atMost: processes.count)
    let known = exchange(branches, parts: parts, processes)
    Self.add(known, of: runs.all, into: total[parts[processes.rank]], workers)
    processes.gather(total, ends: parts.map(\.upperBound))
  }

  /// Gives each process its part of the sums of branches.
  ///
  /// - Returns: This process's part of every branch.
  private func exchange(
    _ branches: [[Range<Int>]], parts: Shards, _ processes: any ProcessGroup
  ) -> [Range<Int>: FloatRegion] {
    let (own, length) = (branches[processes.rank], parts[processes.rank].count)
    var known: [Range<Int>: FloatRegion] = [:]
    var rest = received
    // One branch of each process at a time.
    for index in 0..<(branches.map(\.count).max() ?? 0) {
      var ends: [Int] = []
      for ofProcess in branches {
        let start = ends.last ?? 0
        guard index < ofProcess.count else {
          ends.append(start)
          continue
        }
        known[ofProcess[index]] = rest[start..<start + length]
        ends.append(start + length)
      }
      let count = ends[ends.count - 1]
      let isGiving = index < own.count
      processes.exchange(
        isGiving ? self[own[index].lowerBound] : memory[0..<0],
        ends: parts.map { isGiving ? $0.upperBound : 0 }, into: rest[0..<count], ends: ends)
      rest = rest[count..<rest.count]
    }
    return known
  }

  /// The sums of the runs of a branch.
  private func known(_ branch: Range<Int>) -> [Range<Int>: FloatRegion] {
    Dictionary(uniqueKeysWithValues: branch.map { ($0..<$0 + 1, self[$0]) })
  }

  /// Adds the sums of a branch; where there is no total, to that of its first run.
  ///
  /// - Parameter known: Sums of smaller branches, which are overwritten.
  private static func add(
    _ known: [Range<Int>: FloatRegion], of branch: Range<Int>, into total: FloatRegion?,
    _ workers: Workers
  ) {
    let count = total?.count ?? known.values.first?.count ?? 0
    let parts = Shards(of: count, atMost: count / addedAtOnce)
    @Sendable func sum(_ branch: Range<Int>, _ part: Range<Int>) -> FloatRegion {
      if let sum = known[branch] { return sum[part] }
      let (first, second) = branch.halves
      let (target, addend) = (sum(first, part), sum(second, part))
      Kernels.add(addend, to: target)
      return target
    }
    workers.run(parts.count) { index in
      let part = parts[index]
      guard let total else {
        _ = sum(branch, part)
        return
      }
      if let sum = known[branch] { return total[part].copy(from: sum[part]) }
      let (first, second) = branch.halves
      Kernels.add(sum(first, part), sum(second, part), into: total[part])
    }
  }
}

// A run of runs is a branch of the tree of sums.
extension Range<Int> {
  /// - Precondition: It has at least two elements.
  fileprivate var halves: (Range, Range) {
    let middle = lowerBound + count / 2
    return (lowerBound..<middle, middle..<upperBound)
  }

  /// The largest branches of this one that lie in a range, in order.
  fileprivate func branches(inside range: Range) -> [Range] {
    guard overlaps(range) else { return [] }
    if range.lowerBound <= lowerBound && upperBound <= range.upperBound { return [self] }
    let (first, second) = halves
    return first.branches(inside: range) + second.branches(inside: range)
  }
}
