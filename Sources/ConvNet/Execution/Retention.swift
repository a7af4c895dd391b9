/// What of the forward passes a sequence keeps for its backward passes.
///
/// What is not kept is computed again from the last output before it that is, up to the next that
/// is; to the same bits, since passes depend on their input alone.
struct Retention: Sendable {
  /// Operations of which neither output nor what they save is kept.
  var dropped: Set<Int> = []
  /// Operations of which the output is kept, and not what they save.
  var unsaved: Set<Int> = []

  /// The operations that run again before the backward pass of one, of `count` in all.
  func repeated(before index: Int, of count: Int) -> Range<Int> {
    // They run again before the first pass back that needs any of them.
    guard !dropped.contains(index) else { return index..<index }
    var start = index
    while start > 0, dropped.contains(start - 1) { start -= 1 }
    return start..<(unsaved.contains(index) ? index + 1 : index)
  }

  /// Everything that runs again.
  var repeated: Set<Int> { dropped.union(unsaved) }

  /// Those that keep a little less.
  fileprivate func smaller(among candidates: [Int], saving: [Int]) -> [Retention] {
    candidates.filter { !dropped.contains($0) }.map { index in
      var smaller = self
      smaller.dropped.insert(index)
      smaller.unsaved.remove(index)
      return smaller
    }
      + saving.filter { !repeated.contains($0) }.map { index in
        var smaller = self
        smaller.unsaved.insert(index)
        return smaller
      }
  }
}

extension TrainingSequence {
  /// Multiply-adds that take as long as moving one float.
  private static let workPerValue = 16
  /// How much less memory is aimed at in one go.
  private static let goal = 0.95

  /// What running operations again costs.
  private func work(_ indices: Set<Int>) -> Int {
    indices.reduce(0) { sum, index in
      let work = forward.work(index)
      return sum + work.multiplyAdds + Self.workPerValue * work.values
    }
  }

  /// Outputs of operations without multiplications that follow from an input which is kept anyway
  /// are computed again.
  func repeatingCheapOperations() -> TrainingSequence {
    var retention = Retention()
    for index in forward.steps.indices.dropLast()
    where forward.steps[index].operation.work.multiplyAdds == 0 && reads(index).contains(.input)
      && !retention.dropped.contains(index - 1)
      && (reads(index).contains(.output) || reads(index + 1).contains(.input))
    {
      retention.dropped.insert(index)
    }
    return keeping(retention)
  }

  /// The same sequence in less memory, if it can be.
  ///
  /// What costs the least work for the memory that it saves is computed again, one operation after
  /// the other, until the limit is met. The way there does not depend on the limit.
  ///
  /// - Parameter limit: Floats.
  /// - Returns: With the limit met, or else the least memory that was found.
  func reduced(to limit: Int) -> TrainingSequence {
    let last = forward.steps.count - 1
    let outputs = forward.steps.indices.filter { $0 < last && $0 + 1 != forward.firstUndivided }
    let saving = forward.steps.indices.filter { forward.steps[$0].operation.saved.count > 0 }
    var (current, least) = (self, self)
    while current.scratch.count > limit {
      let now = load(keeping: current.retention)
      let goal = Int(Double(now.max() ?? 0) * Self.goal)
      func excess(_ load: [Int]) -> Int { load.reduce(0) { $0 + max(0, $1 - goal) } }
      let (before, work) = (excess(now), work(current.retention.repeated))
      let gains = current.retention.smaller(among: outputs, saving: saving).map { retention in
        let saved = before - excess(load(keeping: retention))
        return (
          retention: retention,
          gain: Double(saved) / Double(max(1, self.work(retention.repeated) - work))
        )
      }
      guard let best = gains.max(by: { $0.gain < $1.gain }), best.gain > 0 else { break }
      current = keeping(best.retention)
      if current.scratch.count < least.scratch.count { least = current }
    }
    return current.scratch.count <= limit ? current : least
  }
}
