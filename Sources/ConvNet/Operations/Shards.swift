/// Runs of neighboring items whose lengths differ by at most one.
public struct Shards: RandomAccessCollection, Sendable {
  private let total: Int
  public let endIndex: Int
  public let startIndex = 0

  /// Divides `total` items into at least one and at most `limit` runs.
  public init(of total: Int, atMost limit: Int) {
    self.total = total
    endIndex = Swift.max(1, Swift.min(total, limit))
  }

  public subscript(index: Int) -> Range<Int> {
    total * index / endIndex..<total * (index + 1) / endIndex
  }
}
