internal import Foundation

/// A camera that looks down at a square piece of land.
///
/// Land reaches from −1 to 1 along x and y; heights from 0 to 1 are made `relief` times as tall.
struct Perspective {
  /// Where the middle of the land appears, canvas units.
  let center: Point
  /// Canvas units per unit of land at the middle.
  let scale: Double
  /// Radians: how far the land is turned, how far the camera looks down.
  var turn = -0.55, pitch = 0.5
  var relief = 0.85
  /// From the camera to the middle, in units of land.
  private let distance = 4.6

  init(center: Point, scale: Double) {
    self.center = center
    self.scale = scale
  }

  /// The place on the canvas and how far away it is.
  func project(_ x: Double, _ y: Double, _ height: Double) -> (point: Point, depth: Double) {
    let across = x * cos(turn) - y * sin(turn)
    let back = x * sin(turn) + y * cos(turn)
    let up = (height - 0.4) * relief
    let depth = back * cos(pitch) - up * sin(pitch)
    let rise = back * sin(pitch) + up * cos(pitch)
    let size = scale * distance / (distance + depth)
    return (Point(center.x + across * size, center.y - rise * size), depth)
  }
}
