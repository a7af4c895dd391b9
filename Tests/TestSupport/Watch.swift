internal import Foundation

/// Runs readers of files under a limit of time and memory and keeps what breaks them.
public struct Watch {
  /// How a reader kept its limits.
  public enum Verdict: String { case fine, slow, large }

  /// Inputs that were read, that were refused, and that broke a limit.
  public private(set) var accepted = 0, refused = 0, violations = 0
  private var slowest = (time: Duration.zero, name: "")
  private var largest = (memory: 0, name: "")
  private let folder: String
  private let timeLimit: Duration
  private let clock = ContinuousClock()

  /// Offending bytes go to `folder`.
  ///
  /// - Parameter timeLimit: No input takes longer.
  public init(folder: String, timeLimit: Duration = .seconds(1)) {
    self.folder = folder
    self.timeLimit = timeLimit
  }

  /// Reads once; `name` says what in the report.
  ///
  /// - Parameters:
  ///   - bound: Bytes of memory that reading may take.
  ///   - read: Whether the input was accepted.
  @discardableResult
  public mutating func run(
    _ bytes: [UInt8], bound: Int, name: @autoclosure () -> String, _ read: () -> Bool
  ) throws -> Verdict {
    // Should the process die of these bytes, they are still there.
    try Data(bytes).write(to: URL(filePath: "\(folder)/fuzz-current"))
    alarm(60)
    let before = Self.resetPeak()
    let start = clock.now
    if read() { accepted += 1 } else { refused += 1 }
    let time = clock.now - start
    let memory = Self.peak() - before
    alarm(0)
    if time > slowest.time { slowest = (time, name()) }
    if memory > largest.memory { largest = (memory, name()) }
    guard time > timeLimit || memory > bound else { return .fine }
    violations += 1
    let copy = "\(folder)/fuzz-violation-\(violations)"
    try Data(bytes).write(to: URL(filePath: copy))
    print("\(name()): \(time), \(memory) bytes where \(bound) are allowed; kept as \(copy)")
    return time > timeLimit ? .slow : .large
  }

  /// Prints the counts and the extremes.
  public func report(_ title: String) throws {
    try FileManager.default.removeItem(atPath: "\(folder)/fuzz-current")
    print("\(title): \(accepted) decoded, \(refused) refused, \(violations) violations")
    print("  slowest \(slowest.time): \(slowest.name)")
    print("  largest \(largest.memory >> 10) KiB: \(largest.name)")
  }

  /// Starts a new measurement of the largest memory; tells where it starts.
  private static func resetPeak() -> Int {
    // Where the system does not allow this, growth above the peak so far is what is measured.
    let control = unsafe open("/proc/self/clear_refs", O_WRONLY)
    if control >= 0 {
      _ = unsafe write(control, "5", 1)
      close(control)
    }
    return peak()
  }

  /// The largest memory this process had, bytes.
  private static func peak() -> Int {
    var usage = rusage()
    _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
  }
}
