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

  /// The first `count` floats of the piece.
  func prefix(_ count: Int) -> WorkspacePiece where Element == Float {
    precondition(count <= floatCount, "\(count) of \(floatCount) floats")
    return WorkspacePiece(start: start, floatCount: count)
  }
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

  private mutating func piece<Element>(_ floatCount: Int) -> WorkspacePiece<Element> {
    precondition(floatCount >= 0, "a piece of \(floatCount) floats")
    elementCount += floatCount
    defer { count += (floatCount + Self.line - 1) / Self.line * Self.line }
    return WorkspacePiece(start: count, floatCount: floatCount)
  }
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
