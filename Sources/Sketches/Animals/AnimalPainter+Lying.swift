internal import Plotting

extension AnimalPainter {
  /// Draws the animal lying with its head up and its forelegs stretched out.
  func lying(head: Head) {
    let (half, depth) = (traits.bodyLength * 0.6, traits.bodyDepth * 1.08)
    let width = traits.legWidth
    tail(from: Point(-half + 4, -12), low: true)
    farLeg([Point(half - 8, -18), Point(half + 42, -12)], widths: [width, width * 0.9])
    paw(half + 50, -4, width: width * 1.5)
    let torso = [
      Point(-half, -16), Point(-half + 6, -depth * 0.72), Point(-half * 0.5, -depth * 1.02),
      Point(half * 0.2, -depth * 0.94), Point(half * 0.76, -depth * 1.1),
      Point(half + 12, -depth * 0.74), Point(half + 14, -depth * 0.3), Point(half, -4),
      Point(0, -2), Point(-half + 16, -2),
    ]
    let nape = Point(half - 12, -depth * 0.74)
    let top = Point(half + 6, -depth - traits.neck - 8)
    form(
      [
        fur(torso), .limb([nape, top], widths: [depth * 0.8, 38]),
        .limb([Point(half - 16, -14), Point(half + 34, -8)], widths: [width * 1.3, width]),
      ], coat.base
    ) { bodyMarks($0, chest: Point(half + 4, -depth * 0.6)) }
    crease([
      Point(-half + 22, -depth * 0.74), Point(-half + 54, -depth * 0.62),
      Point(-half + 60, -depth * 0.26),
      Point(-half + 46, -10),
    ])
    crease([Point(half - 26, -depth * 0.42), Point(half - 20, -22), Point(half + 6, -17)])
    paw(-half + 56, width: width * 2)
    paw(half + 38, width: width * 1.55)
    collar(at: Point(top.x - 3, top.y + 8), width: 42, turn: 0.35)
    draw(head, at: Point(top.x + 6, top.y - 22 * traits.headScale))
  }

  /// Draws the animal curled up asleep.
  func curled(head: Head) {
    let (half, depth) = (traits.bodyLength * 0.74, traits.bodyDepth * 1.5)
    let torso = [
      Point(-half, -depth * 0.4), Point(-half * 0.8, -depth * 0.82),
      Point(-half * 0.2, -depth * 1.02),
      Point(half * 0.5, -depth * 0.94), Point(half * 0.96, -depth * 0.5), Point(half * 0.86, -8),
      Point(0, -1), Point(-half * 0.84, -6),
    ]
    form([fur(torso, tuft: 5)], coat.base) {
      bodyMarks($0, chest: Point(-half * 0.3, -depth * 0.2))
    }
    crease([
      Point(half * 0.24, -depth * 0.6), Point(half * 0.62, -depth * 0.56),
      Point(half * 0.7, -depth * 0.2),
      Point(half * 0.4, -8),
    ])
    if traits.tail == .short {
      paw(half * 0.5, width: traits.legWidth * 2)
    } else {
      let spine = [
        Point(half * 0.86, -22), Point(half * 0.6, -9), Point(half * 0.1, -8),
        Point(-half * 0.2, -10),
      ]
      let widths = traits.tail == .plume ? [18, 26, 28, 12.0] : [15, 14, 13, 10]
      form([.limb(spine, widths: widths)], coat.extremity) { _ in tailMarks(spine, widths) }
    }
    paw(-half * 0.12, width: traits.legWidth * 1.7)
    draw(head, at: Point(-half * 0.56, -traits.chin * traits.headScale))
  }

  /// Draws head and shoulders; the shoulders run on far below.
  func portrait(head: Head) {
    let height = 108.0 + traits.neck
    let bust = [
      Point(0, -height), Point(30, -height + 4), Point(40, -height * 0.7),
      Point(62, -height * 0.35),
      Point(78, 10), Point(84, 60), Point(0, 64),
    ]
    form([fur(Path.mirrored(bust), tuft: 6)], coat.base) {
      bodyMarks($0, chest: Point(0, -height * 0.4), ground: 60)
    }
    collar(at: Point(0, -height * 0.78), width: 74, turn: 0)
    draw(head, at: Point(0, -height - 12))
  }
}
