import ArgumentParser
import Optimization
import Support

struct ObjectivesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "objectives",
    abstract: "Lists the objectives with their defaults.",
    discussion: """
      Parameters follow a colon: huber:delta=0.5, cross-entropy:weights=1/3.

      Example: marbles objectives
      """)

  @OptionGroup var output: OutputOptions

  /// What `--json` prints.
  private struct Report: Encodable {
    var objectives: [CatalogueTable.Entry], functions: [String], variables: [String]
  }

  func run() throws {
    let entries = ObjectiveCatalogue.standard.entries
    if output.json {
      Console.output(
        jsonText(
          Report(
            objectives: entries.map { CatalogueTable.Entry($0) },
            functions: Formula.functionSignatures, variables: ObjectiveChoice.variables)))
      return
    }
    let functions = Formula.functionSignatures.lines(width: 78, separator: ", ", end: ",")
    Console.output(
      """
      \(CatalogueTable.text(entries))

      expr:FORMULA is your own, summed over the classes: y is the target of a class,
      p its softmax probability, z its logit, logp the logarithm of p, k the number of
      classes. Functions:
        \(functions.joined(separator: "\n  "))
      """)
  }
}
