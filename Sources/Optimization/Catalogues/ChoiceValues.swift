/// The values of all parameters of a choice.
public struct ChoiceValues: Hashable, Sendable, CustomStringConvertible {
  /// The name of what was chosen.
  public let name: String
  /// The parameters, in the order in which they are written.
  public let parameters: [ChoiceParameter]
  /// Values that were given and differ from their defaults.
  private var given: [String: [Double]] = [:]

  /// Defaults for all parameters.
  public init(of name: String, parameters: [ChoiceParameter]) {
    self.name = name
    self.parameters = parameters
  }

  /// Reads `key=value,key=value`.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  init(_ text: ChoiceText, parameters: [ChoiceParameter]) throws(ChoiceError) {
    self.init(of: text.name, parameters: parameters)
    guard let pairs = text.parameters else { return }
    var seen: Set<String> = []
    for text in pairs.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let key = String(pair[0])
      guard let parameter = parameters.first(where: { $0.name == key }) else {
        throw .unknownParameter(choice: name, parameter: key, known: parameters.map(\.name))
      }
      guard seen.insert(key).inserted else { throw .repeated(choice: name, parameter: key) }
      let value = pair.count == 2 ? String(pair[1]) : ""
      do {
        let values = try parameter.values(in: value)
        given[key] = values == parameter.defaultValues ? nil : values
      } catch {
        throw .badValue(choice: name, parameter: key, value: value, expected: error.text)
      }
    }
  }

  /// The value of a parameter; 1 or 0 for a flag.
  ///
  /// - Precondition: There is such a parameter, and it is no list.
  public subscript(_ parameter: String) -> Double {
    let values = list(parameter)
    precondition(values.count == 1, "'\(parameter)' of '\(name)' is a list")
    return values[0]
  }

  /// A parameter in single precision, which optimizers use.
  public func float(_ parameter: String) -> Float { Float(self[parameter]) }

  /// A whole number.
  public func count(_ parameter: String) -> Int { Int(self[parameter]) }

  /// Whether a flag is set.
  public func flag(_ parameter: String) -> Bool { self[parameter] == 1 }

  /// The values of a list.
  ///
  /// - Precondition: There is such a parameter.
  public func list(_ parameter: String) -> [Double] {
    given[parameter] ?? known(parameter).defaultValues
  }

  /// These values, but a parameter at its default.
  func resetting(_ parameter: String) -> ChoiceValues {
    var values = self
    values.given[parameter] = nil
    return values
  }

  /// Whether a parameter is at its default.
  public func isDefault(_ parameter: String) -> Bool { given[parameter] == nil }

  /// The values of a parameter in text.
  func text(_ parameter: String) -> String { known(parameter).text(of: list(parameter)) }

  /// The shortest text that means the same: parameters at their default are left out.
  public var description: String {
    let pairs = parameters.filter { !isDefault($0.name) }.map { "\($0.name)=\(text($0.name))" }
    return pairs.isEmpty ? name : "\(name):\(pairs.joined(separator: ","))"
  }

  private func known(_ name: String) -> ChoiceParameter {
    guard let parameter = parameters.first(where: { $0.name == name }) else {
      preconditionFailure("'\(self.name)' has no parameter '\(name)'")
    }
    return parameter
  }
}
