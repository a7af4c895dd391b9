internal import NIOCore
internal import Synchronization

/// Counts open connections.
final class ConnectionCount: Sendable {
  private let count = Mutex(0)
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  var current: Int { count.withLock(\.self) }

  /// Counts a connection until it is closed.
  ///
  /// - Returns: Whether there is room for it.
  func admit(_ channel: any Channel) -> Bool {
    let isAdmitted = count.withLock { count in
      guard count < limit else { return false }
      count += 1
      return true
    }
    if isAdmitted {
      channel.closeFuture.whenComplete { [self] _ in count.withLock { $0 -= 1 } }
    }
    return isAdmitted
  }
}
