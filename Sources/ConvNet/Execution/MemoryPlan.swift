internal import Tensors

/// Which memory the passes of a sequence need, and when.
///
/// Passes are planned in the order in which they will run. What is never needed at the same time
/// may lie in the same place.
struct MemoryPlan: Sendable {
  /// A planned piece of memory.
  struct Item: Sendable { fileprivate let index: Int }

  /// Passes that are planned so far.
  private(set) var passCount = 0
  private var needs: [TimedNeed] = []
  /// Items that keep their content for all batches.
  private var kept: Set<Int> = []

  /// Memory for the pass that comes next.
  mutating func need(_ count: Int) -> Item {
    needs.append(TimedNeed(count: count, time: passCount...passCount))
    return Item(index: needs.count - 1)
  }

  /// Memory that keeps its content for all batches.
  mutating func keep(_ count: Int) -> Item {
    needs.append(TimedNeed(count: count, time: 0...0))
    kept.insert(needs.count - 1)
    return Item(index: needs.count - 1)
  }

  /// Lets memory keep its content up to the pass that comes next.
  mutating func use(_ item: Item?) {
    guard let item else { return }
    needs[item.index].time = needs[item.index].time.lowerBound...passCount
  }

  /// Goes on to another pass.
  mutating func advance() { passCount += 1 }

  /// Floats of an item that keeps its content from before a pass up to it or longer; 0 for others.
  func count(_ item: Item, keptInto pass: Int) -> Int {
    let need = needs[item.index]
    return need.time.lowerBound < pass && need.time.upperBound >= pass ? need.count : 0
  }

  /// Floats that are needed in each pass, besides what is kept for all batches.
  var load: [Int] {
    var changes = [Int](repeating: 0, count: passCount + 2)
    for (index, need) in needs.enumerated() where !kept.contains(index) {
      changes[need.time.lowerBound] += need.count
      changes[need.time.upperBound + 1] -= need.count
    }
    var sum = 0
    return changes.dropLast().map { change in
      sum += change
      return sum
    }
  }

  /// Finds a place for everything.
  ///
  /// - Parameter boundary: The first pass back of a sequence inside an operation, which may keep
  ///   content from its passes forward to those back in other memory than the rest; nil if there
  ///   are none.
  func placed(boundary: Int? = nil) -> PlacedMemory {
    func pool(_ index: Int) -> PlacedMemory.Pool {
      let time = needs[index].time
      return kept.contains(index)
        ? .prepared
        : boundary.map { time.lowerBound < $0 && time.upperBound >= $0 } ?? false
          ? .saved : .scratch
    }
    let pools = needs.indices.map(pool)
    var placed = PlacedMemory(count: needs.count)
    for pool in PlacedMemory.Pool.allCases {
      let members = needs.indices.filter { pools[$0] == pool }
      placed.add(members, members.map { needs[$0] }, to: pool)
    }
    return placed
  }
}

/// Where planned memory lies.
struct PlacedMemory: Sendable {
  fileprivate enum Pool: Int, CaseIterable { case saved, scratch, prepared }

  private var layouts = [WorkspaceLayout](
    repeating: WorkspaceLayout(), count: Pool.allCases.count)
  private var places: [(pool: Pool, piece: WorkspacePiece<Float>)?]

  fileprivate init(count: Int) { places = Array(repeating: nil, count: count) }

  fileprivate mutating func add(_ items: [Int], _ needs: [TimedNeed], to pool: Pool) {
    for (item, piece) in zip(items, layouts[pool.rawValue].reserve(needs)) {
      places[item] = (pool, piece)
    }
  }

  /// Memory that keeps its content from passes forward to passes back.
  var saved: WorkspaceLayout { layouts[Pool.saved.rawValue] }
  /// Memory whose content nothing but the plan itself relies on.
  var scratch: WorkspaceLayout { layouts[Pool.scratch.rawValue] }
  /// Memory that keeps its content for all batches.
  var prepared: WorkspaceLayout { layouts[Pool.prepared.rawValue] }

  /// The memory of an item.
  func region(_ item: MemoryPlan.Item, in memory: SequenceMemory) -> FloatRegion {
    guard let (pool, piece) = places[item.index] else {
      preconditionFailure("memory that has no place")
    }
    return switch pool {
    case .saved: memory.saved[piece]
    case .scratch: memory.scratch[piece]
    case .prepared: memory.prepared[piece]
    }
  }
}

/// The memory of a sequence, in the layouts of its plan.
struct SequenceMemory: Sendable {
  let saved: Workspace, scratch: Workspace, prepared: Workspace
}
