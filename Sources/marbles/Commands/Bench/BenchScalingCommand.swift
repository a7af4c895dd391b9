import ArgumentParser
import Benchmarking
import ConvNet
import Foundation
import MessagePassing
import Optimization
import Plotting
import Support
import Tensors
import Training

struct BenchScalingCommand: SharedCommand {
  static let configuration = CommandConfiguration(
    commandName: "scaling",
    abstract: "Measures how much faster several processes train.",
    usage: "mpirun -np <ranks> marbles bench scaling [<options>]",
    discussion: """
      Measures training steps in one process, in 2, 4, … and in all that mpirun has
      started, how much of a step is communication, and what a model predicts from
      the time of a call and of a byte. Batches are made up and already in memory.

      Example: mpirun -np 2 marbles bench scaling --model tabby
      """)

  @OptionGroup var network: NetworkOptions

  @Option(help: ArgumentHelp("Images per step, of all ranks together.", valueName: "images"))
  var batchSize = 32

  @Option(
    help: ArgumentHelp(
      "Draw the efficiency over the ranks, with a table beside it.", valueName: "figure"),
    completion: .figure, transform: filePath)
  var figure: String?

  @OptionGroup var look: LookOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var bench: BenchOptions

  func validate() throws {
    try check(batchSize, in: 1...65536, "--batch-size")
    if figure == nil { try LookOptions.refuse(because: "without --figure: add it") }
  }

  func run() throws {
    guard let ranks = try Ranks.joinAsCommand() else {
      throw Failure(
        .usage, "several processes are measured; start them: mpirun -np 2 marbles bench scaling")
    }
    guard batchSize >= ranks.count else {
      throw Failure(
        .usage,
        "a batch of \(batchSize.counted("image")) cannot be divided among \(ranks.count) ranks; "
          + "give a larger --batch-size")
    }
    var outputs = Outputs(write)
    let files = try ranks.leads ? figure.map { try outputs.claim(figure: $0) } : nil
    let built = try Network(
      Architecture(network.architecture ?? network.model.architectureText),
      imageSize: network.imageSize, classCount: 2)
    let optimizer = OptimizerChoice.adam
    let threads = bench.threads.workers(among: ranks).count
    var benchmark = ScalingBenchmark(threads: threads, seconds: bench.seconds) { workers in
      StepBenchmark(
        network: built, batchSize: batchSize,
        optimizer: optimizer.makeOptimizer(layout: built.parameterLayout),
        learningRate: optimizer.trainingRate, seed: 1, workers: workers)
    }
    var results: [ScalingBenchmark.Result] = []
    // Powers of two, and all.
    for count in (1..<ranks.count).filter({ $0 & ($0 - 1) == 0 }) + [ranks.count] {
      guard let group = ranks.first(count) else { continue }
      try results.append(count == 1 ? benchmark.measureAlone() : benchmark.measure(group))
    }
    guard ranks.leads else { return }
    let report = ScalingReport(
      model: network.architecture == nil ? network.model.rawValue : "own network",
      imageSize: network.imageSize, batchSize: batchSize, threads: threads,
      parameterCount: built.parameterLayout.count, hosts: Set(ranks.hosts).count,
      results: results)
    if let files {
      try files.figure.write(report.figure(theme: look.theme), look.look)
      try files.table?.write(csvText(report.table))
    }
    Console.output(bench.output.json ? jsonText(report) : report.lines.joined(separator: "\n"))
  }
}
