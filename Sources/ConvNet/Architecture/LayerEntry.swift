/// A layer in a catalogue: its name, its parameters, and how it is made.
///
/// All words of a layer are defined here: entries read, write and explain architectures.
public struct LayerEntry: Sendable {
  /// The name, as it is written.
  public let name: String
  /// What the layer does, in a line.
  public let summary: String
  /// Its counterpart in PyTorch.
  public let counterpart: String
  /// Its parameters, those without a name first.
  public let parameters: [LayerParameter]
  /// Whether it has parameters and may therefore be frozen.
  public let learns: Bool
  let make: @Sendable (LayerValues) throws(LayerValueError) -> any Layer

  /// Creates an entry.
  ///
  /// - Precondition: Parameters without a name come before the others, and no name occurs twice.
  public init(
    _ name: String, _ summary: String, parameters: [LayerParameter] = [], learns: Bool = false,
    counterpart: String = "",
    make: @escaping @Sendable (LayerValues) throws(LayerValueError) -> any Layer
  ) {
    precondition(
      Set(parameters.map(\.name)).count == parameters.count, "'\(name)' has a parameter twice")
    precondition(
      !zip(parameters, parameters.dropFirst()).contains { $0.isNamed && !$1.isNamed },
      "'\(name)' has a parameter without a name after one with a name")
    self.name = name
    self.summary = summary
    self.counterpart = counterpart
    self.parameters = parameters
    self.learns = learns
    self.make = make
  }

  /// The word that freezes a layer with parameters; written last.
  static let frozen = "frozen"

  /// The text of a layer in canonical form: defaults left out, in the order of the parameters.
  public func text(_ values: KeyValuePairs<String, LayerValue?> = [:]) -> String {
    var words = [name]
    for parameter in parameters {
      let given = values.first { $0.key == parameter.name }?.value
      guard let value = given, value != parameter.defaultValue || parameter.isAlwaysWritten else {
        continue
      }
      if parameter.isNamed { words.append(parameter.name) }
      switch value {
      case .flag: break
      case .size(let height, let width) where height == width && parameter.isRequired:
        words.append("\(height)")
      default: words.append(value.text)
      }
    }
    return words.joined(separator: " ")
  }

  /// Everything that may follow the name, in words.
  var takes: String {
    let words =
      parameters.map { $0.isNamed ? $0.name : $0.expected } + (learns ? [Self.frozen] : [])
    guard let last = words.last else { return "nothing more" }
    return words.count == 1
      ? last : words.dropLast().joined(separator: ", ") + " and " + last
  }
}
