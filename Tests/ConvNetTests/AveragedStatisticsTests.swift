import ConvNet
import Tensors
import TestSupport
import Testing

@Suite struct AveragedStatisticsTests {
  /// The statistics of a network after some batches of one channel-like value each.
  private func statistics(_ momentum: String, start: Float, averaged: Bool) throws -> [Float] {
    let network = try Network(
      Architecture("batchnorm\(momentum), residual (batchnorm\(momentum)), flatten, dense"),
      imageSize: 4, classCount: 2)
    let values = network.initialValues(seed: 1)
    var statistics = values.statistics
    for index in statistics.scalars.indices { statistics.scalars[index] = start }
    let execution = Execution(
      network: network, batchSize: 3, workers: Workers(count: 2), trains: true)
    for batch in 0..<5 {
      execution.input.copy(from: hashedNumbers(stream: 900 + batch, count: 3 * 48))
      _ = execution.forward(
        count: batch == 4 ? 2 : 3, parameters: values.parameters, statistics: &statistics,
        phase: .training(seed: 1), averaged: averaged ? batch : nil)
    }
    return statistics.scalars
  }

  @Test func `measured anew, statistics are means over the batches, whatever the momentum`() throws
  {
    let expected = try statistics("", start: 0, averaged: true)
    #expect(try statistics(" momentum 0.01", start: .nan, averaged: true) == expected)
    #expect(try statistics(" momentum 1.0", start: 1e9, averaged: true) == expected)
    #expect(try statistics("", start: 0, averaged: false) != expected)
    // The first channel of the first layer, by hand.
    let means = (0..<5).map { batch in
      let images = batch == 4 ? 2 : 3
      let values = hashedNumbers(stream: 900 + batch, count: 3 * 48)
      let channel = (0..<images * 16).map { Double(values[$0 * 3]) }
      return channel.reduce(0, +) / Double(channel.count)
    }
    #expect(abs(Double(expected[0]) - means.reduce(0, +) / 5) < 1e-6)
  }
}
