internal import Plotting

/// How the head is held.
struct Head: Sendable {
  enum View: Sendable { case front, profile }
  var view: View
  /// Radians, clockwise.
  var tilt: Double
  /// How far the face is turned aside, drawing units.
  var turn: Double
  var isAsleep: Bool
}

extension AnimalPainter {
  /// Draws the whole animal on its shadow.
  func draw(_ pose: Pose, head: Head) {
    if pose != .portrait { shadow(Self.extent(of: pose, head: head, traits)) }
    switch pose {
    case .sittingFront: sittingFront(head: head)
    case .sittingSide: sittingSide(head: head)
    case .standing: standing(head: head)
    case .lying: lying(head: head)
    case .curled: curled(head: head)
    case .portrait: portrait(head: head)
    }
  }

  /// Where the animal is, roughly, in its own coordinates.
  static func extent(of pose: Pose, head: Head, _ traits: Traits) -> Rectangle {
    let ears = (traits.ears == .upright ? 78.0 : 52) * traits.headScale
    let flat = traits.animal == .cat || head.view == .front
    let face = (flat ? 64.0 : 76 + traits.snout * 30) * traits.headScale
    let chin = traits.chin * traits.headScale
    let tail = traits.tail == .short ? 16.0 : 56
    let (left, right, height): (Double, Double, Double) =
      switch pose {
      case .sittingFront:
        (tail + 30, 76, traits.bodyLength * 0.92 + 30 * traits.headScale + ears)
      case .sittingSide: (tail + 40, 40 + face, traits.bodyLength + 24 + ears + traits.neck)
      case .standing:
        (
          traits.bodyLength * 0.56 + tail * 0.7, traits.bodyLength * 0.56 + 20 + face,
          traits.legLength + traits.bodyDepth + 24 + ears + traits.neck
        )
      case .lying:
        (
          traits.bodyLength * 0.6 + tail, traits.bodyLength * 0.6 + 12 + face,
          traits.bodyDepth + 30 + ears + traits.neck
        )
      case .curled: (traits.bodyLength * 0.42 + 64, traits.bodyLength * 0.74, chin + ears)
      case .portrait: (face, face, 132 + ears + traits.neck)
      }
    return Rectangle(x: -left, y: -height, width: left + right, height: height)
  }

  /// Draws the head, its center at a position.
  func draw(_ head: Head, at position: Point) {
    part(at: position, turn: head.tilt, scale: traits.headScale) {
      switch head.view {
      case .front: frontHead(turn: head.turn, asleep: head.isAsleep)
      case .profile: profileHead()
      }
    }
  }

  /// Draws a collar with a tag across a neck.
  func collar(at center: Point, width: Double, turn: Double) {
    guard let color = traits.collar else { return }
    part(at: center, turn: turn) {
      form(
        [.limb([Point(-width / 2, -3), Point(0, 4), Point(width / 2, -3)], widths: [9, 10, 9])],
        color)
      form([.circle(center: Point(2, 13), radius: 6)], Color(hex: 0xE7C15A))
    }
  }

  private func shadow(_ extent: Rectangle) {
    let (radius, depth) = (min(extent.width * 0.5, traits.bodyLength * 0.95), 0.16)
    canvas.transform(translation: Point(0, -4), rotation: 0, scaleX: 1, scaleY: depth) {
      canvas.fill(
        .circle(center: Point(-light * 10, 0), radius: radius),
        with: .radial(
          center: Point(-light * 10, 0), radius: radius,
          stops: [
            .init(0, Self.ink.opacity(0.55)), .init(0.6, Self.ink.opacity(0.32)),
            .init(1, Self.ink.opacity(0)),
          ]))
    }
  }
}
