internal import Foundation

/// The programs of an MPI on this host that have started this process: `mpirun`, or what it has
/// started on another host.
///
/// They wait for a host whose network is gone, long after all processes they can reach have ended.
struct LauncherProcesses {
  /// From the one that started this process on.
  let identifiers: [Int32]

  private static let names = ["mpirun", "mpiexec", "orte", "prte", "hydra_pmi_proxy"]
  /// Seconds in which they end by themselves, unless they wait for a host.
  private static let patience = 4

  /// Finds them, where the system shows processes as files.
  init() {
    var found: [Int32] = []
    var next = getppid()
    while next > 1, let (name, parent) = Self.status(of: next) {
      if Self.names.contains(where: name.hasPrefix) {
        found.append(next)
      } else if !found.isEmpty {
        break
      }
      next = parent
    }
    identifiers = found
  }

  /// The name of a process, and who started it.
  private static func status(of process: Int32) -> (name: String, parent: Int32)? {
    guard let bytes = FileManager.default.contents(atPath: "/proc/\(process)/stat"),
      // The number, the name in parentheses, the state, and the number of the parent.
      let found = String(decoding: bytes, as: UTF8.self)
        .wholeMatch(of: /\d+ \((?<name>.*)\) . (?<parent>\d+) .*/.dotMatchesNewlines()),
      let parent = Int32(found.parent)
    else { return nil }
    return (String(found.name), parent)
  }

  /// Ends those that have not ended by themselves after some seconds, even when this process has.
  func endLater() {
    for identifier in identifiers {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = [
        "-c",
        "for second in $(seq \(Self.patience)); do sleep 1; kill -0 $0 || exit 0; done; kill -9 $0",
        "\(identifier)",
      ]
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      // Without it, they wait as they would.
      try? process.run()
    }
  }
}
