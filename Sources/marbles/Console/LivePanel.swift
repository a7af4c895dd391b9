import Foundation

/// Lines at the bottom of a terminal that are drawn again and again, below those that stay.
struct LivePanel {
  /// Lengths of the lines that are drawn now.
  private var drawn: [Int] = []
  private var lastDrawn: ContinuousClock.Instant?

  /// Columns from which a panel is of use.
  static let leastWidth = 60
  /// How often it is drawn at most.
  private static let interval = Duration.milliseconds(200)

  /// Whether there is a terminal that is wide and high enough, and obeys codes.
  static var isPossible: Bool {
    Console.errorIsTerminal && Console.width >= leastWidth && Console.height >= 16
      && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Whether it is time to draw again.
  var isDue: Bool { lastDrawn.map { ContinuousClock.now - $0 >= Self.interval } ?? true }

  /// Replaces what was drawn before; lines are cut to the width.
  mutating func draw(_ lines: [String]) {
    let width = Console.width
    let cut = lines.map { String($0.prefix(width - 1)) }
    Console.write(status: erasing(width) + cut.joined(separator: "\n"))
    drawn = cut.map(\.count)
    lastDrawn = .now
  }

  /// Removes the panel.
  mutating func clear() {
    guard !drawn.isEmpty else { return }
    Console.write(status: erasing(Console.width))
    drawn = []
    lastDrawn = nil
  }

  /// Moves to the first line that is drawn and clears all below it.
  ///
  /// A terminal that became narrower has wrapped them.
  private func erasing(_ width: Int) -> String {
    let rows = drawn.reduce(0) { $0 + max(1, ($1 + width - 1) / width) }
    return (rows > 1 ? "\r\u{1B}[\(rows - 1)A" : "\r") + "\u{1B}[J"
  }
}
