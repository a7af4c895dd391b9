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
      var name: String, summary: String
      var trainingRate: Double, usualRate: Double
      var parameters: [CatalogueTable.Entry.Parameter]
    }

    var optimizers: [Optimizer]
    var shared: [CatalogueTable.Entry.Parameter]
    var methodsForSurfaces: [CatalogueTable.Entry]
  }

  func run() throws {
    let all = OptimizerChoice.all
    let shared = all.first?.parameters.shared ?? []
    if output.json {
      Console.output(
        jsonText(
          Report(
            optimizers: all.map { choice in
              Report.Optimizer(
                name: choice.name, summary: choice.summary,
                trainingRate: choice.trainingRate.decimal, usualRate: choice.usualRate.decimal,
                // Decay is shared, but its default is not.
                parameters: CatalogueTable.Entry(choice.choice.entry).parameters.filter {
                  parameter in
                  choice.parameters.own.contains { $0.name == parameter.name }
                    || parameter.name == "decay"
                })
            },
            shared: CatalogueTable.Entry(ChoiceEntry("", "", shared)).parameters,
            methodsForSurfaces: MarbleChoice.methods.map(CatalogueTable.Entry.init))))
      return
    }
    let width = 15
    var lines = ["\("name".left(width))\("rate".left(8))what it does"]
    for choice in all {
      lines.append(
        "\(choice.name.left(width))\(choice.trainingRate.decimal.short.left(8))\(choice.summary)")
      let own = choice.parameters.own.map { "\($0.name)=\($0.defaultText)" }
      let decay = choice.choice["decay"]
      let words = own + (decay > 0 ? ["decay=\(decay.short)"] : [])
      for line in words.wrapped(width: 57).split(separator: "\n") {
        lines.append(String(repeating: " ", count: width + 6) + line)
      }
    }
    Console.output(lines.joined(separator: "\n"))
    Console.output("\nrate: the default of 'marbles train', for a small network with normalization")
    Console.output("\nevery optimizer also takes")
    let catalogue = CatalogueTable.text([ChoiceEntry("", "", shared)])
    Console.output(catalogue.split(separator: "\n").dropFirst().joined(separator: "\n"))
    Console.output("\nfor surfaces alone ('marbles roll')")
    Console.output(
      CatalogueTable.text(MarbleChoice.methods.map { ChoiceEntry($0.name, $0.summary) }))
  }
}

extension Float {
  /// The same digits in double precision: 0.1, not 0.10000000149.
  fileprivate var decimal: Double { Double("\(self)") ?? Double(self) }
}

struct SurfacesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "surfaces",
    abstract: "Lists the surfaces that marbles roll on.",
    discussion: """
      Your own is 'expr:' and a formula of x, or of x and y.

      Examples:
        marbles surfaces
        marbles roll 'expr: x^2 + 3*y^2 + sin(3*x)' --optimizers sgd,adam
      """)

  @OptionGroup var output: OutputOptions

  /// What `--json` prints.
  private struct Report: Encodable {
    struct Entry: Encodable {
      var name: String, summary: String, formula: String
      var window: [[Double]], start: [Double], minima: [[Double]], lowest: Double?
    }

    var surfaces: [Entry]
  }

  func run() throws {
    if output.json {
      Console.output(
        jsonText(
          Report(
            surfaces: Surface.all.map { surface in
              Report.Entry(
                name: surface.name, summary: surface.summary, formula: "\(surface.formula)",
                window: surface.window.map { [$0.lowerBound, $0.upperBound] },
                start: surface.start, minima: surface.minima, lowest: surface.lowest)
            })))
      return
    }
    for dimension in 1...2 {
      Console.output(dimension == 1 ? "curves" : "\nsurfaces")
      for surface in Surface.all where surface.dimension == dimension {
        Console.output("  \(surface.name.left(18))\(surface.summary)")
        Console.output("\(String(repeating: " ", count: 20))\("\(surface.formula)".fitted(60))")
      }
    }
  }
}
