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

  /// Where sums of branches are, which are overwritten.
  private enum Known: Sendable {
    case runs
    case branches([Range<Int>: FloatRegion])
  }

  /// Adds the sums of all runs, also of other processes, and overwrites those of this one.
  func add(into total: FloatRegion, _ workers: Workers) {
    precondition(total.count == size, "a total of \(total.count) values instead of \(size)")
    guard let processes = runs.processes else { return add(.runs, into: total, workers) }
    let branches = runs.ofProcesses.map { runs.all.branches(inside: $0) }
    let own = branches[processes.rank]
    let parts = parts(of: size)
    workers.run(parts.count) { index in
      for branch in own { _ = sum(of: branch, .runs, parts[index]) }
    }
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
      return add(.branches(Dictionary(uniqueKeysWithValues: known)), into: total, workers)
    }
    let shares = Shards(of: size, atMost: processes.count)
    let known = exchange(branches, parts: shares, processes)
    add(.branches(known), into: total[shares[processes.rank]], workers)
    processes.gather(total, ends: shares.map(\.upperBound))
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

  /// Adds the sums of all runs.
  private func add(_ known: Known, into total: FloatRegion, _ workers: Workers) {
    let parts = parts(of: total.count)
    workers.run(parts.count) { index in
      let part = parts[index]
      guard runs.count > 1 else { return total[part].copy(from: self[0][part]) }
      let (first, second) = runs.all.halves
      Kernels.add(sum(of: first, known, part), sum(of: second, known, part), into: total[part])
    }
  }

  /// Some values of the sum of a branch.
  private func sum(of branch: Range<Int>, _ known: Known, _ values: Range<Int>) -> FloatRegion {
    switch known {
    case .runs where branch.count == 1: return self[branch.lowerBound][values]
    case .branches(let sums):
      if let sum = sums[branch] { return sum[values] }
    case .runs: break
    }
    let (first, second) = branch.halves
    let target = sum(of: first, known, values)
    Kernels.add(sum(of: second, known, values), to: target)
    return target
  }

  private func parts(of count: Int) -> Shards {
    Shards(of: count, atMost: count / Self.addedAtOnce)
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
