internal import Foundation

/// A client that sends bytes as they are to a port of this computer, good or bad.
public struct RawClient: ~Copyable {
  private let descriptor: Int32

  /// Connects.
  ///
  /// - Throws: `POSIXError` if nobody listens.
  public init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      close(descriptor)
      throw POSIXError(.ECONNREFUSED)
    }
  }

  deinit { close(descriptor) }

  /// Sends bytes.
  ///
  /// - Returns: Whether all of them were taken; no if the other side has closed.
  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Says that nothing more comes.
  public func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Sends text.
  @discardableResult
  public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Waits for bytes.
  ///
  /// - Returns: What has arrived; empty if the other side has closed; nil if nothing comes in time.
  public func receive(within time: Duration = .seconds(10)) -> [UInt8]? {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let milliseconds = Int32(time / .milliseconds(1))
    guard unsafe poll(&state, 1, milliseconds) > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
    }
    return count > 0 ? Array(bytes[..<count]) : []
  }

  /// Everything until the other side closes, or until nothing comes any more.
  public func receiveAll(within time: Duration = .seconds(10)) -> String {
    var all: [UInt8] = []
    while let bytes = receive(within: time), !bytes.isEmpty { all += bytes }
    return String(decoding: all, as: UTF8.self)
  }

  /// One answer of HTTP with a length.
  public func receiveAnswer(within time: Duration = .seconds(10)) -> String {
    var all: [UInt8] = []
    while let bytes = receive(within: time), !bytes.isEmpty {
      all += bytes
      let text = String(decoding: all, as: UTF8.self)
      guard let end = text.range(of: "\r\n\r\n"),
        let length = text.firstMatch(of: /[Cc]ontent-[Ll]ength: (\d+)/).flatMap({ Int($0.1) })
      else { continue }
      if text[end.upperBound...].utf8.count >= length { break }
    }
    return String(decoding: all, as: UTF8.self)
  }
}
