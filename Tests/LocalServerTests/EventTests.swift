import Foundation
import LocalServer
import NIOCore
import TestSupport
import Testing

/// Streams of events.
@Suite(.serialized) struct EventTests {
  func listener(_ station: Station) throws -> Held {
    let held = Held(try RawClient(port: station.server.port))
    held.client.send(station.head("GET /events"))
    return held
  }

  func text(_ held: Held, until ending: String) -> String {
    var all: [UInt8] = []
    while let bytes = held.client.receive(within: .seconds(5)), !bytes.isEmpty {
      all += bytes
      if String(decoding: all, as: UTF8.self).contains(ending) { break }
    }
    return String(decoding: all, as: UTF8.self)
  }

  @Test func `everyone who listens gets every event, with its lines`() throws {
    let station = try Station()
    let clients = try (0..<3).map { _ in try listener(station) }
    #expect(station.wait { station.events.clientCount == 3 })
    station.events.send("loss", data: "0.5\n0.4")
    for client in clients {
      let all = text(client, until: "0.4\n\n")
      #expect(all.status == 200 && all.contains("Content-Type: text/event-stream"))
      #expect(all.contains("event: loss\ndata: 0.5\ndata: 0.4\n\n"))
    }
  }

  @Test func `who has left is noticed`() throws {
    let station = try Station { $0.heartbeat = .milliseconds(50) }
    do {
      let client = try listener(station)
      #expect(station.wait { station.events.clientCount == 1 })
      withExtendedLifetime(client) {}
    }
    #expect(station.wait { station.events.clientCount == 0 })
    #expect(station.wait { station.server.connectionCount == 0 })
  }

  @Test func `a quiet stream shows signs of life`() throws {
    let station = try Station { $0.heartbeat = .milliseconds(50) }
    let client = try listener(station)
    var beats = 0
    while beats < 4, let bytes = client.client.receive(within: .seconds(5)), !bytes.isEmpty {
      beats += String(decoding: bytes, as: UTF8.self).components(separatedBy: ":\n\n").count - 1
    }
    #expect(beats >= 4)
  }

  @Test func `a client that does not listen is dropped, and sending never waits for it`() throws {
    let station = try Station()
    let deaf = try listener(station)
    #expect(station.wait { station.events.clientCount == 1 })
    let data = String(repeating: "a", count: 10_000)
    let start = ContinuousClock.now
    var sent = 0
    while station.events.clientCount == 1, sent < 10_000 {
      station.events.send("loss", data: data)
      sent += 1
    }
    #expect(sent < 10_000)
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(station.wait { station.server.connectionCount == 0 })
    withExtendedLifetime(deaf) {}
    #expect(station.isWell)
  }
}
