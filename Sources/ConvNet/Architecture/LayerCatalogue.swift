/// The layers an architecture may be written with.
///
/// A catalogue is a value that is passed along: `Architecture(text, catalogue:
/// .standard.adding(mine))`.
public struct LayerCatalogue: Sendable {
  /// The layers, in the order of the documentation.
  public let entries: [LayerEntry]

  /// Creates a catalogue.
  ///
  /// - Precondition: No name occurs twice.
  public init(_ entries: [LayerEntry]) {
    precondition(Set(entries.map(\.name)).count == entries.count, "two layers have the same name")
    self.entries = entries
  }

  /// The layers of Marbles.
  public static let standard = LayerCatalogue([
    .convolution, .depthwise, .maximumPooling, .averagePooling, .globalAveragePooling,
    .globalMaximumPooling, .batchNormalization, .rectifier, .leakyRectifier,
    .parametricRectifier, .gelu, .silu, .sigmoid, .tanh, .dropout, .flatten, .dense, .residual,
  ])

  /// This catalogue and one more layer.
  ///
  /// - Precondition: The name is new.
  public func adding(_ entry: LayerEntry) -> LayerCatalogue { LayerCatalogue(entries + [entry]) }

  /// The layer of that name.
  public subscript(name: String) -> LayerEntry? { entries.first { $0.name == name } }

  /// A table of all layers in Markdown, as in `Documentation/Layers.md`.
  public var markdownTable: String {
    let rows = entries.map { entry in
      let required = entry.parameters.filter(\.isRequired).map(\.form)
      let options =
        entry.parameters.filter { !$0.isRequired }.map { parameter in
          code(parameter.form) + (parameter.defaultText.map { " [\($0)]" } ?? "")
        } + (entry.learns ? [code(LayerEntry.frozen)] : [])
      let columns = [
        code(([entry.name] + required).joined(separator: " ")), entry.summary,
        options.joined(separator: ", "), entry.counterpart.isEmpty ? "" : code(entry.counterpart),
      ]
      return "| \(columns.joined(separator: " | ")) |"
    }
    return
      (["| layer | what it does | options [default] | in PyTorch |", "| --- | --- | --- | --- |"]
      + rows).joined(separator: "\n")
  }

  private func code(_ text: String) -> String {
    "`\(text.replacing("|", with: "\\|"))`"
  }
}
