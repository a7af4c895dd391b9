internal import Foundation
internal import Support

extension Response {
  /// A value as JSON.
  package init(json value: some Encodable, status: Int = 200) {
    self.init(status, type: "application/json", Array(jsonText(value).utf8))
  }

  /// An answer, or the field that keeps it from being given.
  package static func answering(_ answer: () throws(FieldError) -> Response) -> Response {
    do throws(FieldError) {
      return try answer()
    } catch {
      return Response(json: error, status: 400)
    }
  }
}

extension Route {
  /// A route that is asked with JSON, whose fields are all known.
  package static func question<Question: Codable & SendableMetatype>(
    _ path: String,
    _ answer: @escaping @Sendable (Question) throws(FieldError) -> Response
  ) -> Route {
    Route(.post, path) { request in
      .answering { () throws(FieldError) in
        let question: Question
        let text = Data(request.body)
        do {
          question = try jsonDecoder().decode(Question.self, from: text)
        } catch {
          throw FieldError(decoding: text, error)
        }
        if let name = unknownField(of: request.body, readAs: jsonText(question)) {
          throw FieldError(field: "request", message: "\(name) is not a field; leave it out")
        }
        return try answer(question)
      }
    }
  }
}

/// The first field of a JSON text that has not become part of a value; nil if all have.
private func unknownField(of body: [UInt8], readAs value: String) -> String? {
  func object(_ bytes: some Sequence<UInt8>) -> Any? {
    try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
  }
  // Names are written in two ways.
  func plain(_ name: String) -> String { name.replacing("_", with: "").lowercased() }
  func search(_ given: Any?, _ known: Any?) -> String? {
    if let given = given as? [String: Any] {
      let known = Dictionary(
        (known as? [String: Any] ?? [:]).map { (plain($0), $1) }, uniquingKeysWith: { $1 })
      for (name, value) in given.sorted(by: { $0.key < $1.key }) where !(value is NSNull) {
        guard let known = known[plain(name)] else { return name }
        if let found = search(value, known) { return "\(name).\(found)" }
      }
    } else if let given = given as? [Any], let known = known as? [Any], given.count == known.count {
      for (index, pair) in zip(given, known).enumerated() {
        if let found = search(pair.0, pair.1) { return "\(index + 1).\(found)" }
      }
    }
    return nil
  }
  return search(object(body), object(value.utf8))
}
