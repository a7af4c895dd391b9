internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// A server of pages for the user of this computer, and for nobody else.
///
/// It listens on 127.0.0.1 only, answers no request without its token, and takes nothing from an
/// address but the exact name of a route. `ServerLimits` bound what a client can make it hold.
package final class LocalServer: Sendable {
  /// The port it listens on.
  package let port: Int
  /// The secret that opens it.
  package let token: AccessToken

  private let channel: any Channel
  private let loops: MultiThreadedEventLoopGroup
  private let threads: NIOThreadPool
  private let connections: Connections
  private let isStopped = Mutex(false)

  /// Starts to listen.
  ///
  /// - Parameters:
  ///   - port: 1...65535, or 0 for one that is free.
  ///   - routes: What is answered.
  ///   - threads: How many answers are worked out at the same time.
  /// - Throws: `ServerError` if the port cannot be had.
  /// - Precondition: No path has two routes of one method.
  package init(
    port: Int = 0, routes: [Route], limits: ServerLimits = ServerLimits(), threads: Int = 2
  ) throws(ServerError) {
    let token = AccessToken()
    let table = RouteTable(routes)
    let connections = Connections(limits)
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let pool = NIOThreadPool(numberOfThreads: threads)
    pool.start()
    let bootstrap = ServerBootstrap(group: loops)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(
        .recvAllocator,
        value: FixedSizeRecvByteBufferAllocator(capacity: ConnectionHandler.mostAtOnce)
      )
      .childChannelInitializer { channel in
        connections.admit(channel)
        return channel.eventLoop.makeCompletedFuture {
          let port = channel.localAddress?.port ?? 0
          try channel.pipeline.syncOperations.addServerHandlers(
            ConnectionHandler.Service(
              limits: limits, routes: table, access: AccessCheck(port: port, token: token),
              connections: connections, threads: pool))
        }
      }
    do {
      channel = try bootstrap.bind(host: "127.0.0.1", port: port).wait()
    } catch {
      try? pool.syncShutdownGracefully()
      try? loops.syncShutdownGracefully()
      throw ServerError(port: port, error)
    }
    self.port = channel.localAddress?.port ?? port
    (self.token, self.loops, self.threads, self.connections) = (token, loops, pool, connections)
  }

  /// The address to open in a browser, with the token.
  package var address: String { "http://127.0.0.1:\(port)/?token=\(token.text)" }

  /// Connections that are open now.
  package var connectionCount: Int { connections.current }

  /// Closes every connection and stops to listen.
  ///
  /// Answers that are being worked out are waited for. To stop it again does nothing.
  package func stop() {
    let wasStopped = isStopped.withLock { isStopped in
      defer { isStopped = true }
      return isStopped
    }
    guard !wasStopped else { return }
    try? channel.close().wait()
    try? threads.syncShutdownGracefully()
    try? loops.syncShutdownGracefully()
  }
}

extension ChannelPipeline.SynchronousOperations {
  /// Adds what reads requests and writes answers.
  fileprivate func addServerHandlers(_ service: ConnectionHandler.Service) throws {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = service.limits.head
    limits.maxHeaderListSize = service.limits.head
    limits.maxHeaderFieldCount = service.limits.fields
    try addHandlers([
      HTTPResponseEncoder(),
      ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)),
      ConnectionHandler(service), EventWriter(),
    ])
  }
}

/// Why a server cannot listen.
package struct ServerError: Error, CustomStringConvertible {
  package let description: String

  init(port: Int, _ error: any Error) {
    let code = (error as? IOError)?.errnoCode
    let reason =
      switch code {
      case EADDRINUSE: "it is in use; give another --port, or none for one that is free"
      case EACCES: "it is the system's; give a --port of 1024 or more, or none for one that is free"
      default: "\(error)"
      }
    description = "port \(port) of 127.0.0.1 cannot be listened on: \(reason)"
  }
}
