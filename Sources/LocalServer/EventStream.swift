internal import NIOCore
internal import Synchronization

/// Server-sent events for any number of clients.
///
/// Sending never waits: a client whose events pile up is dropped, and may come again.
package final class EventStream: Sendable {
  private let subscribers = Mutex<[ObjectIdentifier: Subscriber]>([:])

  private struct Subscriber {
    let channel: any Channel
    /// Bytes that may wait, and that do.
    let limit: Int
    var waiting = 0
  }

  /// Creates a stream without clients.
  package init() {}

  /// Clients that listen now.
  package var clientCount: Int { subscribers.withLock(\.count) }

  /// Sends an event to everyone who listens.
  ///
  /// - Parameters:
  ///   - event: Its name; without line breaks.
  ///   - data: Its content; lines are kept.
  package func send(_ event: String, data: String) {
    let lines = data.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "data: \($0)\n" }.joined()
    let text = "event: \(event)\n\(lines)\n"
    let count = text.utf8.count
    let (receivers, late) = subscribers.withLock { all in
      var receivers: [any Channel] = []
      var late: [any Channel] = []
      for (key, subscriber) in all {
        if subscriber.waiting + count > subscriber.limit {
          late.append(subscriber.channel)
          all[key] = nil
        } else {
          all[key]?.waiting += count
          receivers.append(subscriber.channel)
        }
      }
      return (receivers, late)
    }
    for channel in late { channel.close(promise: nil) }
    for channel in receivers {
      channel.writeAndFlush(EventText(text)).whenComplete { [weak self] _ in
        self?.subscribers.withLock { $0[ObjectIdentifier(channel)]?.waiting -= count }
      }
    }
  }

  func subscribe(_ channel: any Channel, limit: Int) {
    subscribers.withLock {
      $0[ObjectIdentifier(channel)] = Subscriber(channel: channel, limit: limit)
    }
  }

  func unsubscribe(_ channel: any Channel) {
    subscribers.withLock { $0[ObjectIdentifier(channel)] = nil }
  }
}

/// A piece of a stream of events on its way to a connection.
struct EventText: Sendable {
  let text: String

  init(_ text: String) { self.text = text }
}
