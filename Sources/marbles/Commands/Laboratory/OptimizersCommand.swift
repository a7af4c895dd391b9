import ArgumentParser
import Optimization
import Support
import Training

struct OptimizersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "optimizers",
    abstract: "Lists the optimizers with their defaults.",
    discussion: """
      All of them train networks and roll on surfaces. Parameters follow a colon:
      adam:beta1=0.5,decay=0.01. Those at the end fit every optimizer.

      Example: marbles optimizers
      """)

  @OptionGroup var output: OutputOptions

  /// What `--json` prints.
  private struct Report: Encodable {
    struct Optimizer: Encodable {
      var name: String, summary: String, family: String
      var trainingRate: Double, usualRate: Double
      var parameters: [CatalogueTable.Parameter]
    }

    var optimizers: [Optimizer]
    var shared: [CatalogueTable.Parameter]
    var methodsForSurfaces: [CatalogueTable.Entry]
  }

  private var catalogue: MarbleCatalogue { .standard }

  func run() throws {
    Console.output(output.json ? jsonText(report) : text)
  }

  private var shared: [ChoiceParameter] { catalogue.optimizers.sharedParameters() }

  private func decay(of optimizer: OptimizerEntry) -> [ChoiceParameter] {
    catalogue.optimizers.sharedParameters(decay: optimizer.decay).filter { $0.name == "decay" }
  }

  private var report: Report {
    Report(
      optimizers: catalogue.optimizers.optimizers.entries.map { entry in
        Report.Optimizer(
          name: entry.name, summary: entry.summary, family: entry.family.rawValue,
          trainingRate: entry.trainingRate, usualRate: entry.usualRate,
          // Decay is shared, but its default is not.
          parameters: (entry.parameters + decay(of: entry)).map(CatalogueTable.Parameter.init))
      },
      shared: shared.map(CatalogueTable.Parameter.init),
      methodsForSurfaces: catalogue.methods.entries.map { CatalogueTable.Entry($0) })
  }

  private var text: String {
    let width = 15
    var lines = ["\("name".left(width))\("rate".left(8))what it does"]
    for entry in catalogue.optimizers.optimizers.entries {
      lines.append(entry.name.left(width) + entry.trainingRate.short.left(8) + entry.summary)
      let parameters = entry.parameters + (entry.decay > 0 ? decay(of: entry) : [])
      for line in parameters.map(CatalogueTable.assignment).lines(
        width: 55, separator: ", ", end: ",")
      {
        lines.append(String(repeating: " ", count: width + 8) + line)
      }
    }
    return """
      \(lines.joined(separator: "\n"))

      rate: the default of 'marbles train', for a small network with normalization

      every optimizer also takes
      \(CatalogueTable.text(shared))

      for surfaces only ('marbles roll')
      \(CatalogueTable.names(catalogue.methods.entries))
      """
  }
}
