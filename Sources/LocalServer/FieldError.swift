internal import Foundation

/// A field of a question that cannot be used, and why.
package struct FieldError: Error, Hashable, Encodable {
  /// Such as `marbles.2.optimizer`.
  package let field: String
  /// For a person.
  package let message: String
  /// The wrong character of a formula, counted from 0.
  package var position: Int?

  /// Creates an error.
  package init(field: String, message: String, position: Int? = nil) {
    (self.field, self.message, self.position) = (field, message, position)
  }

  /// What keeps a question, or a value in it, from being decoded from a text.
  init(decoding text: Data, _ error: any Error) {
    // Elements are counted from 1, as in all messages.
    func path(_ keys: [any CodingKey]) -> String {
      keys.map { key in key.intValue.map { "\($0 + 1)" } ?? key.stringValue }
        .joined(separator: ".")
    }
    let message: String? =
      switch error as? DecodingError {
      case .keyNotFound(let key, let context): "\(path(context.codingPath + [key])) is missing"
      case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
        (context.codingPath.isEmpty ? "" : "\(path(context.codingPath)) cannot be used, ")
          + "expected \(Self.name(of: type))"
      case .dataCorrupted(let context) where !context.codingPath.isEmpty:
        "\(path(context.codingPath)) cannot be used"
      default: nil
      }
    // A text is read as JSON first, and its numbers when they are wanted.
    let isJSON = (try? JSONDecoder().decode(AnyJSON.self, from: text)) != nil
    let other = isJSON ? "one of its numbers is out of range, or is none" : "expected JSON"
    self.init(field: "request", message: message ?? other)
  }

  private struct AnyJSON: Decodable { init(from decoder: any Decoder) {} }

  /// What a type is called in JSON.
  private static func name(of type: Any.Type) -> String {
    switch type {
    case is Bool.Type: "true or false"
    case is String.Type: "a text"
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is any SomeArray.Type: "a list"
    default: "an object"
    }
  }
}

/// Any array, whatever its elements.
private protocol SomeArray {}
extension Array: SomeArray {}
