import ArgumentParser

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures the speed and the memory of training, kernels, decoding and processes.",
    discussion: "Example: marbles bench step --model kitten",
    subcommands: [
      BenchStepCommand.self, BenchMemoryCommand.self, BenchKernelsCommand.self,
      BenchDecodeCommand.self, BenchScalingCommand.self,
    ])
}

/// How long to measure.
struct BenchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How long to measure each rate.", valueName: "seconds"))
  var seconds = 2.0

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws { try check(seconds, in: 0...3600, "--seconds") }
}
