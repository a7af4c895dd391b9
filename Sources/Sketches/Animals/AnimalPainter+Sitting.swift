internal import Plotting

extension AnimalPainter {
  /// Draws the animal sitting and facing the viewer.
  func sittingFront(head: Head) {
    let width = traits.bodyDepth
    let height = traits.bodyLength * 0.92
    tail(from: Point(-width * 0.7, -16), low: true)
    let torso = [
      Point(0, -height - 6), Point(width * 0.4, -height), Point(width * 0.6, -height * 0.74),
      Point(width * 0.72, -height * 0.36), Point(width * 0.8, -14), Point(width * 0.5, -3),
      Point(0, -2),
    ]
    let haunches = [-1.0, 1.0].map { Path.ellipse($0 * width * 0.72, -28, width * 0.4, 28) }
    form([fur(Path.mirrored(torso))] + haunches, coat.base) {
      bodyMarks($0, chest: Point(0, -height * 0.62))
    }
    for side in [-1.0, 1.0] {
      crease([
        Point(side * width * 0.42, -48), Point(side * width * 0.36, -28),
        Point(side * width * 0.46, -8),
      ])
      crease([Point(side * width * 0.44, -height * 0.5), Point(side * width * 0.4, -50)])
      paw(side * width * 0.76, width: traits.legWidth * 1.7)
      paw(side * traits.legWidth * 0.72, width: traits.legWidth * 1.45)
    }
    crease([Point(0, -height * 0.42), Point(0, -12)])
    let neck = -height - 4
    collar(at: Point(0, neck + 8), width: width * 0.86, turn: 0)
    draw(head, at: Point(0, neck - 27 * traits.headScale - traits.neck * 0.4))
  }

  /// Draws the animal sitting and seen from the side.
  func sittingSide(head: Head) {
    let size = traits.bodyLength / 118
    let width = traits.legWidth
    func at(_ x: Double, _ y: Double) -> Point { Point(x * size, y * size) }
    tail(from: at(-44, -10), low: true)
    farLeg(
      [at(34, -60), at(36, -30), Point(38 * size, -5)], widths: [width, width * 0.9, width * 0.85])
    paw(38 * size + 4, width: width * 1.4)
    let nape = at(24, -116)
    let torso = [
      at(-38, -3), at(-56, -26), at(-46, -62), at(-20, -96), at(8, -122), at(36, -116),
      at(44, -86), at(38, -56), at(22, -22), at(4, -3),
    ]
    let top = Point(nape.x + 10, nape.y - traits.neck)
    form(
      [
        fur(torso), .limb([nape, top], widths: [40 * size, 38]),
        .limb(
          [at(24, -70), at(25, -36), Point(25 * size, -6)],
          widths: [width * 1.5, width, width * 0.9]),
        .ellipse(-20 * size, -32 * size, 34 * size, 30 * size),
      ], coat.base
    ) { bodyMarks($0, chest: at(36, -80)) }
    crease([at(-6, -62), at(14, -44), at(14, -20), at(4, -10)])
    crease([at(13, -60), at(14, -46)])
    paw(8 * size, width: width * 2)
    paw(25 * size + 4, width: width * 1.45)
    collar(at: Point(top.x - 2, top.y + 6), width: 42, turn: 0.25)
    draw(head, at: Point(top.x + 6, top.y - 26 * traits.headScale))
  }

  /// Draws a leg on the far side, in shade.
  func farLeg(_ spine: [Point], widths: [Double]) {
    form([.limb(spine, widths: widths)], coat.extremity.mixed(with: Self.ink, 0.26))
  }
}
