public import Tensors

/// A named piece of a workspace: where it begins and how many elements it has.
///
/// The code that reserves a piece keeps it and later gets its memory by `workspace[piece]`, as
/// floats, doubles, bytes or an inner workspace.
public struct WorkspacePiece<Element>: Sendable {
  /// Floats from the start of the workspace.
  fileprivate let start: Int
  /// Floats it covers.
  fileprivate let floatCount: Int
}

/// How a workspace is divided into pieces, each on its own cache lines.
///
/// A layout is a value: pieces reserved in two copies of one layout share their memory, which suits
/// data never needed at the same time. `union(_:)` then has room for either.
public struct WorkspaceLayout: Sendable {
  /// Floats of all pieces, whole cache lines.
  public private(set) var count = 0
  /// Floats of all pieces, without padding.
  private(set) var elementCount = 0

  /// Floats in a cache line of 64 bytes.
  private static let line = 16

  /// Creates a layout without pieces.
  public init() {}

  /// Room for any one of some layouts.
  public static func union(_ layouts: WorkspaceLayout...) -> WorkspaceLayout { union(layouts) }

  /// Room for any one of some layouts.
  static func union(_ layouts: [WorkspaceLayout]) -> WorkspaceLayout {
    var union = WorkspaceLayout()
    union.count = layouts.map(\.count).max() ?? 0
    union.elementCount = layouts.map(\.elementCount).max() ?? 0
    return union
  }

  /// Reserves floats.
  public mutating func reserve(_ count: Int) -> WorkspacePiece<Float> { piece(count) }

  /// Reserves doubles.
  public mutating func reserveDoubles(_ count: Int) -> WorkspacePiece<Double> { piece(2 * count) }

  /// Reserves bytes.
  public mutating func reserveBytes(_ count: Int) -> WorkspacePiece<UInt8> {
    piece(ByteRegion.floatCount(count))
  }

  /// Reserves room for another workspace.
  public mutating func reserve(_ layout: WorkspaceLayout) -> WorkspacePiece<Workspace> {
    piece(layout.count)
  }

  /// Reserves pieces of which those that are never needed at the same time may share memory.
  ///
  /// The largest come first, each at the lowest place that is free at its time; so the whole is
  /// hardly more than what is needed at the worst time.
  mutating func reserve(_ needs: [TimedNeed]) -> [WorkspacePiece<Float>] {
    var pieces = needs.map { WorkspacePiece<Float>(start: count, floatCount: $0.count) }
    var placed: [Int] = []
    let beginning = count
    let order = needs.indices.filter { needs[$0].count > 0 }
      .sorted { (needs[$0].count, $1) > (needs[$1].count, $0) }
    for index in order {
      let size = Self.padded(needs[index].count)
      var start = beginning
      for other in placed where needs[other].time.overlaps(needs[index].time) {
        // Those that follow begin even later.
        if pieces[other].start >= start + size { break }
        start = max(start, pieces[other].start + Self.padded(needs[other].count))
      }
      pieces[index] = WorkspacePiece(start: start, floatCount: needs[index].count)
      placed.insert(index, at: placed.firstIndex { pieces[$0].start > start } ?? placed.endIndex)
      count = max(count, start + size)
    }
    elementCount += count - beginning
    return pieces
  }

  private mutating func piece<Element>(_ floatCount: Int) -> WorkspacePiece<Element> {
    precondition(floatCount >= 0, "a piece of \(floatCount) floats")
    elementCount += floatCount
    defer { count += Self.padded(floatCount) }
    return WorkspacePiece(start: count, floatCount: floatCount)
  }

  private static func padded(_ floatCount: Int) -> Int { (floatCount + line - 1) / line * line }
}

/// A number of floats, and from which to which pass of a plan they are needed.
struct TimedNeed: Sendable {
  var count: Int
  var time: ClosedRange<Int>
}

/// Memory divided by a `WorkspaceLayout`.
public struct Workspace: Sendable {
  private let memory: FloatRegion

  /// Creates a workspace in memory that starts on a cache line.
  init(_ memory: FloatRegion) { self.memory = memory }

  /// Reserves memory for a layout, filled with zeros.
  init(_ layout: WorkspaceLayout) { self.init(Arena(pieces: [layout.count]).piece(layout.count)) }

  /// The floats of a piece.
  public subscript(piece: WorkspacePiece<Float>) -> FloatRegion { floats(piece) }

  /// The doubles of a piece.
  public subscript(piece: WorkspacePiece<Double>) -> DoubleRegion { DoubleRegion(floats(piece)) }

  /// The bytes of a piece.
  public subscript(piece: WorkspacePiece<UInt8>) -> ByteRegion { ByteRegion(floats(piece)) }

  /// A workspace inside this one.
  public subscript(piece: WorkspacePiece<Workspace>) -> Workspace { Workspace(floats(piece)) }

  /// Sets every float, whatever the pieces are.
  func fill(_ value: Float) { memory.fill(value) }

  private func floats<Element>(_ piece: WorkspacePiece<Element>) -> FloatRegion {
    memory[piece.start..<piece.start + piece.floatCount]
  }
}
