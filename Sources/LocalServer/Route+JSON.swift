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
  /// A route that is asked with JSON.
  package static func question<Question: Decodable & SendableMetatype>(
    _ path: String,
    _ answer: @escaping @Sendable (Question) throws(FieldError) -> Response
  ) -> Route {
    Route(.post, path) { request in
      .answering { () throws(FieldError) in
        let question: Question
        do {
          question = try jsonDecoder().decode(Question.self, from: Data(request.body))
        } catch {
          throw FieldError(decoding: error)
        }
        return try answer(question)
      }
    }
  }
}
