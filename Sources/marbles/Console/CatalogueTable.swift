import Optimization

/// What can be chosen by name: printed for people, encoded for programs.
enum CatalogueTable {
  /// One name, what it does, and its parameters below it.
  static func text(_ entries: [ChoiceEntry]) -> String {
    let width = (entries.map(\.name.count).max() ?? 0) + 2
    let starts = entries.flatMap(\.parameters).map(start)
    let startWidth = (starts.map(\.count).max() ?? 0) + 1
    return entries.flatMap { entry in
      ["\(entry.name.left(width))\(entry.summary)"]
        + entry.parameters.map { parameter in
          String(repeating: " ", count: width) + "  "
            + start(parameter).left(startWidth) + parameter.summary
        }
    }.joined(separator: "\n")
  }

  private static func start(_ parameter: ChoiceParameter) -> String {
    "\(parameter.name)=\(parameter.defaultText.isEmpty ? "…" : parameter.defaultText)"
  }

  /// An entry as `--json` prints it.
  struct Entry: Encodable {
    struct Parameter: Encodable {
      var name: String, defaultValue: String, summary: String
    }

    var name: String, summary: String, parameters: [Parameter]

    init(_ entry: ChoiceEntry) {
      name = entry.name
      summary = entry.summary
      parameters = entry.parameters.map {
        Parameter(name: $0.name, defaultValue: $0.defaultText, summary: $0.summary)
      }
    }
  }
}
