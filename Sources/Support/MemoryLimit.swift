internal import Foundation

/// How much memory this process has taken, and may still take.
package enum MemoryLimit {
  /// Bytes of memory that this process uses now; nil where the system does not say.
  package static var resident: Int? {
    lines("/proc/self/statm").first?.split(separator: " ").dropFirst().first
      .flatMap { Int($0) }.map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
  }

  /// Bytes that can still be used: what the machine has free, or less where the process or its
  /// control group is limited; nil where the system does not say.
  package static var available: Int? {
    ([machine, addressSpace] + controlGroups).compactMap(\.self).min()
  }

  /// Bytes of addresses that can still be reserved, used or not (`ulimit -v`); nil if unlimited.
  package static var addressSpace: Int? {
    let line = lines("/proc/self/limits").first { $0.hasPrefix("Max address space") }
    guard let limit = line?.split(separator: " ").compactMap({ Int($0) }).first,
      let pages = lines("/proc/self/statm").first?.split(separator: " ").first.flatMap({ Int($0) })
    else { return nil }
    return max(0, limit - pages * sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Free memory, with what the system would give back, and free swap space.
  private static var machine: Int? {
    let kilobytes = lines("/proc/meminfo").compactMap { line -> Int? in
      guard line.hasPrefix("MemAvailable:") || line.hasPrefix("SwapFree:") else { return nil }
      return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
    return kilobytes.isEmpty ? nil : kilobytes.reduce(0, +) * 1024
  }

  /// What is left in the control group of this process and in those around it.
  private static var controlGroups: [Int?] {
    guard let line = lines("/proc/self/cgroup").first(where: { $0.hasPrefix("0::") }) else {
      return []
    }
    var folders: [String] = []
    var folder = "/sys/fs/cgroup"
    for name in [""] + line.dropFirst(3).split(separator: "/").map({ "/\($0)" }) {
      folder += name
      folders.append(folder)
    }
    return folders.map { folder in
      guard let limit = lines("\(folder)/memory.max").first.flatMap({ Int($0) }),
        let used = lines("\(folder)/memory.current").first.flatMap({ Int($0) })
      else { return nil }
      // Files that are only cached are given back.
      let cached = lines("\(folder)/memory.stat").first { $0.hasPrefix("inactive_file ") }
      let free = cached?.split(separator: " ").last.flatMap { Int($0) } ?? 0
      return max(0, limit - used + free)
    }
  }

  private static func lines(_ path: String) -> [Substring] {
    guard let file = FileHandle(forReadingAtPath: path) else { return [] }
    defer { try? file.close() }
    let text = (try? file.readToEnd()).flatMap { $0 } ?? Data()
    return String(decoding: text, as: UTF8.self).split(separator: "\n")
  }
}

extension Int {
  /// A number of bytes for a message: "12.6 GB".
  package var byteText: String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
    var (size, unit) = (Double(self), 0)
    while size >= 999.95, unit + 1 < units.count { (size, unit) = (size / 1000, unit + 1) }
    return "\(size.decimal(unit == 0 ? 0 : 1)) \(units[unit])"
  }
}
