internal import CMessagePassing
internal import Foundation
internal import Synchronization
package import Tensors

/// The processes that `mpirun` started together, and this one's place among them.
///
/// MPI is opened while the program runs and only moves bytes: what is added up is added up here, in
/// an order that does not depend on the number of processes.
package final class Ranks: ProcessGroup {
  /// The number of this process, from 0 on, and of all.
  package let rank: Int, count: Int
  /// Processes on this host.
  package let countOnHost: Int
  /// The host of each process.
  package let hosts: [String]
  package var leadsHost: Bool { hosts.firstIndex(of: hosts[rank]) == rank }
  private let lifeSigns: LifeSigns

  /// Processes that can share a batch.
  package static let limit = 8

  /// The processes this one has joined; nil if it is alone.
  package static var joined: Ranks? { current.withLock(\.self) }
  private static let current = Mutex<Ranks?>(nil)
  /// How long is waited for others where nobody gives signs of life.
  private static let patience = Duration.seconds(20)

  /// How many processes `mpirun` started, and the number of this one; 1 and 0 without `mpirun`.
  package static var startedCount: Int { started?.count ?? 1 }
  /// See `startedCount`.
  package static var startedRank: Int { started?.rank ?? 0 }
  private static var started: Launcher? {
    Launcher(environment: ProcessInfo.processInfo.environment)
  }

  /// Joins the processes started by the same `mpirun`.
  ///
  /// - Returns: Nil if `mpirun` did not start this process, or no other; then no library is opened.
  /// - Throws: `MessagePassingError` if the library of that `mpirun` cannot be used.
  package static func join(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(MessagePassingError) -> Ranks? {
    guard let launcher = Launcher(environment: environment), launcher.count > 1 else { return nil }
    guard launcher.count <= limit else { throw .tooMany(launcher.count, limit: limit) }
    let ranks = try Ranks(launcher)
    current.withLock { $0 = ranks }
    return ranks
  }

  private init(_ launcher: Launcher) throws(MessagePassingError) {
    // Who waits leaves the core to others.
    unsafe setenv("OMPI_MCA_mpi_yield_when_idle", "1", 1)
    // Joining waits for all processes, whatever programs they run.
    let deadline = Deadline(
      Self.patience, rank: launcher.rank, kills: launcher.kind == .mpich,
      "rank \(launcher.rank) on \(Self.hostName): not all \(launcher.count) processes that mpirun "
        + "started have joined as the same version of Marbles")
    defer { deadline.meet() }
    var place = mrb_mpi_place()
    var message = [CChar](repeating: 0, count: 500)
    guard unsafe mrb_mpi_join(launcher.mpiKind, launcher.library, &place, &message, 500) == 0 else {
      let reason = String(
        decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      throw .library(implementation: launcher.name, file: launcher.library, reason: reason)
    }
    guard place.count == launcher.count else {
      throw .count(
        implementation: launcher.name, started: launcher.count, found: Int(place.count))
    }
    (rank, count) = (Int(place.rank), Int(place.count))
    countOnHost = launcher.countOnHost
    let exchange = Exchange(rank: rank, count: count)
    let names = exchange.all(Array(Self.hostName.utf8))
    hosts = names.map { String(decoding: $0, as: UTF8.self) }
    lifeSigns = LifeSigns(rank: rank, hosts: hosts)
    lifeSigns.start()
  }

  @unsafe package func gather(_ memory: UnsafeMutableRawBufferPointer, ends: [Int]) {
    unsafe Exchange(rank: rank, count: count).gather(memory, ends: ends)
  }

  @unsafe package func exchange(
    _ sent: UnsafeRawBufferPointer, ends: [Int], into received: UnsafeMutableRawBufferPointer,
    ends receivedEnds: [Int]
  ) {
    unsafe Exchange(rank: rank, count: count)
      .exchange(sent, ends: ends, into: received, ends: receivedEnds)
  }

  /// From now on tells the others, within seconds, when this process is asked to stop.
  package func passOn(_ request: @escaping @Sendable () -> Bool) { lifeSigns.passOn(request) }

  /// Whether another process is asked to stop.
  package var isAsked: Bool { lifeSigns.isAsked }

  /// The first of these processes as a group of their own, to be used until another one is made.
  ///
  /// All processes ask for the same number.
  ///
  /// - Returns: Nil if this process is not among them.
  package func first(_ number: Int) -> (any ProcessGroup)? {
    // Making a group waits for all without signs of life, so they come to it together.
    _ = any(false)
    mrb_mpi_split(rank < number ? 0 : 1, Int32(rank))
    guard rank < number else { return nil }
    return Exchange(rank: rank, count: number, channel: Int32(mrb_channel_group))
  }

  /// The same processes, which add sums in an order of their own.
  ///
  /// - Parameter isCompressed: Whether sums are moved as 16 bits.
  package func addingFreely(isCompressed: Bool) -> any ProcessGroup {
    FreelyAdding(ranks: self, isCompressed: isCompressed)
  }

  /// Leaves the other processes as soon as all of them do.
  ///
  /// - Parameter limit: How long to wait for them; nil for as long as they are alive.
  /// - Returns: Whether all have left.
  package func leave(within limit: Duration? = nil) -> Bool {
    guard meet(within: limit) else { return false }
    lifeSigns.stop()
    let deadline = Deadline(
      Self.patience, rank: rank, "\(name(of: rank)): not all ranks have left")
    defer { deadline.meet() }
    // From here on nobody sends signs of life; those on their way are taken.
    _ = meet(within: nil)
    for other in 0..<count where other != rank { _ = mrb_mpi_heard(Int32(other)) }
    mrb_mpi_finalize()
    Self.current.withLock { $0 = nil }
    return true
  }

  /// Waits until all processes leave.
  private func meet(within limit: Duration?) -> Bool {
    var bytes = [UInt8](repeating: 0, count: count)
    return unsafe bytes.withUnsafeMutableBytes {
      unsafe Exchange(rank: rank, count: count, channel: Int32(mrb_channel_farewell))
        .gather($0, ends: Array(1...count), within: limit)
    }
  }

  /// Ends all processes at once, this one in any case.
  package static func endAll(code: Int32) -> Never {
    LauncherProcesses().endLater()
    Thread.detachNewThread {
      // The library may wait for a network that is gone.
      sleep(3)
      _exit(code)
    }
    mrb_mpi_abort(code)
    _exit(code)
  }

  /// A process, for a message.
  package func name(of rank: Int) -> String { "rank \(rank) on \(hosts[rank])" }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "an unknown host" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
