package import NIOCore

/// What a client may ask for, so that no client makes the server grow or wait.
package struct ServerLimits: Sendable {
  /// Bytes of the request line and all header fields together.
  package var head = 16 << 10
  /// Header fields of a request.
  package var fields = 64
  /// Open connections that have shown the token; others are refused.
  package var connections = 64
  /// Open connections that have not; for another one, the oldest is closed.
  package var strangers = 128
  /// From the opening of a connection to the end of its first head.
  package var headTime = TimeAmount.seconds(5)
  /// From the end of an answer to the end of the next head, and for a client to take an answer.
  package var idleTime = TimeAmount.seconds(30)
  /// The least bytes of a body that must have arrived for each second after `bodyTime`.
  package var bodyRate = 16 << 10
  /// Time a body has before its rate counts.
  package var bodyTime = TimeAmount.seconds(5)
  /// Between two signs of life on a stream of events.
  package var heartbeat = TimeAmount.seconds(15)
  /// Bytes of events that wait for a client; one that lags further behind is dropped.
  package var waitingEvents = 256 << 10

  /// The limits that hold unless a test chooses others.
  package init() {}
}
