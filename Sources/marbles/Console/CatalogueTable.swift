import Optimization

/// The entries of a catalogue as text for people and as values for programs.
enum CatalogueTable {
  /// A line for each entry, and its parameters below it.
  static func text(_ entries: [any CatalogueEntry]) -> String {
    let width = (entries.map(\.name.count).max() ?? 0) + 2
    let column = (entries.flatMap(\.parameters).map { assignment($0).count }.max() ?? 0) + 1
    return entries.flatMap { entry in
      [entry.name.left(width) + entry.summary]
        + lines(entry.parameters, indent: width + 2, column: column)
    }.joined(separator: "\n")
  }

  /// A line for each parameter.
  static func text(_ parameters: [ChoiceParameter]) -> String {
    let column = (parameters.map { assignment($0).count }.max() ?? 0) + 1
    return lines(parameters, indent: 4, column: column).joined(separator: "\n")
  }

  /// Names and summaries alone.
  static func names(_ entries: [any CatalogueEntry]) -> String {
    let width = (entries.map(\.name.count).max() ?? 0) + 2
    return entries.map { $0.name.left(width) + $0.summary }.joined(separator: "\n")
  }

  /// A parameter with its default, as in `beta1=0.9`.
  static func assignment(_ parameter: ChoiceParameter) -> String {
    "\(parameter.name)=\(parameter.defaultText.isEmpty ? "…" : parameter.defaultText)"
  }

  private static func lines(
    _ parameters: [ChoiceParameter], indent: Int, column: Int
  ) -> [String] {
    parameters.map {
      String(repeating: " ", count: indent) + assignment($0).left(column) + $0.summary
    }
  }

  /// A parameter as `--json` prints it.
  struct Parameter: Encodable {
    var name: String, defaultValue: String, summary: String

    init(_ parameter: ChoiceParameter) {
      name = parameter.name
      defaultValue = parameter.defaultText
      summary = parameter.summary
    }
  }

  /// An entry as `--json` prints it.
  struct Entry: Encodable {
    var name: String, summary: String, parameters: [Parameter]

    init(_ entry: any CatalogueEntry) {
      name = entry.name
      summary = entry.summary
      parameters = entry.parameters.map(Parameter.init)
    }
  }
}
