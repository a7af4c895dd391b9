internal import Plotting

extension AnimalPainter {
  /// Draws the animal standing and seen from the side.
  func standing(head: Head) {
    let (half, depth, leg) = (traits.bodyLength * 0.56, traits.bodyDepth, traits.legLength)
    let width = traits.legWidth
    let back = -leg - depth
    tail(from: Point(-half + 2, back + depth * 0.3), low: false)
    farLeg(
      [Point(half - 24, back + depth * 0.6), Point(half - 10, -leg * 0.5), Point(half - 6, -5)],
      widths: [width * 1.3, width * 0.95, width * 0.85])
    paw(half - 2, width: width * 1.4)
    farLeg(hindLeg(shift: 20), widths: [width * 1.6, width * 1.15, width * 0.8, width * 0.85])
    paw(-half + 40, width: width * 1.4)
    let torso = [
      Point(-half, back + depth * 0.5), Point(-half + 10, back + depth * 0.1),
      Point(-half * 0.3, back + 2), Point(half * 0.5, back + 1), Point(half, back + depth * 0.12),
      Point(half + 8, back + depth * 0.5), Point(half - 8, back + depth * 0.96),
      Point(half * 0.2, back + depth * 1.04), Point(-half * 0.4, back + depth * 0.86),
      Point(-half + 14, back + depth * 0.92),
    ]
    let nape = Point(half - 10, back + depth * 0.34)
    let top = Point(half + 12, back - traits.neck - 4)
    form(
      [
        fur(torso), .limb([nape, top], widths: [depth * 0.8, 38]),
        .limb(hindLeg(shift: 0), widths: [depth * 0.74, width * 1.5, width * 0.85, width * 0.9]),
        .limb(
          [
            Point(half - 16, back + depth * 0.6), Point(half - 15, -leg * 0.5),
            Point(half - 15, -5),
          ],
          widths: [width * 1.7, width, width * 0.9]),
      ], coat.base
    ) { bodyMarks($0, chest: Point(half, back + depth * 0.7)) }
    crease([
      Point(-half + 30, back + depth * 0.36), Point(-half + 42, back + depth * 0.7),
      Point(-half + 34, back + depth),
    ])
    crease([Point(half - 28, back + depth * 0.6), Point(half - 26, back + depth * 0.98)])
    paw(-half + 20, width: width * 1.45)
    paw(half - 11, width: width * 1.45)
    collar(at: Point(top.x - 4, top.y + 10), width: 42, turn: 0.5)
    draw(head, at: Point(top.x + 10, top.y - 20 * traits.headScale))
  }

  private func hindLeg(shift: Double) -> [Point] {
    let (left, leg) = (-traits.bodyLength * 0.56 + shift, traits.legLength)
    return [
      Point(left + 22, -leg - traits.bodyDepth * 0.5), Point(left + 24, -leg * 0.82),
      Point(left + 11, -leg * 0.4), Point(left + 15, -5),
    ]
  }
}
