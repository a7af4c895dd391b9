internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One connection: reads a request, checks it, has it answered, and waits for the next.
///
/// Everything happens on the connection's event loop but the answers themselves, which are worked
/// out on the threads of a pool.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// What all connections share.
  struct Service: Sendable {
    let limits: ServerLimits
    let routes: RouteTable
    let access: AccessCheck
    let connections: Connections
    let threads: NIOThreadPool
  }

  private enum State {
    /// Waiting for a request.
    case head
    /// Reading a body into `body`.
    case body(Route, HTTPRequestHead, since: NIODeadline)
    /// An answer is worked out or sent.
    case answering
    case streaming(EventStream)
    /// What still arrives is thrown away, so that the client can read why.
    case ending(discarded: Int)
  }

  private let service: Service
  private var state = State.head
  private var body: [UInt8] = []
  /// Whether the connection ends with the answer.
  private var isLast = false
  /// What happens if nothing else does.
  private var deadline: Scheduled<Void>?
  private var heartbeat: RepeatedTask?

  init(_ service: Service) { self.service = service }

  func channelActive(context: ChannelHandlerContext) {
    closes(after: service.limits.headTime, context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    heartbeat?.cancel()
    if case .streaming(let events) = state { events.unsubscribe(context.channel) }
    state = .ending(discarded: 0)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (state, unwrapInboundIn(data)) {
    case (.head, .head(let head)): begin(head, context)
    case (.body(let route, _, _), .body(let piece)):
      guard body.count + piece.readableBytes <= route.bodyLimit else {
        return refuse(.tooLarge(route), context)
      }
      body += piece.readableBytesView
    case (.body(let route, let head, _), .end): answer(route, head, context)
    // Who does not wait for an answer gets no other; browsers wait.
    case (.answering, .head): isLast = true
    case (.ending(let discarded), .body(let piece)):
      discard(discarded + piece.readableBytes, context)
    default: break
    }
  }

  /// Bytes that one reading of a connection gives at most.
  static let mostAtOnce = 16 << 10
  /// Bytes behind a refused request that are thrown away before the connection is cut.
  private static let mostDiscarded = 1 << 20

  private func discard(_ sum: Int, _ context: ChannelHandlerContext) {
    if sum > Self.mostDiscarded { return context.close(promise: nil) }
    state = .ending(discarded: sum)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch state {
    case .head where error as? HTTPParserError == .headerOverflow:
      refuse(Refusal(431, "the head of the request is too long"), context)
    case .head where error is HTTPParserError:
      refuse(Refusal(400, "this is not a request of HTTP/1.1"), context)
    // What arrives behind something that is no request.
    case .ending(let discarded): discard(discarded + Self.mostAtOnce, context)
    default: context.close(promise: nil)
    }
  }

  // MARK: Requests

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    switch service.access.verdict(head) {
    case .refused(let refusal): refuse(refusal, context)
    case _ where !service.connections.trust(context.channel):
      refuse(Refusal(503, "too many connections are open; close a page"), context)
    case .enter:
      let path = head.uri.prefix { $0 != "?" }
      let place = (try? service.routes.route("GET", path).get())?.path ?? "/"
      var response = Response(type: "text/html; charset=utf-8", Self.door(to: place))
      response.fields = [("Set-Cookie", service.access.cookie)]
      isLast = true
      finish(response, context)
    case .allowed:
      let path = head.uri.prefix { $0 != "?" }
      switch service.routes.route(head.method.rawValue, path) {
      case .failure(let refusal): refuse(refusal, context)
      case .success(let route):
        let length = head.headers.first(name: "content-length").flatMap(Int.init) ?? 0
        guard length <= route.bodyLimit else { return refuse(.tooLarge(route), context) }
        state = .body(route, head, since: .now())
        watchBody(context)
      }
    }
  }

  /// Looks every second whether enough of a body has arrived.
  private func watchBody(_ context: ChannelHandlerContext) {
    deadline?.cancel()
    let context = NIOLoopBound(context, eventLoop: context.eventLoop)
    let handler = NIOLoopBound(self, eventLoop: context.value.eventLoop)
    deadline = context.value.eventLoop.scheduleTask(in: .seconds(1)) {
      let (handler, context) = (handler.value, context.value)
      guard case .body(_, _, let start) = handler.state else { return }
      let limits = handler.service.limits
      let late = Double((NIODeadline.now() - start - limits.bodyTime).nanoseconds) / 1e9
      if late * Double(limits.bodyRate) > Double(handler.body.count) {
        handler.refuse(Refusal(408, "the request arrives too slowly"), context)
      } else {
        handler.watchBody(context)
      }
    }
  }

  private func answer(
    _ route: Route, _ head: HTTPRequestHead, _ context: ChannelHandlerContext
  ) {
    state = .answering
    deadline?.cancel()
    let request = Request(route.method, route.path, body: body)
    body = []
    let context = NIOLoopBound(context, eventLoop: context.eventLoop)
    let handler = NIOLoopBound(self, eventLoop: context.value.eventLoop)
    // The decoder reads nothing behind a request for another protocol.
    isLast = !head.isKeepAlive || head.headers.contains(name: "upgrade")
    service.threads.runIfActive(eventLoop: context.value.eventLoop) { route.answer(request) }
      .whenSuccess { response in
        guard case .answering = handler.value.state else { return }
        handler.value.finish(response, context.value)
      }
  }

  /// Leads to a page without the token: a browser that was led here by another site does not send
  /// the new cookie along a redirection, but does from this page.
  ///
  /// - Parameter place: The path of a route, whose letters need no escape.
  private static func door(to place: String) -> [UInt8] {
    Array(
      """
      <!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Marbles</title>
      <link rel="icon" href="data:,">
      <meta http-equiv="refresh" content="0; url=\(place)">
      <p><a href="\(place)">Marbles</a></p></html>

      """.utf8)
  }

  // MARK: Answers

  private func refuse(_ refusal: Refusal, _ context: ChannelHandlerContext) {
    body = []
    isLast = true
    finish(refusal.response, context)
  }

  private func finish(_ response: Response, _ context: ChannelHandlerContext) {
    if case .events(let events) = response.content { return stream(events, response, context) }
    state = .answering
    closes(after: service.limits.idleTime, context)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
    write(response, context).whenSuccess {
      guard case .answering = handler.value.state else { return }
      if handler.value.isLast {
        handler.value.end(bound.value)
      } else {
        handler.value.state = .head
        handler.value.closes(after: handler.value.service.limits.idleTime, bound.value)
      }
    }
  }

  @discardableResult
  private func write(
    _ response: Response, _ context: ChannelHandlerContext
  ) -> EventLoopFuture<Void> {
    var headers = HTTPHeaders(Self.fields + response.fields)
    headers.add(name: "Content-Type", value: response.type)
    var content: [UInt8]?
    if case .bytes(let bytes) = response.content {
      content = bytes
      headers.add(name: "Content-Length", value: "\(bytes.count)")
    }
    if isLast { headers.add(name: "Connection", value: "close") }
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    guard let content else {
      context.flush()
      return context.eventLoop.makeSucceededVoidFuture()
    }
    context.write(
      wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: content)))), promise: nil)
    return context.writeAndFlush(wrapOutboundOut(.end(nil)))
  }

  /// Says that nothing more comes, and waits a moment for the client to have read it.
  private func end(_ context: ChannelHandlerContext) {
    state = .ending(discarded: 0)
    context.close(mode: .output, promise: nil)
    closes(after: .seconds(1), context)
  }

  private func stream(
    _ events: EventStream, _ response: Response, _ context: ChannelHandlerContext
  ) {
    state = .streaming(events)
    deadline?.cancel()
    isLast = true
    write(response, context)
    events.subscribe(context.channel, limit: service.limits.waitingEvents)
    let channel = context.channel
    let beat = service.limits.heartbeat
    heartbeat = context.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: beat) { _ in
      channel.writeAndFlush(EventText(":\n\n"), promise: nil)
    }
  }

  private func closes(after time: TimeAmount, _ context: ChannelHandlerContext) {
    deadline?.cancel()
    let channel = context.channel
    deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
  }

  /// The header fields of every answer: nothing is kept, framed, guessed or fetched elsewhere.
  private static let fields = [
    (
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"), ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
  ]
}

extension Refusal {
  fileprivate static func tooLarge(_ route: Route) -> Refusal {
    Refusal(413, "the body has more than \(route.bodyLimit) bytes")
  }
}

/// Writes events, which come from any thread, as parts of the answer.
final class EventWriter: ChannelOutboundHandler {
  typealias OutboundIn = EventText
  typealias OutboundOut = HTTPServerResponsePart

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let text = unwrapOutboundIn(data).text
    context.write(
      wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: promise)
  }
}
