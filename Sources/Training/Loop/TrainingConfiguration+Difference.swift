internal import Foundation
internal import Support

extension TrainingConfiguration {
  /// Choices that may change when a run is resumed, as `run.json` names them.
  private static let changeable: Set = [
    "data", "initial_weights", "epochs", "patience", "target_accuracy", "keep", "on_divergence",
  ]

  /// The first choice in which these differ from others, as `run.json` has it; nil if none does.
  ///
  /// Those that may change when a run is resumed are not compared.
  func difference(from other: Self) -> (name: String, own: String, other: String)? {
    let (own, other) = (texts, other.texts)
    let name = Set(own.keys).union(other.keys).subtracting(Self.changeable).sorted()
      .first { own[$0] != other[$0] }
    return name.map { ($0, own[$0] ?? "not there", other[$0] ?? "none") }
  }

  /// The choices by their names, each as JSON.
  private var texts: [String: String] {
    let object = try? JSONSerialization.jsonObject(with: Data(jsonText(self).utf8))
    return (object as? [String: Any] ?? [:]).mapValues { value in
      let text = try? JSONSerialization.data(
        withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes])
      return String(decoding: text ?? Data(), as: UTF8.self)
    }
  }
}
