internal import Foundation
internal import Support

extension TrainingConfiguration {
  /// Choices that may change when a run is resumed, as `run.json` names them.
  private static let changeable: Set = [
    "data", "initial_weights", "epochs", "patience", "target_accuracy", "keep", "on_divergence",
    // Only those that are still to come.
    "learning_rate_changes",
  ]

  /// The first choice in which these differ from others, as `run.json` has it; nil if none does.
  ///
  /// Those that may change when a run is resumed are not compared.
  func difference(from other: Self) -> (name: String, own: String, other: String)? {
    differingField(of: self, from: other, except: Self.changeable)
  }
}

/// The first field, by name, in which the JSON of a value differs from that of another; nil if none
/// does.
func differingField<Value: Encodable>(
  of value: Value, from other: Value, except: Set<String> = []
) -> (name: String, own: String, other: String)? {
  let (own, other) = (fields(of: value), fields(of: other))
  let name = Set(own.keys).union(other.keys).subtracting(except).sorted()
    .first { own[$0] != other[$0] }
  return name.map { ($0, own[$0] ?? "not there", other[$0] ?? "none") }
}

/// The fields of a value by their names, each as JSON.
private func fields(of value: some Encodable) -> [String: String] {
  let object = try? JSONSerialization.jsonObject(with: Data(jsonText(value).utf8))
  return (object as? [String: Any] ?? [:]).mapValues { value in
    let text = try? JSONSerialization.data(
      withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes])
    return String(decoding: text ?? Data(), as: UTF8.self)
  }
}
