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

  /// What keeps a question from being decoded.
  init(decoding error: any Error) {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    let message =
      switch error as? DecodingError {
      case .keyNotFound(let key, let context):
        "\((context.codingPath + [key]).map(\.stringValue).joined(separator: ".")) is missing"
      case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
        (context.codingPath.isEmpty ? "" : "\(path(context)) cannot be used, ")
          + "expected \(Self.name(of: type))"
      case .dataCorrupted(let context):
        context.codingPath.isEmpty ? "expected JSON" : "\(path(context)) cannot be used"
      case nil: "expected JSON"
      @unknown default: "expected JSON"
      }
    self.init(field: "request", message: message)
  }

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
