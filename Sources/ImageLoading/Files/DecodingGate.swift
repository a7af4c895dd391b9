internal import Foundation
internal import Support

/// Lets large images wait for each other, so that the pixels of all threads together stay within
/// a limit.
package final class DecodingGate: @unchecked Sendable {
  /// That of the process.
  package static let shared = DecodingGate(
    limit: min(2 << 30, (MemoryLimit.available ?? 4 << 30) / 2))

  /// Files with fewer bytes have so few pixels that they need not wait, however they are packed.
  package static let smallestFile = 64 << 10

  private let limit: Int
  private let condition = NSCondition()
  private var used = 0
  private var largest = 0

  /// Creates a gate.
  ///
  /// - Parameter limit: Bytes that may be in use at once; one image passes whatever its size.
  package init(limit: Int) { self.limit = limit }

  /// The largest number of bytes that have been in use at once.
  package var peak: Int {
    condition.lock()
    defer { condition.unlock() }
    return largest
  }

  /// Waits until there is room for some bytes, and holds them while `body` runs.
  package func holding<Value>(_ bytes: Int, _ body: () -> Value) -> Value {
    condition.lock()
    while used > 0 && used + bytes > limit { condition.wait() }
    used += bytes
    largest = max(largest, used)
    condition.unlock()
    defer {
      condition.lock()
      used -= bytes
      condition.broadcast()
      condition.unlock()
    }
    return body()
  }
}
