internal import CAllocations
internal import Foundation

/// The resources this process has used.
public struct ProcessUsage: Sendable {
  /// The most memory it has used at one time, bytes.
  public let peakMemory: Int
  /// Pages the kernel had to hand out.
  public let pageFaults: Int
  /// Processor time of all threads, seconds.
  public let processorTime: Double

  /// Reads the usage up to now.
  public init() {
    var usage = rusage()
    // RUSAGE_SELF, whose type differs from system to system; it cannot fail.
    _ = unsafe getrusage(0, &usage)
    #if os(Linux)
    // What getrusage says includes the program that started this one.
    peakMemory = (Self.kilobytes(of: "VmHWM") ?? Int(usage.ru_maxrss)) * 1024
    #else
    peakMemory = Int(usage.ru_maxrss)
    #endif
    pageFaults = Int(usage.ru_minflt)
    processorTime =
      Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
  }

  #if os(Linux)
  /// A line of the status of this process: see proc_pid_status(5).
  private static func kilobytes(of name: String) -> Int? {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return line.flatMap { Int($0.filter(\.isNumber)) }
  }
  #endif
}

extension ProcessUsage {
  /// The number of allocations in this process while `body` ran; nil where they cannot be counted.
  public static func allocations(in body: () -> Void) -> Int? {
    let isCounting = mrb_start_counting_allocations() != 0
    body()
    let count = mrb_stop_counting_allocations()
    return isCounting ? count : nil
  }
}
