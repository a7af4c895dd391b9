public import Tensors

/// Why a description is not a network.
public enum ArchitectureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No layer is written like this.
  case unknownToken(String)
  /// A layer is known but its number or option is not.
  case badOption(token: String, option: String)
  /// The window of a layer is larger than what reaches it.
  case doesNotFit(layer: String, input: Shape)
  /// A dense layer needs a vector, not a map.
  case notFlat(layer: String, input: Shape)
  /// The last layer must be a bare `dense`, and only the last.
  case noHead(String)

  public var description: String {
    switch self {
    case .unknownToken(let token):
      "architecture: no layer is called '\(token)'; known are \(Architecture.knownTokens)"
    case .badOption(let token, let option):
      "architecture: '\(token)' cannot take '\(option)'; as in conv32,kernel=5,stride=2,padding=2,bias=no"
    case .doesNotFit(let layer, let input):
      "architecture: '\(layer)' does not fit on what reaches it (\(input)); use larger images or fewer pooling layers"
    case .notFlat(let layer, let input):
      "architecture: '\(layer)' needs a vector but gets a map of \(input); put 'flatten' or 'globalpool flatten' before it"
    case .noHead(let text):
      "architecture: '\(text)' must end with a bare 'dense' (one output per class), and have only one"
    }
  }
}
