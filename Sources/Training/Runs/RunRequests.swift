internal import Foundation
public import Support

/// What is asked of a run while it trains, by small files in its directory.
///
/// Whoever may write into the directory asks: the process that trains looks between two steps. A
/// request to change the learning rate has a name of its own, so that a run which is killed while
/// it carries one out does not carry it out again.
public struct RunRequests: Sendable {
  /// A new highest learning rate.
  struct Rate: Codable, Equatable, Sendable {
    /// The name of the request.
    var id: String
    var learningRate: Float
  }

  /// What is wanted now.
  struct Wish: Codable, Equatable, Sendable {
    var pauses = false
    var rate: Rate?
    /// A request that cannot be read, in words.
    var problem: String?
  }

  private let run: RunDirectory

  /// Refers to the requests of a run.
  public init(of run: RunDirectory) { self.run = run }

  // MARK: Asking

  /// Asks for another highest learning rate; of several requests that were not yet seen, the last
  /// one counts.
  ///
  /// - Parameter rate: Above 0 and finite.
  /// - Returns: The name of the request, which `RunRecord.lastRequest` is when it is carried out.
  /// - Throws: `FileError` if the request cannot be written.
  @discardableResult
  public func ask(learningRate rate: Float) throws(FileError) -> String {
    let request = Rate(id: UUID().uuidString, learningRate: rate)
    try AtomicFile.write(Data((jsonText(request) + "\n").utf8), to: run.rateRequest)
    return request.id
  }

  /// Asks the run to save itself and wait, or to go on.
  ///
  /// - Throws: `FileError` if that cannot be written.
  public func ask(pause: Bool) throws(FileError) {
    if pause {
      try AtomicFile.write(Data(), to: run.pauseRequest)
    } else {
      try remove(run.pauseRequest)
    }
  }

  /// Whether a change of the rate was asked for that is neither carried out nor refused.
  public var isRateAsked: Bool { isThere(run.rateRequest) || isThere(run.takenRequest) }

  /// Whether the run is asked to wait.
  public var isPauseWanted: Bool { isThere(run.pauseRequest) }

  // MARK: Carrying out

  /// What is wanted; three looks for files where nothing is.
  var wish: Wish {
    var wish = Wish(pauses: isPauseWanted)
    // What a run took and was killed over comes first.
    if !isThere(run.takenRequest) {
      guard isThere(run.rateRequest),
        unsafe rename(run.rateRequest, run.takenRequest) == 0
      else { return wish }
    }
    do {
      let bytes = try PlainFile.bytes(of: run.takenRequest, limit: 4096, followsLinks: false)
      wish.rate = try jsonDecoder().decode(Rate.self, from: Data(bytes))
    } catch {
      wish.problem = "the request to change the learning rate cannot be read"
    }
    if let rate = wish.rate, !(rate.learningRate > 0 && rate.learningRate.isFinite) {
      wish = Wish(
        pauses: wish.pauses, rate: nil,
        problem: "the learning rate \(rate.learningRate) was asked for, expected a number above 0")
    }
    return wish
  }

  /// Removes the request that was taken: it was carried out or refused.
  func done() throws(FileError) { try remove(run.takenRequest) }

  /// Whether there is a plain file; a folder, a link or a pipe is no request.
  private func isThere(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private func remove(_ path: String) throws(FileError) {
    guard isThere(path) else { return }
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .lastSystemCall(path) }
  }
}
