import ArgumentParser
import ConvNet
import Support
import Training

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Lists the named networks, or describes one layer by layer.",
    usage: "marbles models [<model>] [<options>]",
    discussion: """
      'marbles layers' lists the layers an architecture is written with.

      Example: marbles models tabby --image-size 128
      """)

  @Argument(help: "A named network to describe.") var model: NamedModel?

  @Option(
    help: ArgumentHelp(
      "Describe your own network instead, as in 'conv 32, relu, pool 2, flatten, dense'.",
      valueName: "layers"))
  var architecture: String?

  @Option(help: ArgumentHelp("Rows and columns of the input.", valueName: "pixels"))
  var imageSize = 64

  @Option(help: ArgumentHelp("Number of classes.", valueName: "n")) var classes = 2

  @Flag(help: "Print one JSON object on standard output, and nothing else there.") var json = false

  func validate() throws {
    try check(imageSize, in: 8...1024, "--image-size")
    try check(classes, in: 2...100_000, "--classes")
    if model != nil, architecture != nil {
      throw ValidationError("choose a named network or --architecture, not both")
    }
  }

  /// What `--json` prints for a network.
  private struct Entry: Encodable {
    var name: String?, summary: String?
    var architecture: String
    var imageSize: Int, classes: Int
    var network: NetworkSummary
  }

  private struct Catalogue: Encodable { var models: [Entry] }

  func run() throws {
    if let architecture {
      try describe(entry(nil, Architecture(architecture)))
    } else if let model {
      try describe(entry(model, Architecture(model.architectureText)))
    } else {
      let entries = try NamedModel.allCases.map { model in
        try entry(model, Architecture(model.architectureText))
      }
      if json { return Console.output(jsonText(Catalogue(models: entries))) }
      Console.output(
        "\("model".left(9)) \("parameters".right(11)) \("mult-add".right(9))   at "
          + "\(imageSize)×\(imageSize) pixels"
      )
      for entry in entries {
        Console.output(
          "\((entry.name ?? "").left(9)) \(entry.network.parameters.grouped.right(11)) "
            + "\(entry.network.multiplyAdds.scaled.right(9))   \(entry.summary ?? "")"
        )
      }
    }
  }

  private func entry(_ model: NamedModel?, _ architecture: Architecture) throws -> Entry {
    Entry(
      name: model?.rawValue, summary: model?.summary, architecture: architecture.description,
      imageSize: imageSize, classes: classes,
      network: NetworkSummary(
        try Network(architecture, imageSize: imageSize, classCount: classes)))
  }

  private func describe(_ entry: Entry) throws {
    if json { return Console.output(jsonText(entry)) }
    if let name = entry.name, let summary = entry.summary {
      Console.output("\(name): \(summary)")
    }
    Console.output(entry.architecture)
    Console.output("")
    for line in entry.network.lines(batchSize: 1) { Console.output(line) }
  }
}
