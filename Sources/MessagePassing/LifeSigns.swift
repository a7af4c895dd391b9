internal import CMessagePassing
internal import Foundation
internal import Synchronization

/// Ends all processes when one of them gives no sign of life for a while: it was killed or stopped,
/// or its network is gone.
///
/// The signs also tell that one of them is asked to stop, or has said why all end.
final class LifeSigns: Sendable {
  /// Time between two signs.
  private static let interval = Duration.seconds(1)
  /// Time without a sign after which a process counts as lost; each rank waits a little longer than
  /// the one before, so that one of them reports it.
  private static let patience = Duration.seconds(15)

  private let rank: Int
  private let hosts: [String]
  /// Held while a library call is made, so that none comes after the end.
  private let isOver = Mutex(false)
  /// Whether this process is asked to stop.
  private let request = Mutex<@Sendable () -> Bool> { false }
  private let hasHeardRequest = Atomic(false)

  init(rank: Int, hosts: [String]) {
    self.rank = rank
    self.hosts = hosts
  }

  /// Begins to send and to listen, on a thread of its own.
  func start() { Thread.detachNewThread { [self] in run() } }

  /// Ends that.
  func stop() { isOver.withLock { $0 = true } }

  /// From now on tells the others when this process is asked to stop.
  func passOn(_ request: @escaping @Sendable () -> Bool) {
    self.request.withLock { $0 = request }
  }

  /// Whether another process is asked to stop.
  var isAsked: Bool { hasHeardRequest.load(ordering: .relaxed) }

  private func run() {
    let others = hosts.indices.filter { $0 != rank }
    var heard = [ContinuousClock.Instant](repeating: .now, count: hosts.count)
    var last = ContinuousClock.now
    while true {
      // All of them may have been stopped and continued.
      if ContinuousClock.now - last > Self.interval * 5 { heard = heard.map { _ in .now } }
      last = .now
      let isOver = self.isOver.withLock { isOver in
        guard !isOver else { return true }
        let beat = request.withLock { $0() } ? mrb_beat_asks_to_stop : mrb_beat_alive
        for other in others {
          mrb_mpi_beat(Int32(other), beat)
          let sign = mrb_mpi_heard(Int32(other))
          if sign != mrb_beat_none { heard[other] = .now }
          if sign == mrb_beat_asks_to_stop { hasHeardRequest.store(true, ordering: .relaxed) }
          if sign == mrb_beat_ends_all { endSilently() }
          if ContinuousClock.now - heard[other] > Self.patience + Self.interval * rank {
            report(other)
          }
        }
        return false
      }
      if isOver { return }
      usleep(1_000_000)
    }
  }

  private func report(_ lost: Int) -> Never {
    let text =
      "error: rank \(lost) on \(hosts[lost]) has given no sign of life for "
      + "\(Self.patience.components.seconds) seconds; all ranks end, the last saved state can be "
      + "resumed\n"
    FileHandle.standardError.write(Data(text.utf8))
    // What starts processes may not reach all of those that can still be reached.
    for other in hosts.indices where other != rank && other != lost {
      mrb_mpi_beat(Int32(other), mrb_beat_ends_all)
    }
    Ranks.endAll(code: Deadline.exitCode)
  }

  /// Ends this process after another one has said why.
  private func endSilently() -> Never {
    LauncherProcesses().endLater()
    _exit(Deadline.exitCode)
  }
}
