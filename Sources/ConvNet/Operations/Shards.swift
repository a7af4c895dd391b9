/// Runs of neighboring items whose lengths differ by at most one.
public struct Shards: RandomAccessCollection, Sendable {
  private let total: Int
  public let endIndex: Int
  public let startIndex = 0

  /// Cuts `total` items into at most `limit` runs, at least one.
  public init(of total: Int, atMost limit: Int) {
    self.total = total
    endIndex = Swift.max(1, Swift.min(total, limit))
  }

  public subscript(index: Int) -> Range<Int> {
    total * index / endIndex..<total * (index + 1) / endIndex
  }
}
