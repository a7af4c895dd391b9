import Foundation
import ImageLoading

/// Decodes under a limit of time and memory and keeps what breaks them.
struct Watch {
  /// A decode takes no longer.
  static let timeLimit = Duration.seconds(1)
  /// Bytes a decode may take besides those of its pixels.
  static let baseMemory = 32 << 20
  /// The result and its turned copy (3 each), and either the coefficients of a progressive CMYK
  /// JPEG or the rows of an interlaced 16-bit RGBA PNG (8), rounded up.
  static let memoryPerPixel = 16

  private(set) var decoded = 0
  private(set) var refused = 0
  private(set) var violations = 0
  private var slowest = (time: Duration.zero, name: "")
  private var largest = (memory: 0, name: "")
  private let folder: String
  private let clock = ContinuousClock()

  /// Offending bytes go to `folder`.
  init(folder: String) {
    self.folder = folder
  }

  /// Decodes once; `name` says what in the report.
  mutating func decode(_ bytes: [UInt8], atLeast side: Int?, name: @autoclosure () -> String) throws
  {
    // Should the process die of these bytes, they are still there.
    let current = URL(filePath: "\(folder)/fuzz-current")
    try Data(bytes).write(to: current)
    alarm(60)
    let before = Self.resetPeak()
    let start = clock.now
    do {
      _ = try ImageDecoder().decode(bytes, atLeast: side)
      decoded += 1
    } catch {
      refused += 1
    }
    let time = clock.now - start
    let memory = Self.peak() - before
    alarm(0)
    if time > slowest.time { slowest = (time, name()) }
    if memory > largest.memory { largest = (memory, name()) }
    let bound = Self.baseMemory + Self.memoryPerPixel * HeaderSize.pixels(bytes)
    guard time > Self.timeLimit || memory > bound else { return }
    violations += 1
    let copy = "\(folder)/fuzz-violation-\(violations)"
    try Data(bytes).write(to: URL(filePath: copy))
    print("\(name()): \(time), \(memory) bytes where \(bound) are allowed; kept as \(copy)")
  }

  func report(_ title: String) throws {
    try FileManager.default.removeItem(atPath: "\(folder)/fuzz-current")
    print("\(title): \(decoded) decoded, \(refused) refused, \(violations) violations")
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
