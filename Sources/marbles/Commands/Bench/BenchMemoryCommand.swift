import ArgumentParser
import Benchmarking
import ConvNet
import Optimization
import Support
import Tensors
import Training

struct BenchMemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory",
    abstract: "Measures the memory of a model's training step, and where it is.",
    usage: "marbles bench memory [<options>]",
    discussion: """
      Of each operation the output and other values are listed that it keeps for the
      backward pass. Expected is what 'marbles train' would announce, without images,
      evaluation and files; it is compared with what a few steps took.

      Example: marbles bench memory --model resnet9 --memory-limit 1GB
      """)

  @OptionGroup var network: NetworkOptions

  @Option(help: ArgumentHelp("Images per step.", valueName: "images")) var batchSize = 32

  @Option(
    help: "As in 'marbles train'; see 'marbles optimizers'.", completion: .optimizers,
    transform: trainingOptimizer)
  var optimizer: OptimizerChoice = .adam

  @Option(
    help: ArgumentHelp(
      "Take at most this much memory, 500MB or 1.5GiB, and compute twice what would not fit.",
      valueName: "size"), transform: memorySize)
  var memoryLimit: Int?

  @OptionGroup var computation: ComputationOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws { try check(batchSize, in: 1...65536, "--batch-size") }

  func run() throws {
    let built = try Network(
      Architecture(network.architecture ?? network.model.architectureText),
      imageSize: network.imageSize, classCount: 2)
    // With a batch of images before it is copied, and the buffers of matrix products.
    let images = batchSize * built.inputShape.count * MemoryLayout<Float>.stride
    let before = (MemoryLimit.resident ?? 0) + images + (4 << 20)
    var workers = threads.workers
    var memory = benchmark(built, workers).memory()
    if let memoryLimit {
      let room = max(0, memoryLimit - before - memory.vectors)
      workers.memoryLimit = room
      memory = benchmark(built, workers).memory()
      guard memory.passes <= room else {
        throw Failure(memoryLimit, least: before + memory.vectors + memory.passes, batchSize)
      }
    }
    try Network.requireMemory(
      memory.passes + memory.vectors, workers: workers, remedy: "lower --batch-size (\(batchSize))")
    let result = benchmark(built, workers).train(steps: 2)
    let report = MemoryReport(
      model: network.architecture == nil ? network.model.rawValue : "own network",
      batchSize: batchSize, secondsPerStep: result.timing.median, kept: memory.kept,
      program: before, passes: memory.passes, vectors: memory.vectors,
      measured: ProcessUsage().peakMemory, network: built)
    Console.output(output.json ? jsonText(report) : report.lines.joined(separator: "\n"))
  }

  private func benchmark(_ network: Network, _ workers: Workers) -> StepBenchmark {
    StepBenchmark(
      network: network, batchSize: batchSize,
      optimizer: optimizer.makeOptimizer(layout: network.parameterLayout),
      learningRate: optimizer.trainingRate, seed: 1, workers: workers,
      convolution: computation.convolution, precision: computation.precision)
  }
}

/// What `marbles bench memory` has found, bytes: as JSON, and as lines of at most 80 columns.
private struct MemoryReport: Encodable {
  struct Operation: Encodable {
    var layer: Int, operation: String, output: String
    var keptOutput: Int, saved: Int, isRepeated: Bool
  }

  var model: String, batchSize: Int
  var secondsPerStep: Double
  var operations: [Operation]
  /// The program before the steps, the passes, and parameters, gradient and optimizer.
  var program: Int, passes: Int, vectors: Int
  var expected: Int, measured: Int

  init(
    model: String, batchSize: Int, secondsPerStep: Double, kept: [Execution.KeptMemory],
    program: Int, passes: Int, vectors: Int, measured: Int, network: Network
  ) {
    (self.model, self.batchSize, self.secondsPerStep) = (model, batchSize, secondsPerStep)
    let lasts = kept.dropFirst().map { $0.layer - 1 } + [network.layers.count - 1]
    operations = zip(kept, lasts).map { kept, last in
      Operation(
        layer: kept.layer, operation: kept.operation,
        output: network.shapes[last + 1].description, keptOutput: kept.output, saved: kept.saved,
        isRepeated: kept.isRepeated)
    }
    (self.program, self.passes, self.vectors) = (program, passes, vectors)
    (expected, self.measured) = (program + passes + vectors, measured)
  }

  var lines: [String] {
    func row(_ cells: [String]) -> String {
      "\(cells[0].fitted(36).left(36)) \(cells[1].left(13))"
        + cells.dropFirst(2).map { " " + $0.right(9) }.joined()
    }
    func megabytes(_ bytes: Int) -> String {
      bytes == 0 ? "" : (Double(bytes) / 1e6).digits(1)
    }
    let total = operations.reduce(0) { $0 + $1.keptOutput + $1.saved }
    return [
      "\(model), batch \(batchSize), \(secondsPerStep.milliseconds) ms a step", "",
      row(["kept for the backward pass", "output", "MB", "saved MB"]),
    ]
      + operations.map {
        row([
          "\("\($0.layer)".right(2)) \($0.operation)", $0.output,
          megabytes($0.keptOutput), megabytes($0.saved),
        ]) + ($0.isRepeated ? "  again" : "")
      } + [row(["together", "", megabytes(total)]), ""]
      + [
        ("passes, with gradients between them", passes),
        ("parameters, gradient, optimizer", vectors), ("program before the steps", program),
        ("expected", expected), ("measured", measured),
      ].map { row([$0.0, "", megabytes($0.1)]) }
  }
}
