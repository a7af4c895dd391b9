import Foundation
import ImageLoading
import Support
import TestSupport
import Tensors
import Testing

/// Large images wait for each other, so that many threads need no more memory than the limit.
@Suite struct DecodingGateTests {
  let workers = Workers(count: 8)

  /// Gives other threads the time to enter.
  @Sendable func pause() { Thread.sleep(forTimeInterval: 0.002) }

  @Test func `no more bytes are in use at once than the limit allows`() {
    let gate = DecodingGate(limit: 250)
    workers.run(64) { _ in gate.holding(100, pause) }
    #expect(gate.peak <= 250)
  }

  @Test func `an image beyond the limit is decoded alone`() {
    let gate = DecodingGate(limit: 10)
    workers.run(16) { _ in gate.holding(100, pause) }
    #expect(gate.peak == 100)
  }

  @Test func `every large file passes the gate, and no small one`() throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator(seed: 1)
    let noise = (0..<200 * 200 * 3).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let large = ImageEncoder.png(
      PixelBuffer(width: 200, height: 200, bytes: noise), level: 1)
    let small = ImageEncoder.png(
      PixelBuffer(width: 20, height: 20, bytes: Array(noise.prefix(20 * 20 * 3))), level: 1)
    try #require(large.count >= DecodingGate.smallestFile && small.count < 4096)
    let need = ImageDecoder().pixelBytes(of: large, atLeast: nil)
    func peak(_ bytes: [UInt8], limit: Int) throws -> Int {
      let paths = try (0..<24).map { try folder.write(bytes, to: "\(bytes.count) \($0).png") }
      var reader = ImageReader(geometry: nil, workers: workers)
      reader.gate = DecodingGate(limit: limit)
      #expect(try reader.read(paths).allSatisfy { (try? $0.get()) != nil })
      return reader.gate.peak
    }
    #expect(try peak(large, limit: 1) == need)
    #expect(try peak(small, limit: 1) == 0)
  }
}
