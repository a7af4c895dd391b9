import ArgumentParser
import ConvNet
import Support

struct LayersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layers",
    abstract: "Lists the layers an architecture is written with.",
    discussion: """
      A layer is its name and, after it, what it is given: conv 32 3x3 stride 2.
      Layers are separated by commas. Values in brackets hold when nothing is
      given.

      Examples:
        marbles layers
        marbles models --architecture 'conv 32, relu, pool 2, flatten, dense'
      """)

  @OptionGroup var output: OutputOptions

  /// What `--json` prints.
  private struct Report: Encodable {
    struct Layer: Encodable {
      var name: String, summary: String, inPyTorch: String, isFreezable: Bool
      var parameters: [Parameter]
    }

    struct Parameter: Encodable {
      var form: String, isRequired: Bool, defaultValue: String?, summary: String
    }

    var layers: [Layer]
  }

  func run() throws {
    let entries = LayerCatalogue.standard.entries
    Console.output(
      output.json
        ? jsonText(Report(layers: entries.map(Self.layer)))
        : entries.flatMap(Self.lines).joined(separator: "\n"))
  }

  private static func layer(_ entry: LayerEntry) -> Report.Layer {
    Report.Layer(
      name: entry.name, summary: entry.summary, inPyTorch: entry.counterpart,
      isFreezable: entry.learns,
      parameters: entry.parameters.map {
        Report.Parameter(
          form: $0.form, isRequired: $0.isRequired, defaultValue: $0.defaultText,
          summary: $0.summary)
      })
  }

  /// A line for the layer, and one below it for each thing it can be given.
  private static func lines(_ entry: LayerEntry) -> [String] {
    let options = entry.parameters.map { parameter in
      guard !parameter.isRequired, let value = parameter.defaultText else {
        return (parameter.form, parameter.summary)
      }
      let summary = value == parameter.summary ? "" : "\(parameter.summary) "
      return (parameter.form, "\(summary)[\(value)]")
    }
    let frozen = entry.learns ? [("frozen", "keeps its values while training")] : []
    return [entry.name.left(17) + entry.summary]
      + (options + frozen).map { form, summary in
        "    " + form.left(max(26, form.count + 2)) + summary
      }
  }
}
