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
      a kink in between are left out (column kinks), and what rounding explains is
      no difference. That of parameters is relative to the typical gradient of a
      single one, so that an error of 1% in one weight is found. Exits with 1 if a
      difference is above 0.001.

      Example: marbles gradcheck --architecture "conv 8, gelu, flatten, dense"
      """)

  @OptionGroup var network: NetworkOptions

  @Option(help: ArgumentHelp("Images in the batch.", valueName: "images")) var batchSize = 2

  @Option(
    help: ArgumentHelp(
      "Groups for each array, at least; a group has at most 32,768 elements.", valueName: "n"))
  var samples = 16

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
    var verdict: String
    var checks: [Row]
  }

  func run() throws {
    let network = try Network(
      Architecture(network.architecture ?? network.model.architectureText),
      imageSize: network.imageSize, classCount: 2)
    var rows: [Report.Row] = []
    if !json { Console.output(line("layer", "array", "checked", "kinks", "difference")) }
    for (place, layer) in network.layers.enumerated() {
      let checks = try GradientCheck.check(
        layer, on: network.shapes[place].batch(batchSize), samples: samples, seed: seed,
        workers: threads.workers)
      for check in checks {
        rows.append(.init(place: place, passes: check.passes, check: check))
        guard !json else { continue }
        Console.output(
          line(
            "\(place) \(check.layer)", check.array, check.checked.grouped,
            check.skippedFraction.percentage(),
            "\(check.relativeError.short)\(check.passes ? "" : "  wrong")"))
      }
    }
    let verdict = verdict(rows)
    let isRight = rows.allSatisfy(\.passes)
    if json {
      Console.output(
        jsonText(
          Report(
            architecture: network.architecture.description, tolerance: GradientCheck.tolerance,
            passes: isRight, verdict: verdict, checks: rows)))
    } else if isRight {
      Console.output(verdict)
    }
    guard isRight else { throw Failure(.failed, verdict) }
  }

  /// The closing line.
  private func verdict(_ rows: [Report.Row]) -> String {
    let worst = rows.max { $0.check.relativeError < $1.check.relativeError }
    let difference = "relative difference \((worst?.check.relativeError ?? 0).short)"
    guard let worst, !worst.passes else {
      return "gradients are right: \(rows.count.counted("array")), largest \(difference)"
    }
    return "gradients are wrong: \(worst.place).\(worst.check.array), \(difference)"
  }

  private func line(
    _ layer: String, _ array: String, _ checked: String, _ skipped: String, _ error: String
  ) -> String {
    "\(layer.fitted(30).left(30)) \(array.left(16)) \(checked.right(9)) "
      + "\(skipped.right(6))  \(error)"
  }
}
