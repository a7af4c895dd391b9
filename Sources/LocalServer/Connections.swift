internal import NIOCore
internal import Synchronization

/// Open connections: those that have shown the token, and strangers.
///
/// Each kind has room of its own. Where there is no room for another stranger, the one that has
/// been open longest is closed: so nobody without the token can keep its owner out, who shows it
/// with the first bytes.
final class Connections: Sendable {
  private struct State {
    /// By their order.
    var strangers: [ObjectIdentifier: (order: Int, channel: any Channel)] = [:]
    var known: Set<ObjectIdentifier> = []
    var count = 0
  }

  private let state = Mutex(State())
  private let mostKnown: Int, mostStrangers: Int

  init(_ limits: ServerLimits) {
    (mostKnown, mostStrangers) = (limits.connections, limits.strangers)
  }

  var current: Int { state.withLock { $0.strangers.count + $0.known.count } }

  /// Counts a connection until it is closed.
  func admit(_ channel: any Channel) {
    let key = ObjectIdentifier(channel)
    let oldest = state.withLock { state in
      let oldest =
        state.strangers.count < mostStrangers
        ? nil : state.strangers.min { $0.value.order < $1.value.order }
      if let oldest { state.strangers[oldest.key] = nil }
      state.strangers[key] = (state.count, channel)
      state.count += 1
      return oldest?.value.channel
    }
    oldest?.close(promise: nil)
    channel.closeFuture.whenComplete { [self] _ in
      state.withLock { state in
        // Of an address that is used again, only its own.
        if state.strangers[key]?.channel === channel { state.strangers[key] = nil }
        state.known.remove(key)
      }
    }
  }

  /// Notes that a connection has shown the token.
  ///
  /// - Returns: Whether there is room for it.
  func trust(_ channel: any Channel) -> Bool {
    state.withLock { state in
      let key = ObjectIdentifier(channel)
      guard !state.known.contains(key) else { return true }
      guard state.known.count < mostKnown else { return false }
      state.strangers[key] = nil
      state.known.insert(key)
      return true
    }
  }
}
