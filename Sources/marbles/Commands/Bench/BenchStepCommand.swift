import ArgumentParser
import Benchmarking
import ConvNet
import Foundation
import ImageLoading
import Optimization
import Support
import Tensors
import Training

struct BenchStepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Measures a model's training step and inference.",
    usage: "marbles bench step [<options>]",
    discussion: """
      Batches are made up and already in memory, so only the network is measured.
      Rates count the multiplications of plain convolutions; a faster algorithm can
      therefore exceed the peak, which is measured just before and after.

      Example: marbles bench step --model lecture --image-size 150
      """)

  enum Work: String, CaseIterable, ExpressibleByArgument { case training, inference, both }

  @OptionGroup var network: NetworkOptions

  @Option(help: ArgumentHelp("Images per step.", valueName: "images")) var batchSize = 32

  @Option(
    help: "As in 'marbles train'; see 'marbles optimizers'.", completion: .optimizers,
    transform: trainingOptimizer)
  var optimizer: OptimizerChoice = .adam

  @Option(
    help: ArgumentHelp("The learning rate (default: that of 'marbles train').", valueName: "rate"))
  var learningRate: Float?

  @Option(help: "What to measure: training, inference or both.") var work: Work = .both

  @Option(
    help: ArgumentHelp(
      "First print the losses of this many steps, so that another program can be "
        + "compared.",
      valueName: "steps"))
  var losses = 0

  @Option(
    help: ArgumentHelp("Write the initial weights as a checkpoint.", valueName: "file"),
    completion: .checkpoint, transform: filePath)
  var save: String?

  @Option(
    help: ArgumentHelp(
      "Draw how near layers of inference come to the peak and to the speed of memory, with a table "
        + "beside it.",
      valueName: "figure"),
    completion: .figure, transform: filePath)
  var roofline: String?

  @OptionGroup var look: LookOptions
  @OptionGroup var write: WriteOptions

  @OptionGroup var computation: ComputationOptions
  @OptionGroup var bench: BenchOptions

  func validate() throws {
    try check(batchSize, in: 1...65536, "--batch-size")
    if roofline == nil {
      try LookOptions.refuse(because: "without --roofline: add it")
    } else if work == .training {
      throw ValidationError("--roofline draws inference; leave out --work training")
    }
    try check(losses, in: 0...100_000, "--losses")
    try check(learningRate ?? 1, in: Float.leastNormalMagnitude...1e6, "--learning-rate")
  }

  func run() throws {
    var outputs = Outputs(write)
    let file = try outputs.claim(save, .checkpoint, option: "--save")
    let figure = try roofline.map { try outputs.claim(figure: $0) }
    let text = network.architecture ?? network.model.architectureText
    let built = try Network(
      Architecture(text), imageSize: network.imageSize, classCount: 2)
    let workers = bench.threads.workers
    let benchmark = StepBenchmark(
      network: built, batchSize: batchSize,
      optimizer: optimizer.makeOptimizer(layout: built.parameterLayout),
      learningRate: learningRate ?? optimizer.trainingRate, seed: 1, workers: workers,
      convolution: computation.convolution, precision: computation.precision)
    try file?.write(checkpoint(of: benchmark))
    var report = StepReport(
      name: network.architecture == nil ? network.model.rawValue : "own network",
      benchmark: benchmark, threads: workers.count)
    if losses > 0 {
      report.logits = benchmark.logits()
      report.losses = benchmark.losses(steps: losses)
    }
    let precision = computation.precision
    var peak = MachineProbe.operationsPerSecond(workers: workers, precision: precision)
    let training = work == .inference ? nil : benchmark.train(for: bench.seconds)
    let inference = work == .training ? nil : benchmark.infer(for: bench.seconds)
    peak = max(peak, MachineProbe.operationsPerSecond(workers: workers, precision: precision))
    report.peakOperationsPerSecond = peak
    report.peakMemory = ProcessUsage().peakMemory
    let moved = inference?.work.reduce(0) { $0 + ($1?.bytes(images: batchSize) ?? 0) }
    report.readBytesPerSecond = moved.map {
      MachineProbe.bytesPerSecond(workers: workers, blockSize: min(max($0, 1 << 20), 1 << 28))
    }
    let machine = StepReport.Machine(
      operations: peak, bytes: report.readBytesPerSecond ?? .infinity)
    report.training = training.map { .init($0, benchmark, isTraining: true, machine) }
    report.inference = inference.map { .init($0, benchmark, isTraining: false, machine) }
    if let figure, let inference = report.inference {
      try figure.figure.write(report.roofline(inference, theme: look.theme), look.look)
      try figure.table?.write(csvText(report.roofTable(inference)))
    }
    Console.output(bench.output.json ? jsonText(report) : report.lines.joined(separator: "\n"))
  }

  private func checkpoint(of benchmark: StepBenchmark) -> Checkpoint {
    Checkpoint(
      description: ModelDescription(
        architecture: benchmark.network.architecture.description,
        model: network.architecture == nil ? network.model.rawValue : nil,
        classes: ["cat", "dog"], imageSize: network.imageSize, fit: .crop,
        normalization: Normalization(
          mean: [0.5, 0.5, 0.5], standardDeviation: [0.25, 0.25, 0.25]),
        epoch: 0, step: 0, run: "bench"),
      parameters: benchmark.parameters, statistics: benchmark.statistics)
  }
}
