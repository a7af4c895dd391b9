internal import Support

/// Why a text cannot be read as a choice.
public enum ChoiceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no entry with this name.
  case unknown(kind: String, name: String, known: [String])
  /// The choice has no such parameter.
  case unknownParameter(choice: String, parameter: String, known: [String])
  /// A parameter is given twice.
  case repeated(choice: String, parameter: String)
  /// A parameter cannot have this value.
  case badValue(choice: String, parameter: String, value: String, expected: String)
  /// The choice is a formula that cannot be read.
  case formula(FormulaError)

  public var description: String {
    switch self {
    case .unknown(let kind, let name, let known):
      let hint =
        closest(to: name, in: known).map { "did you mean '\($0)'?" }
        ?? "there are \(known.joined(separator: ", "))"
      return "'\(name)' is not \("aeiou".contains(kind.first ?? "x") ? "an" : "a") \(kind); \(hint)"
    case .unknownParameter(let choice, let parameter, let known):
      if known.isEmpty { return "'\(choice)' takes no parameters, but got '\(parameter)'" }
      return "'\(choice)' has no parameter '\(parameter)'; write it as in "
        + "\(choice):\(known[0])=…; there are \(known.joined(separator: ", "))"
    case .repeated(let choice, let parameter):
      return "'\(parameter)' of '\(choice)' is given twice"
    case .badValue(let choice, let parameter, let value, let expected):
      return "'\(parameter)' of '\(choice)' is '\(value)', expected \(expected)"
    case .formula(let error): return error.description
    }
  }
}
