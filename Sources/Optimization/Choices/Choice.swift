/// Something one can choose by name, and its parameters.
public struct ChoiceEntry: Hashable, Sendable {
  /// How it is written.
  public let name: String
  /// What it does, in a line.
  public let summary: String
  /// What it can be given.
  public let parameters: [ChoiceParameter]

  /// Creates an entry.
  public init(_ name: String, _ summary: String, _ parameters: [ChoiceParameter] = []) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
  }
}

/// An entry of a catalogue with every parameter decided.
///
/// The text is `name` or `name:key=value,key=value`: `huber`, `huber:delta=0.5`,
/// `multi-step:at=0.5/0.75,factor=0.2`. Parameters that are not named have their defaults.
public struct Choice: Hashable, Sendable, CustomStringConvertible {
  /// What was chosen.
  public let entry: ChoiceEntry
  private let values: [String: [Double]]

  /// Reads a choice.
  ///
  /// - Parameters:
  ///   - text: The name and perhaps parameters.
  ///   - catalogue: What there is to choose from.
  ///   - kind: What the entries are called, as in "objective".
  /// - Throws: `ChoiceError` that says what was expected.
  public init(
    _ text: String, from catalogue: [ChoiceEntry], kind: String
  ) throws(ChoiceError) {
    let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(halves.first ?? "")
    guard let entry = catalogue.first(where: { $0.name == name }) else {
      throw .unknown(kind: kind, name: name, known: catalogue.map(\.name))
    }
    var values: [String: [Double]] = [:]
    if halves.count == 2 {
      for part in halves[1].split(separator: ",", omittingEmptySubsequences: false) {
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let key = String(pair[0])
        guard let parameter = entry.parameters.first(where: { $0.name == key }) else {
          throw .unknownParameter(
            choice: name, parameter: key, known: entry.parameters.map(\.name))
        }
        guard values[key] == nil else { throw .repeated(choice: name, parameter: key) }
        let value = pair.count == 2 ? String(pair[1]) : ""
        do {
          values[key] = try parameter.values(in: value)
        } catch {
          throw .badValue(choice: name, parameter: key, value: value, expected: error.text)
        }
      }
    }
    self.entry = entry
    self.values = values
  }

  /// An entry with all its defaults.
  public init(_ entry: ChoiceEntry) {
    self.entry = entry
    values = [:]
  }

  /// How it is written.
  public var name: String { entry.name }

  /// The number or flag (1 or 0) of a parameter.
  ///
  /// - Precondition: The entry has it.
  public subscript(_ parameter: String) -> Double { list(parameter)[0] }

  /// The numbers of a parameter.
  ///
  /// - Precondition: The entry has it.
  public func list(_ parameter: String) -> [Double] {
    guard let known = entry.parameters.first(where: { $0.name == parameter }) else {
      preconditionFailure("\(name) has no parameter \(parameter)")
    }
    return values[parameter] ?? known.defaultValues
  }

  /// The numbers of a parameter as they would be written.
  func text(_ parameter: String) -> String {
    entry.parameters.first { $0.name == parameter }?.text(of: list(parameter)) ?? ""
  }

  /// The shortest text that means the same: parameters with their default are left out.
  public var description: String {
    let given = entry.parameters.compactMap { parameter -> String? in
      guard let value = values[parameter.name], value != parameter.defaultValues else { return nil }
      return "\(parameter.name)=\(parameter.text(of: value))"
    }
    return given.isEmpty ? name : "\(name):\(given.joined(separator: ","))"
  }
}
