import Foundation
import LocalServer
import NIOCore
import TestSupport
import Testing

/// What a client can make the server hold, and for how long.
@Suite(.serialized) struct LimitTests {
  @Test func `a head that is too long is refused`() throws {
    let station = try Station()
    for head in [
      station.head("GET /", ["X: " + String(repeating: "a", count: 17 << 10)]),
      station.head("GET /" + String(repeating: "a", count: 17 << 10)),
      station.head("GET /", (0..<80).map { "X\($0): a" }),
      station.head("GET /", (0..<20).map { "X\($0): " + String(repeating: "a", count: 1000) }),
    ] { #expect(try station.answer(head).status == 431) }
    let long = station.head("GET /", ["X: " + String(repeating: "a", count: 14 << 10)])
    #expect(try station.answer(long).status == 200)
    #expect(station.isWell)
  }

  @Test func `a head without an end does not grow the server`() throws {
    let station = try Station()
    let client = try RawClient(port: station.server.port)
    client.send("GET / HTTP/1.1\r\nX: ")
    let piece = [UInt8](repeating: 97, count: 64 << 10)
    var sent = 0
    while sent < 64 << 20, client.send(piece) { sent += piece.count }
    #expect(sent < 64 << 20)
    #expect(station.isWell)
  }

  @Test func `a body that is too long is refused before it is read`() throws {
    let station = try Station()
    let client = try RawClient(port: station.server.port)
    client.send(station.head("POST /echo", ["Content-Length: 100000000"]))
    #expect(client.receiveAll().status == 413)
    let pieces = try RawClient(port: station.server.port)
    pieces.send(station.head("POST /echo", ["Transfer-Encoding: chunked"]))
    var sent = 0
    let piece = Array("3e8\r\n".utf8) + [UInt8](repeating: 97, count: 1000) + Array("\r\n".utf8)
    while sent < 100_000_000, pieces.send(piece) { sent += piece.count }
    #expect(sent < 50_000_000, "\(sent) bytes were taken")
    #expect(
      try station.answer(station.head("POST /echo", ["Content-Length: 2"]) + "ab").hasSuffix("ab"))
    #expect(
      try station.answer(
        station.head("GET /", ["Content-Length: 5"]) + "abcde"
      ).status == 413)
  }

  @Test func `a photo of 32 MiB arrives, one byte more does not`() throws {
    let station = try Station()
    let client = try RawClient(port: station.server.port)
    client.send(station.head("POST /photo", ["Content-Length: \(32 << 20)"]))
    client.send([UInt8](repeating: 1, count: 32 << 20))
    #expect(client.receiveAnswer().hasSuffix("\(32 << 20)\n"))
    let larger = station.head("POST /photo", ["Content-Length: \(32 << 20 + 1)"])
    #expect(try station.answer(larger).status == 413)
  }

  @Test func `who sends a head slowly is cut off`() throws {
    let station = try Station { $0.headTime = .milliseconds(400) }
    let client = try RawClient(port: station.server.port)
    let start = ContinuousClock.now
    while client.send("X"), ContinuousClock.now - start < .seconds(5) { usleep(20000) }
    #expect(ContinuousClock.now - start < .seconds(3))
    let idle = try RawClient(port: station.server.port)
    #expect(idle.receive(within: .seconds(5)) == [])
    #expect(station.isWell)
  }

  @Test func `who sends a body slowly is cut off, who is quick enough is not`() throws {
    let station = try Station {
      $0.bodyTime = .milliseconds(100)
      $0.bodyRate = 1000
    }
    let slow = try RawClient(port: station.server.port)
    slow.send(station.head("POST /photo", ["Content-Length: 100000"]))
    #expect(slow.receiveAll(within: .seconds(5)).status == 408)
    let quick = try RawClient(port: station.server.port)
    quick.send(station.head("POST /photo", ["Content-Length: 15000"]))
    for _ in 0..<15 {
      quick.send([UInt8](repeating: 1, count: 1000))
      usleep(150_000)
    }
    #expect(quick.receiveAnswer().hasSuffix("15000\n"))
  }

  @Test func `a connection that says nothing more is closed`() throws {
    let station = try Station { $0.idleTime = .milliseconds(300) }
    let client = try RawClient(port: station.server.port)
    for _ in 0..<3 {
      client.send(station.head("GET /"))
      #expect(client.receiveAnswer().hasSuffix("welcome\n"))
    }
    #expect(client.receive(within: .seconds(5)) == [])
  }

  @Test func `who does not take its answer is cut off`() throws {
    let station = try Station { $0.idleTime = .milliseconds(300) }
    let client = try RawClient(port: station.server.port)
    client.send(station.head("GET /large"))
    #expect(station.wait { station.server.connectionCount == 1 })
    #expect(station.wait(for: .seconds(5)) { station.server.connectionCount == 0 })
    _ = client.receive(within: .zero)
  }

  @Test func `for one stranger too many the oldest is closed, and the owner is answered`() throws {
    let station = try Station { $0.strangers = 8 }
    do {
      let clients = try (0..<8).map { _ in Held(try RawClient(port: station.server.port)) }
      #expect(station.wait { station.server.connectionCount == 8 })
      #expect(station.isWell)
      #expect(clients[0].client.receive(within: .seconds(2)) == [])
      #expect(clients[7].client.receive(within: .milliseconds(50)) == nil)
    }
    #expect(station.wait { station.server.connectionCount == 0 })
    #expect(station.isWell)
  }

  @Test func `who has shown the token is not closed for strangers`() throws {
    let station = try Station { $0.strangers = 4 }
    let owner = try RawClient(port: station.server.port)
    owner.send(station.head("GET /"))
    #expect(owner.receiveAnswer().hasSuffix("welcome\n"))
    let strangers = try (0..<40).map { _ in Held(try RawClient(port: station.server.port)) }
    #expect(station.wait { station.server.connectionCount == 5 })
    owner.send(station.head("GET /"))
    #expect(owner.receiveAnswer().hasSuffix("welcome\n"))
    withExtendedLifetime(strangers) {}
  }

  @Test func `one connection too many with the token is told so, and room is made again`() throws {
    let station = try Station { $0.connections = 3 }
    do {
      let clients = try (0..<3).map { _ in Held(try RawClient(port: station.server.port)) }
      for held in clients {
        held.client.send(station.head("GET /"))
        #expect(held.client.receiveAnswer().hasSuffix("welcome\n"))
      }
      let answer = try station.answer(station.head("GET /"))
      #expect(answer.status == 503 && answer.contains("close a page"))
      withExtendedLifetime(clients) {}
    }
    #expect(station.wait { station.server.connectionCount == 0 })
    #expect(station.isWell)
  }

  @Test func `two hundred busy clients are answered or closed, and nothing is left behind`()
    async throws
  {
    let station = try Station()
    let (port, head) = (station.server.port, station.head("GET /"))
    let answered = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<200 {
        group.addTask {
          (0..<20).count { _ in
            guard let client = try? RawClient(port: port), client.send(head) else { return false }
            return client.receiveAnswer().hasSuffix("welcome\n")
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(answered > 1000, "\(answered) of 4000 were answered")
    #expect(station.wait { station.server.connectionCount == 0 })
    #expect(station.isWell)
  }

  @Test func `a client that does not wait for answers gets one and the door`() throws {
    let station = try Station()
    let client = try RawClient(port: station.server.port)
    client.send(String(repeating: station.head("GET /slow"), count: 3))
    let all = client.receiveAll()
    #expect(all.components(separatedBy: "at last").count == 2)
  }

  @Test func `a request to speak another protocol is answered as any other`() throws {
    let station = try Station()
    let fields = [
      "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    let client = try RawClient(port: station.server.port)
    client.send(station.head("GET /", fields))
    client.send([UInt8](repeating: 0x81, count: 5000))
    #expect(client.receiveAll(within: .seconds(3)).status == 200)
    #expect(station.isWell)
  }

  @Test func `a port in use is named`() throws {
    let station = try Station()
    let error = #expect(throws: ServerError.self) {
      _ = try LocalServer(port: station.server.port, routes: [])
    }
    let message = error?.description ?? ""
    #expect(message.contains("it is in use; give another --port"))
  }

  @Test func `it ends in the middle of an answer`() throws {
    let station = try Station()
    let client = try RawClient(port: station.server.port)
    client.send(station.head("GET /slow"))
    usleep(50_000)
    station.server.stop()
    #expect(client.receive(within: .seconds(5)) != nil, "the connection is still open")
    #expect(throws: POSIXError.self) { _ = try RawClient(port: station.server.port) }
    station.server.stop()
  }

  @Test func `after its end nobody listens`() throws {
    let server = try LocalServer(routes: [])
    let port = server.port
    let client = try RawClient(port: port)
    server.stop()
    #expect(client.receive(within: .seconds(5)) == [])
    #expect(throws: POSIXError.self) { _ = try RawClient(port: port) }
  }
}

/// A client in a list.
final class Held {
  let client: RawClient
  init(_ client: consuming RawClient) { self.client = client }
}
