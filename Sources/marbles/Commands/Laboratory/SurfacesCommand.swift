import ArgumentParser
import Optimization
import Support

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
            surfaces: SurfaceCatalogue.standard.entries.map { surface in
              Report.Entry(
                name: surface.name, summary: surface.summary, formula: "\(surface.formula)",
                window: surface.window.map { [$0.lowerBound, $0.upperBound] },
                start: surface.start, minima: surface.minima, lowest: surface.lowest)
            })))
      return
    }
    for dimension in 1...2 {
      Console.output(dimension == 1 ? "curves" : "\nsurfaces")
      for surface in SurfaceCatalogue.standard.entries where surface.dimension == dimension {
        Console.output("  \(surface.name.left(18))\(surface.summary)")
        for line in "\(surface.formula)".split(separator: " ").map(String.init)
          .lines(width: 60, separator: " ")
        {
          Console.output("\(String(repeating: " ", count: 20))\(line)")
        }
      }
    }
  }
}
