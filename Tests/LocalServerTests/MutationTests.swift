import Foundation
import LocalServer
import Tensors
import TestSupport
import Testing

/// Requests that are no requests.
@Suite struct MutationTests {
  private static let count = 20_000

  /// Bytes with some of them changed, removed, added or said again.
  private static func mutated(
    _ bytes: [UInt8], using generator: inout some RandomNumberGenerator
  ) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1:
        bytes[place] = [0, 10, 13, 32, 58, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
      case 3: bytes.remove(at: place)
      case 4: bytes.removeLast(bytes.count - place)
      default:
        let end = min(bytes.count, place + Int.random(in: 1...40, using: &generator))
        let times = [1, 2, 50].randomElement(using: &generator) ?? 1
        bytes.insert(
          contentsOf: repeatElement(bytes[place..<end], count: times).joined(), at: place)
      }
    }
    return bytes
  }

  @Test func `after 20,000 mutated requests the next good one is answered`() throws {
    let station = try Station()
    var generator = SeededGenerator(seed: 20_261_127)
    let good = [
      station.head("GET /"), station.head("GET /?token=\(station.server.token.text)"),
      station.head("POST /echo", ["Content-Length: 5"]) + "abcde",
      station.head("POST /echo", ["Transfer-Encoding: chunked"]) + "5\r\nabcde\r\n0\r\n\r\n",
      station.head("GET /", ["Connection: Upgrade", "Upgrade: websocket"]),
    ].map { Array($0.utf8) }
    var answers: [Int: Int] = [:]
    for index in 0..<Self.count {
      let client = try RawClient(port: station.server.port)
      client.send(Self.mutated(good[index % good.count], using: &generator))
      client.finish()
      // A few are left alone before they are answered.
      if index % 50 != 0 {
        answers[client.receiveAll(within: .seconds(8)).status, default: 0] += 1
      }
      if index % 2000 == 0 { #expect(station.isWell, "after \(index)") }
    }
    print("statuses: \(answers.sorted { $0.key < $1.key })")
    #expect(Set(answers.keys).isSubset(of: [0, 200, 400, 403, 404, 405, 413, 421, 431]))
    #expect(answers.count > 4, "the mutations hardly differ: \(answers)")
    #expect(station.wait { station.server.connectionCount == 0 })
    #expect(station.isWell)
  }
}
