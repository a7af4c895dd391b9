import ArgumentParser
import ConvNet
import Support
import Tensors
import Training

struct GradientCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradcheck",
    abstract: "Compares backpropagation with finite differences, layer by layer.",
    usage: "marbles gradcheck [<options>]",
    discussion: """
      Each layer runs by itself on random values of the shape that reaches it. All
      elements of its input and its parameters are moved a little up and down, in
      groups; what that does to the output must match backpropagation. Outputs with
      a kink in between are left out, and what rounding explains is no error. Exits
      with 1 if a relative error is above 0.0001.

      Example: marbles gradcheck --architecture "conv 8, gelu, flatten, dense"
      """)

  @OptionGroup var network: NetworkOptions

  @Option(help: ArgumentHelp("Images in the batch.", valueName: "images")) var batchSize = 2

  @Option(
    help: ArgumentHelp("Groups into which the elements of each array are divided.", valueName: "n"))
  var samples = 64

  @Option(help: "Seed of the random values: same seed, same check.") var seed: UInt64 = 1

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object on standard output, and nothing else there.") var json = false

  func validate() throws {
    try check(batchSize, in: 1...1024, "--batch-size")
    try check(samples, in: 1...1_000_000, "--samples")
  }

  /// What `--json` prints.
  private struct Report: Encodable {
    struct Row: Encodable {
      var place: Int, passes: Bool
      var check: GradientCheck
    }
    var architecture: String
    var tolerance: Double
    var passes: Bool
    var checks: [Row]
  }

  func run() throws {
    let network = try Network(
      Architecture(network.architecture ?? network.model.architectureText),
      imageSize: network.imageSize, classCount: 2)
    var rows: [Report.Row] = []
    if !json { Console.output(line("layer", "array", "checked", "kinks", "error")) }
    for (place, layer) in network.layers.enumerated() {
      let checks = try GradientCheck.check(
        layer, on: network.shapes[place].batch(batchSize), samples: samples, seed: seed,
        workers: threads.workers)
      for check in checks {
        rows.append(.init(place: place, passes: check.passes, check: check))
        guard !json else { continue }
        Console.output(
          line(
            "\(place) \(check.layer)", check.array, "\(check.checked)", "\(check.skipped)",
            "\(check.relativeError.short)\(check.passes ? "" : "  wrong")"))
      }
    }
    let wrong = rows.filter { !$0.passes }
    if json {
      Console.output(
        jsonText(
          Report(
            architecture: network.architecture.description, tolerance: GradientCheck.tolerance,
            passes: wrong.isEmpty, checks: rows)))
    }
    if let first = wrong.first {
      throw Failure(
        .failed,
        "gradients: \(wrong.count) of \(rows.count.counted("array")) differ by more "
          + "than \(GradientCheck.tolerance.short), the first is "
          + "'\(first.check.array)' of layer \(first.place) (\(first.check.layer))"
      )
    }
  }

  private func line(
    _ layer: String, _ array: String, _ checked: String, _ skipped: String, _ error: String
  ) -> String {
    "\(layer.fitted(30).left(30)) \(array.left(18)) \(checked.right(7)) "
      + "\(skipped.right(6))  \(error)"
  }
}
