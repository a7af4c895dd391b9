import ArgumentParser
import Benchmarking
import ConvNet
import Foundation
import Optimization
import Support
import Tensors
import Training

struct BenchKernelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "Measures the machine's peak and the kernels on typical shapes.",
    usage: "marbles bench kernels [<options>]",
    discussion: """
      Rates count the multiplications of plain convolutions and products. Backward
      means both gradients, of the input and of the weights.

      Example: marbles bench kernels --threads 1
      """)

  @OptionGroup var computation: ComputationOptions
  @OptionGroup var bench: BenchOptions

  /// What `--json` prints; rates per second.
  private struct Report: Encodable {
    struct Read: Encodable { var blockSize: Int, bytesPerSecond: Double }
    struct Product: Encodable {
      var rows: Int, columns: Int, inner: Int, operationsPerSecond: Double
    }
    struct Convolution: Encodable {
      var input: String, layer: String, batchSize: Int
      var forward: Double, backward: Double
      var forwardPartOfPeak: Double, backwardPartOfPeak: Double
    }
    var threads: Int, peakOperationsPerSecond: Double
    var reads: [Read], products: [Product], convolutions: [Convolution]
  }

  /// Size of the map, channels in and out, size of the kernel.
  private static let shapes = [
    (128, 3, 32, 3), (64, 32, 64, 3), (32, 64, 64, 3), (32, 64, 128, 3), (16, 128, 128, 3),
    (16, 128, 256, 3), (8, 256, 256, 3), (32, 128, 64, 1), (33, 33, 65, 3),
  ]
  private static let batchSize = 16

  func run() throws {
    let workers = bench.threads.workers
    let peak = MachineProbe.operationsPerSecond(
      workers: workers, precision: computation.precision, duration: 0.3)
    let report = Report(
      threads: workers.count, peakOperationsPerSecond: peak,
      reads: [1 << 18, 1 << 21, 1 << 23, 1 << 26].map {
        .init(
          blockSize: $0, bytesPerSecond: MachineProbe.bytesPerSecond(blockSize: $0, duration: 0.2))
      },
      products: [(4096, 64, 288), (1024, 128, 576), (256, 256, 1152), (1024, 1024, 1024)].map {
        product(rows: $0.0, columns: $0.1, inner: $0.2)
      },
      convolutions: try Self.shapes.map {
        try convolution(size: $0.0, inputs: $0.1, outputs: $0.2, kernel: $0.3, workers, peak)
      })
    Console.output(bench.output.json ? jsonText(report) : lines(report).joined(separator: "\n"))
  }

  /// One thread's matrix product.
  private func product(rows: Int, columns: Int, inner: Int) -> Report.Product {
    let arena = Arena(pieces: [rows * inner, inner * columns, rows * columns])
    let (a, b) = (arena.piece(rows * inner), arena.piece(inner * columns))
    a.fill(0.5)
    b.fill(0.5)
    let (left, right) = (
      Matrix(a, rows: rows, columns: inner), Matrix(b, rows: inner, columns: columns)
    )
    let result = Matrix(arena.piece(rows * columns), rows: rows, columns: columns)
    let timing = Timing(for: bench.seconds / 4) { result.setProduct(left, right) }
    return .init(
      rows: rows, columns: columns, inner: inner,
      operationsPerSecond: 2 * Double(rows * columns * inner) / timing.median)
  }

  /// A convolution inside a network, so that it runs as it does in training: after a cheap layer
  /// that makes its channels, before one that makes the loss small.
  private func convolution(
    size: Int, inputs: Int, outputs: Int, kernel: Int, _ workers: Workers, _ peak: Double
  ) throws -> Report.Convolution {
    let measured = "conv \(outputs) \(kernel)x\(kernel)"
    let network = try Network(
      Architecture("conv \(inputs) 1x1, \(measured), global-pool, flatten, dense"), imageSize: size,
      classCount: 2
    )
    let result = StepBenchmark(
      network: network, batchSize: Self.batchSize,
      optimizer: OptimizerChoice.sgd.makeOptimizer(layout: network.parameterLayout),
      learningRate: 1e-6, seed: 1, workers: workers, convolution: computation.convolution,
      precision: computation.precision
    ).train(for: bench.seconds / 4)
    let operations = 2 * Double(network.multiplyAdds(ofLayer: 1) * Self.batchSize)
    let (forward, backward) = (operations / result.forward[1], 2 * operations / result.backward[1])
    return .init(
      input: network.shapes[1].description, layer: measured, batchSize: Self.batchSize,
      forward: forward, backward: backward, forwardPartOfPeak: forward / peak,
      backwardPartOfPeak: backward / peak)
  }

  private func lines(_ report: Report) -> [String] {
    func giga(_ rate: Double) -> String { (rate / 1e9).digits(1).right(9) }
    return [
      "\(report.threads.counted("thread")), peak of multiply-adds in registers "
        + "\((report.peakOperationsPerSecond / 1e9).digits(0)) GFLOP/s",
      "", "\("reading a block, one thread".left(36))     GB/s",
    ]
      + report.reads.map {
        "\("\(($0.blockSize >> 10).grouped) KB".left(36))\(giga($0.bytesPerSecond))"
      }
      + ["", "\("matrix product by OpenBLAS, one thread".left(36))  GFLOP/s"]
      + report.products.map {
        "\($0.rows)×\($0.inner) · \($0.inner)×\($0.columns)".left(36)
          + giga($0.operationsPerSecond)
      }
      + [
        "",
        "\("convolution, batch \(Self.batchSize)".left(36))  forward   of peak backward   of peak",
      ]
      + report.convolutions.map {
        "\($0.input) → \($0.layer)".left(36)
          + "\(giga($0.forward))\($0.forwardPartOfPeak.percentage().right(10))"
          + "\(giga($0.backward))\($0.backwardPartOfPeak.percentage().right(10))"
      }
  }
}
