internal import Plotting

/// A head seen from the front; its center is the origin, its radius about 45.
extension AnimalPainter {
  /// Draws the head.
  ///
  /// - Parameters:
  ///   - turn: How far the face is turned aside, drawing units; moves the eyes and, more so, the
  ///     muzzle.
  ///   - asleep: With closed eyes.
  func frontHead(turn: Double = 0, asleep: Bool = false) {
    canvas.transform(
      translation: Point(0, 0), rotation: 0, scaleX: traits.headWidth, scaleY: 1
    ) {
      earsBehind()
      switch traits.animal {
      case .cat: catFace(turn: turn, asleep: asleep)
      case .dog: dogFace(turn: turn, asleep: asleep)
      }
    }
  }

  private func catFace(turn: Double, asleep: Bool) {
    let skull = [
      Point(0, -43), Point(24, -40), Point(44, -20), Point(53, 6), Point(44, 28), Point(20, 42),
      Point(0, 44),
    ]
    form([fur(Path.mirrored(skull))], coat.base, marks: headMarks)
    earsInFront()
    for side in [-1.0, 1.0] {
      let center = Point(side * 22 + turn * 0.6, -4)
      if asleep { closedEye(at: center, radius: 11) } else { eye(at: center, radius: 12.5) }
    }
    part(at: Point(turn, 0)) {
      for side in [-1.0, 1.0] {
        canvas.fill(.ellipse(side * 9.5, 24, 12.5, 10.5), with: coat.muzzle)
      }
      canvas.fill(.ellipse(0, 33, 9, 7), with: coat.muzzle)
      for side in [-1.0, 1.0] {
        crease([Point(0, 19), Point(0, 25), Point(side * 6, 30), Point(side * 14, 27)])
        whiskers(side)
      }
      let nose = [Point(0, 19.5), Point(5, 14), Point(6, 11), Point(0, 10.4)]
      canvas.fill(.symmetric(nose), with: traits.noseColor)
    }
  }

  private func whiskers(_ side: Double) {
    let color = coat.muzzle.mixed(with: .white, 0.75)
    for (start, end) in [(20.0, 8.0), (23.5, 22), (27, 37)] {
      let whisker = Path.line(through: [
        Point(side * 13, start), Point(side * 38, (start + end) / 2 - 2), Point(side * 66, end),
      ])
      canvas.stroke(whisker, with: Self.ink.opacity(0.35), Stroke(width: 2.4))
      canvas.stroke(whisker, with: color, Stroke(width: 1.3))
    }
  }

  private func dogFace(turn: Double, asleep: Bool) {
    let skull = [
      Point(0, -44), Point(22, -41), Point(38, -24), Point(43, 0), Point(35, 24), Point(18, 40),
      Point(0, 44),
    ]
    form([fur(Path.mirrored(skull))], coat.base, marks: headMarks)
    earsInFront()
    for side in [-1.0, 1.0] {
      let center = Point(side * 19 + turn * 0.6, -10)
      if asleep { closedEye(at: center, radius: 9) } else { eye(at: center, radius: 8.6) }
      if coat.markings == .saddle || coat.markings == .points {
        canvas.fill(.ellipse(side * 17 + turn * 0.6, -25, 6, 4), with: coat.base)
      }
    }
    let drop = traits.snout * 16
    part(at: Point(turn, 0)) {
      if traits.hasTongue && !asleep { tongue(Point(3, 34 + drop), length: 26) }
      let muzzle = [
        Point(0, -4), Point(12, 2), Point(23, 20 + drop * 0.6), Point(22, 36 + drop),
        Point(10, 45 + drop), Point(0, 46 + drop),
      ]
      form(
        [traits.hasBeard ? .furry(Path.mirrored(muzzle), tuft: 7) : .symmetric(muzzle)], coat.muzzle
      )
      let nose = [
        Point(0, 8 + drop), Point(9, 8.5 + drop), Point(13, 14 + drop), Point(7, 22 + drop),
        Point(0, 24 + drop),
      ]
      canvas.fill(.symmetric(nose), with: traits.noseColor)
      canvas.fill(.ellipse(light * 4, 12 + drop, 4, 2), with: Color.white.opacity(0.55))
      for side in [-1.0, 1.0] {
        crease(
          [
            Point(0, 24 + drop), Point(0, 31 + drop), Point(side * 8, 36 + drop),
            Point(side * 18, 32 + drop),
          ], width: 3, on: coat.muzzle)
      }
    }
  }

  /// Draws a tongue that hangs down from its root.
  func tongue(_ root: Point, length: Double) {
    let color = Color(hex: 0xE5788A)
    form(
      [.limb([root, Point(root.x, root.y + length)], widths: [14, 13])], color)
    crease(
      [Point(root.x, root.y + 4), Point(root.x, root.y + length * 0.7)], width: 1.8, on: color)
  }
}
