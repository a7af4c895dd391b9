import Foundation
import Support
import Training

/// The choices of a run by their names, as a person reads them.
struct Choices {
  /// In alphabetical order.
  let all: [(name: String, value: String)]

  init(_ configuration: TrainingConfiguration) {
    let object = try? JSONSerialization.jsonObject(with: Data(jsonText(configuration).utf8))
    all = (object as? [String: Any] ?? [:]).sorted { $0.key < $1.key }.map { key, value in
      (key.replacing("_", with: " "), Self.text(value))
    }
  }

  private static func text(_ value: Any) -> String {
    if let text = value as? String { return text }
    let json = try? JSONSerialization.data(
      withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes])
    return String(decoding: json ?? Data(), as: UTF8.self)
  }

  /// The choices in which runs differ: for each its name, and the value of each run.
  static func differing(_ records: [RunRecord]) -> [(name: String, values: [String])] {
    let tables = records.map { record in
      Dictionary(Choices(record.configuration).all.map { ($0.name, $0.value) }) { first, _ in first
      }
    }
    return Set(tables.flatMap(\.keys)).sorted().compactMap { name in
      let values = tables.map { $0[name] ?? "–" }
      return Set(values).count > 1 ? (name, values) : nil
    }
  }
}
