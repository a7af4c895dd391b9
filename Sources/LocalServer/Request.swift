/// A request that has passed every check.
package struct Request: Sendable {
  /// Whether the server gives something or is sent something.
  package enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
  }

  package let method: Method
  /// As it was written, without a query; it is only ever compared with the paths of routes.
  package let path: String
  /// Empty unless the route takes one.
  package let body: [UInt8]

  /// Creates a request, as a test does.
  package init(_ method: Method, _ path: String, body: [UInt8]) {
    (self.method, self.path, self.body) = (method, path, body)
  }
}

/// What a route answers.
package struct Response: Sendable {
  /// What follows the head.
  package enum Content: Sendable {
    case bytes([UInt8])
    case events(EventStream)
  }

  package var status: Int
  /// The media type, as in `application/json`.
  var type: String
  package var content: Content
  /// Header fields besides those of every answer.
  var fields: [(String, String)] = []

  /// Creates an answer.
  ///
  /// - Parameter status: Of HTTP, 200...599.
  package init(_ status: Int = 200, type: String, _ body: [UInt8]) {
    self.status = status
    self.type = type
    content = .bytes(body)
  }

  /// A line of text.
  package init(_ status: Int, text: String) {
    self.init(status, type: "text/plain; charset=utf-8", Array("\(text)\n".utf8))
  }

  /// Every event of a stream from now on, until the client leaves.
  package init(events: EventStream) {
    status = 200
    type = "text/event-stream"
    content = .events(events)
  }
}

/// What is done for one path and method.
package struct Route: Sendable {
  package let method: Request.Method
  /// The whole path; there are no patterns.
  package let path: String
  /// The most bytes of a body.
  let bodyLimit: Int
  package let answer: @Sendable (Request) -> Response

  /// Creates a route.
  ///
  /// - Parameters:
  ///   - bodyLimit: Bytes; a longer body is refused before it is read. Ignored for `get`, which has
  ///     none.
  ///   - answer: Called on one of a few threads of the server.
  package init(
    _ method: Request.Method, _ path: String, bodyLimit: Int = 64 << 10,
    answer: @escaping @Sendable (Request) -> Response
  ) {
    self.method = method
    self.path = path
    self.bodyLimit = method == .post ? bodyLimit : 0
    self.answer = answer
  }
}

/// The routes by their paths.
struct RouteTable: Sendable {
  private let routes: [String: [Route]]

  /// - Precondition: No path has two routes of one method.
  init(_ routes: [Route]) {
    self.routes = Dictionary(grouping: routes, by: \.path)
    for (path, routes) in self.routes {
      precondition(Set(routes.map(\.method)).count == routes.count, "\(path) has two answers")
    }
  }

  /// The route, or why there is none.
  func route(_ method: String, _ path: Substring) -> Result<Route, Refusal> {
    guard let routes = routes[String(path)] else {
      return .failure(Refusal(404, "there is nothing at this address"))
    }
    guard let route = routes.first(where: { $0.method.rawValue == method }) else {
      return .failure(
        Refusal(405, "this address takes \(routes.map(\.method.rawValue).joined(separator: ", "))"))
    }
    return .success(route)
  }
}

/// Why a request is not answered.
struct Refusal: Error, Hashable {
  let status: Int
  let reason: String

  init(_ status: Int, _ reason: String) {
    self.status = status
    self.reason = reason
  }

  var response: Response { Response(status, text: reason) }
}
