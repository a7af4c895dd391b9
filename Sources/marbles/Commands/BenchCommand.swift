import ArgumentParser

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures how fast training, kernels and decoding are here.",
    discussion: "Example: marbles bench step --model kitten",
    subcommands: [BenchStepCommand.self, BenchKernelsCommand.self, BenchDecodeCommand.self])
}

/// How long is measured.
struct BenchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How long to measure each figure.", valueName: "seconds"))
  var seconds = 2.0

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws { try check(seconds, in: 0...3600, "--seconds") }
}
