internal import Foundation

/// Finds room for marbles of one size, so that those at the same place are side by side.
package struct Crowd {
  /// Creates a crowd without marbles.
  package init() {}

  private var taken: [Point] = []

  /// Marbles with centers closer than this hide each other; marbles of a row are `pitch` apart.
  private static let leastDistance = 15.0, pitch = 17.0

  /// The first free position: at `center`, beside it up to the edges of `box`, or in rows below and
  /// above.
  package mutating func place(at center: Point, in box: Rectangle) -> Point {
    var row = 0
    while true {
      // 0, 1, -1, 2, -2, …
      let shift = Double(row.isMultiple(of: 2) ? -row / 2 : (row + 1) / 2)
      let free = Self.places(in: box, from: center.x).map {
        Point($0, center.y + shift * Self.pitch)
      }.first { !isTaken($0) }
      if let free {
        taken.append(free)
        return free
      }
      row += 1
    }
  }

  /// Positions along a row: from `start` to the right edge, then to the left one.
  private static func places(in box: Rectangle, from start: Double) -> [Double] {
    // Far outside, a row to the box would never end.
    let start = start.isFinite ? min(max(start, box.x - box.width), box.right + box.width) : box.x
    return Array(stride(from: start, through: max(start, box.right - 20), by: pitch))
      + Array(stride(from: start - pitch, through: box.x, by: -pitch))
  }

  private func isTaken(_ point: Point) -> Bool {
    taken.contains { hypot($0.x - point.x, $0.y - point.y) < Self.leastDistance }
  }
}
