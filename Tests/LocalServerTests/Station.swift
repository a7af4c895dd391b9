import Foundation
import LocalServer
import NIOCore
import TestSupport

/// A server with a few routes, and words to ask it with.
final class Station {
  let server: LocalServer
  let events = EventStream()

  init(_ change: (inout ServerLimits) -> Void = { _ in }) throws {
    var limits = ServerLimits()
    change(&limits)
    let events = events
    server = try LocalServer(
      routes: [
        Route(.get, "/") { _ in Response(200, text: "welcome") },
        Route(.get, "/slow") { _ in
          usleep(300_000)
          return Response(200, text: "at last")
        },
        Route(.get, "/large") { _ in
          Response(type: "text/plain", [UInt8](repeating: 97, count: 8 << 20))
        },
        Route(.post, "/echo", bodyLimit: 1000) { Response(type: "text/plain", $0.body) },
        Route(.post, "/photo", bodyLimit: 32 << 20) { Response(200, text: "\($0.body.count)") },
        Route(.get, "/events") { _ in Response(events: events) },
      ], limits: limits)
  }

  deinit { server.stop() }

  var host: String { "127.0.0.1:\(server.port)" }
  var cookie: String { "Cookie: marbles-\(server.port)=\(server.token.text)" }

  /// The head of a request with what is needed to be let in.
  func head(_ line: String, _ fields: [String] = [], isLetIn: Bool = true) -> String {
    (["\(line) HTTP/1.1", "Host: \(host)"] + (isLetIn ? [cookie] : []) + fields)
      .joined(separator: "\r\n") + "\r\n\r\n"
  }

  /// What is answered to a text.
  func answer(_ text: String) throws -> String {
    let client = try RawClient(port: server.port)
    client.send(text)
    return client.receiveAnswer()
  }

  /// Whether the server still answers.
  var isWell: Bool { (try? answer(head("GET /")))?.hasSuffix("welcome\n") ?? false }

  /// Waits until something holds.
  func wait(for time: Duration = .seconds(10), until holds: () -> Bool) -> Bool {
    let end = ContinuousClock.now + time
    while ContinuousClock.now < end {
      if holds() { return true }
      usleep(5000)
    }
    return holds()
  }
}

extension String {
  /// The number in the first line of an answer.
  var status: Int { split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
}
