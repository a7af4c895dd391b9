import Benchmarking
import ConvNet
import Foundation
import Support
import Tensors
import Training

/// What `marbles bench step` has measured: as JSON, and as lines of at most 80 columns.
struct StepReport: Encodable {
  /// One layer's part of a step, mean seconds.
  struct Layer: Encodable {
    var index: Int, layer: String, output: String
    var forward: Double, backward: Double?
    /// Of inference alone: multiplications and additions that are done for a batch, bytes moved,
    /// and the seconds that both would take at the rates of the machine.
    var operations: Int?, bytes: Int?
    var arithmeticSeconds: Double?, memorySeconds: Double?
    /// Multiplications and additions that plain convolutions would take.
    var effective = 0.0

    private enum CodingKeys: String, CodingKey {
      case index, layer, output, forward, backward, operations, bytes, arithmeticSeconds
      case memorySeconds
    }
  }

  /// The rates that layers are compared with, per second.
  struct Machine {
    /// Multiplications and additions in registers, and bytes read from a block as large as all that
    /// a batch of inference moves, by all threads.
    var operations: Double, bytes: Double
  }

  /// Training or inference.
  struct Work: Encodable {
    var seconds: Timing
    var imagesPerSecond: Double
    /// Multiplications and additions of plain convolutions per second, and their part of the peak.
    var operationsPerSecond: Double, partOfPeak: Double
    var pageFaultsPerStep: Double
    /// Without those of the objective; absent if they cannot be counted.
    var allocationsPerStep: Int?, objectiveAllocations: Int?
    var layers: [Layer]
    /// Mean seconds of the objective and the optimizer; absent in inference.
    var objective: Double?, optimizer: Double?

    init(
      _ result: StepBenchmark.Result, _ benchmark: StepBenchmark, isTraining: Bool,
      _ machine: Machine
    ) {
      let network = benchmark.network
      let batch = Double(benchmark.batchSize)
      seconds = result.timing
      imagesPerSecond = batch / result.timing.median
      operationsPerSecond =
        2 * Double(network.multiplyAdds(training: isTraining)) * imagesPerSecond
      partOfPeak = operationsPerSecond / machine.operations
      pageFaultsPerStep = result.pageFaults
      allocationsPerStep = result.allocations
      objectiveAllocations = result.objectiveAllocations
      layers = network.layers.indices.map {
        let operations = result.work[$0]?.operations(images: benchmark.batchSize)
        let bytes = result.work[$0]?.bytes(images: benchmark.batchSize)
        return Layer(
          index: $0, layer: network.layers[$0].text, output: network.shapes[$0 + 1].description,
          forward: result.forward[$0], backward: isTraining ? result.backward[$0] : nil,
          operations: operations, bytes: bytes,
          arithmeticSeconds: operations.map { Double($0) / machine.operations },
          memorySeconds: bytes.map { Double($0) / machine.bytes },
          effective: 2 * batch * Double(network.multiplyAdds(ofLayer: $0)))
      }
      objective = isTraining ? result.objective : nil
      optimizer = isTraining ? result.optimizer : nil
    }

    /// Mean seconds of all measured parts.
    var total: Double {
      layers.reduce((objective ?? 0) + (optimizer ?? 0)) { $0 + $1.forward + ($1.backward ?? 0) }
    }

    /// Convolutions and dense layers have multiplications; the rest only moves values.
    func secondsOutsideProducts(_ network: Network) -> Double {
      layers.filter { network.multiplyAdds(ofLayer: $0.index) > 0 }
        .reduce(total) { $0 - $1.forward - ($1.backward ?? 0) }
    }
  }

  var model: String, architecture: String
  var imageSize: Int, batchSize: Int, threads: Int
  var parameterCount: Int, multiplyAdds: Int
  var losses: [Float]?, logits: [Float]?
  var peakOperationsPerSecond = 0.0
  /// Absent where no inference is measured.
  var readBytesPerSecond: Double?
  var training: Work?, inference: Work?
  /// Bytes.
  var peakMemory = 0

  let network: Network
  private enum CodingKeys: String, CodingKey {
    case model, architecture, imageSize, batchSize, threads, parameterCount, multiplyAdds, losses
    case logits, peakOperationsPerSecond, readBytesPerSecond, training, inference, peakMemory
  }

  init(name: String, benchmark: StepBenchmark, threads: Int) {
    network = benchmark.network
    model = name
    architecture = network.architecture.description
    imageSize = network.inputShape.width
    batchSize = benchmark.batchSize
    self.threads = threads
    parameterCount = network.parameterLayout.count
    multiplyAdds = network.multiplyAdds(training: false)
  }

  /// For people.
  var lines: [String] {
    var lines = [
      "\(model) at \(imageSize)×\(imageSize), batch \(batchSize), \(threads.counted("thread")) · "
        + "\(parameterCount.grouped) parameters · \((Double(multiplyAdds) / 1e6).digits(0)) MMAC",
      "",
    ]
    if let losses {
      lines += ["losses     " + losses.map { "\($0)" }.joined(separator: " "), ""]
    }
    if let training { lines += summary(training, "training", "step") }
    if let inference { lines += summary(inference, "inference", "batch") }
    lines += [
      "peak       \((peakOperationsPerSecond / 1e9).digits(0)) GFLOP/s multiply-adds in registers, "
        + (readBytesPerSecond.map { "reads \(($0 / 1e9).digits(0)) GB/s, " } ?? "")
        + "\((Double(peakMemory) / 0x1p20).digits(0)) MB used",
      "",
    ]
    if let training { lines += table(training) }
    if let inference { lines += (training == nil ? [] : [""]) + rates(inference) }
    return lines
  }

  private func summary(_ work: Work, _ name: String, _ unit: String) -> [String] {
    let time = work.seconds
    return [
      "\(name.left(10)) \(time.median.milliseconds) ms a \(unit)"
        + " (quartiles \(time.lowerQuartile.milliseconds) to \(time.upperQuartile.milliseconds), "
        + "\(time.count) times)",
      "           \(work.imagesPerSecond.digits(1)) images/s · "
        + "\((work.operationsPerSecond / 1e9).digits(1)) GFLOP/s, "
        + "\(work.partOfPeak.percentage()) of the peak",
      "           \(work.pageFaultsPerStep.digits(1)) page faults · outside products "
        + (work.secondsOutsideProducts(network) / max(time.median, 1e-12)).percentage()
        + (work.allocationsPerStep.map { " · \($0.counted("allocation"))" } ?? ""),
    ]
  }

  private func table(_ work: Work) -> [String] {
    func row(_ name: String, _ output: String, _ forward: Double?, _ backward: Double?) -> String {
      [
        name.fitted(36).left(36), output.left(13),
        (forward?.milliseconds ?? "").right(9), (backward?.milliseconds ?? "").right(9),
        (((forward ?? 0) + (backward ?? 0)) / max(work.total, 1e-12)).percentage().right(8),
      ].joined(separator: " ")
    }
    return [
      "\("layer".left(36)) \("output".left(13))  forward  backward    share"
    ]
      + work.layers.map { layer in
        let name = "\("\(layer.index)".right(2)) \(layer.layer)"
        // It was fused with the layer above.
        guard layer.forward > 0 else { return "\(name.fitted(36).left(36)) \(layer.output)" }
        return row(name, layer.output, layer.forward, layer.backward)
      }
      + (work.optimizer == nil
        ? []
        : [
          row("   objective", "", work.objective, nil),
          row("   optimizer", "", nil, work.optimizer),
        ])
  }
}
