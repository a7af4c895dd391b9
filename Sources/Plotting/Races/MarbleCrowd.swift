internal import Foundation

/// Marbles at their places, and beside them the numbers of those that others hide.
package struct MarbleCrowd {
  /// For each marble where its number stands apart; nil where its own place shows it.
  package private(set) var tags: [Point?]

  /// Canvas units.
  package static let radius = 9.0, tagRadius = 7.0

  /// A marble closer than this to one that lies on top of it cannot be read.
  private static let leastDistance = 13.0
  /// From a hidden marble to the nearest numbers around it, and from one to the next.
  private static let firstRing = 27.0, pitch = 15.0

  /// Finds room for numbers.
  ///
  /// - Parameters:
  ///   - places: The centers of the marbles, the topmost first; nil for one that is not shown.
  ///   - box: What the numbers stay inside.
  package init(at places: [Point?], in box: Rectangle) {
    tags = places.map { _ in nil }
    for (index, place) in places.enumerated() {
      guard let place else { continue }
      let isHidden = places[..<index].contains { above in
        above.map { distance($0, place) < Self.leastDistance } ?? false
      }
      guard isHidden else { continue }
      tags[index] = Self.ring(around: place).first { tag in
        box.inset(by: Self.tagRadius + 1).contains(tag)
          && places.allSatisfy { $0.map { distance($0, tag) >= Self.firstRing - 6 } ?? true }
          && tags.allSatisfy { $0.map { distance($0, tag) >= Self.pitch - 1 } ?? true }
      }
    }
  }

  /// Positions around a place, near ones first, from the upper right to both sides.
  private static func ring(around place: Point) -> some Sequence<Point> {
    (0..<40).lazy.flatMap { ring in
      let radius = firstRing + pitch * Double(ring)
      let count = Int(2 * .pi * radius / pitch)
      return (0..<count).lazy.map { index in
        let turn = Double(index.isMultiple(of: 2) ? index / 2 : -(index + 1) / 2)
        let angle = -.pi / 4 + turn * 2 * .pi / Double(count)
        return Point(place.x + radius * cos(angle), place.y + radius * sin(angle))
      }
    }
  }

  /// Draws lines to the hidden marbles, the marbles, and the numbers beside them.
  func draw(
    _ places: [Point?], colors: [Color], on canvas: any Canvas,
    ball: (_ index: Int, _ center: Point, _ radius: Double) -> Void
  ) {
    for (index, place) in places.enumerated() {
      guard let place, let tag = tags[index] else { continue }
      canvas.stroke(.polyline([place, tag]), with: colors[index], Stroke(width: 1.4))
    }
    for (index, place) in places.enumerated().reversed() {
      if let place { ball(index, place, Self.radius) }
    }
    for (index, tag) in tags.enumerated() {
      if let tag { ball(index, tag, Self.tagRadius) }
    }
  }
}

/// The distance between two points.
private func distance(_ a: Point, _ b: Point) -> Double { hypot(a.x - b.x, a.y - b.y) }
