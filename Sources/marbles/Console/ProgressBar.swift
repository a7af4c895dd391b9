import Support

/// One line at the bottom of a terminal that shows progress; silent elsewhere.
struct ProgressBar {
  private let isShown: Bool
  private var lastDrawn: ContinuousClock.Instant?
  private let started = ContinuousClock.now

  init(quiet: Bool) {
    isShown = !quiet && Console.errorIsTerminal
  }

  /// Draws at most ten times a second, and always at the end.
  mutating func show(_ label: String, done: Int, of total: Int, _ details: String = "") {
    guard isShown, total > 0 else { return }
    if let lastDrawn, ContinuousClock.now - lastDrawn < .milliseconds(100), done < total { return }
    lastDrawn = .now
    let fraction = Double(done) / Double(total)
    let text = " \(fraction.percentage(decimals: 0).right(4))  \(details)"
    let room = max(8, min(24, Console.width - label.count - text.count - 4))
    Console.status("\(label) \(Self.bar(fraction, width: room))\(text)")
  }

  /// Removes the line.
  mutating func clear() {
    if isShown, lastDrawn != nil { Console.status("") }
    lastDrawn = nil
  }

  /// Time left, judged by the time so far.
  func remaining(done: Int, of total: Int) -> String {
    let spent = started.duration(to: .now).seconds
    guard done > 0, spent > 0.5 else { return "" }
    return "\((spent * Double(total - done) / Double(done)).clock) left"
  }

  /// A bar of block characters with a resolution of an eighth.
  static func bar(_ fraction: Double, width: Int) -> String {
    let eighths = Int((min(1, max(0, fraction)) * Double(width) * 8).rounded(.down))
    let full = String(repeating: "█", count: eighths / 8)
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let filled = full + parts[eighths % 8]
    return filled + String(repeating: "·", count: width - filled.count)
  }
}
