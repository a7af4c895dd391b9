internal import Plotting

/// A head seen from the side, looking right; the origin is the middle of the skull.
extension AnimalPainter {
  /// Draws the head.
  func profileHead() {
    profileEar(near: false)
    switch traits.animal {
    case .cat: catProfile()
    case .dog: dogProfile()
    }
    profileEar(near: true)
  }

  private func catProfile() {
    let outline = [
      Point(-42, 4), Point(-36, -26), Point(-10, -43), Point(20, -37), Point(37, -17),
      Point(48, 3), Point(55, 9), Point(54, 19), Point(46, 31), Point(26, 40), Point(-6, 44),
      Point(-34, 32),
    ]
    form([fur(outline)], coat.base, marks: headMarks)
    canvas.fill(.ellipse(41, 20, 13, 11), with: coat.muzzle)
    canvas.fill(.ellipse(53.5, 9.5, 4.4, 4), with: traits.noseColor)
    crease([Point(52, 14), Point(50, 22), Point(38, 26)])
    eye(at: Point(25, -7), radius: 11.5, squeeze: 0.72)
    part(at: Point(28, 0)) { whiskersBack() }
  }

  private func whiskersBack() {
    for (start, end) in [(18.0, 10.0), (22, 24), (26, 38)] {
      let whisker = Path.line(through: [
        Point(10, start), Point(-8, (start + end) / 2 - 2), Point(-34, end),
      ])
      canvas.stroke(whisker, with: Self.ink.opacity(0.35), Stroke(width: 2.4))
      canvas.stroke(whisker, with: coat.muzzle.mixed(with: .white, 0.75), Stroke(width: 1.3))
    }
  }

  private func dogProfile() {
    let reach = 24 + traits.snout * 30
    let outline = [
      Point(-40, 4), Point(-34, -26), Point(-8, -42), Point(18, -36), Point(33, -17),
      Point(40 + reach * 0.4, -8), Point(36 + reach, -5), Point(42 + reach, 4),
      Point(38 + reach, 18), Point(36 + reach * 0.4, 27), Point(22, 34), Point(-6, 42),
      Point(-32, 32),
    ]
    let mouth = Point(32 + reach * 0.62, 17)
    if traits.hasTongue { tongue(Point(mouth.x, mouth.y), length: 30) }
    if traits.hasBeard {
      let beard = [
        Point(26, 26), Point(36 + reach * 0.6, 14), Point(35 + reach, 12), Point(34 + reach, 32),
        Point(28 + reach * 0.6, 46), Point(30, 42),
      ]
      form([.furry(beard, tuft: 6)], coat.muzzle)
    }
    form([fur(outline)], coat.base, marks: headMarks)
    canvas.clip(to: .smooth(outline)) {
      canvas.fill(.ellipse(40 + reach * 0.6, 18, 14 + reach * 0.55, 22), with: coat.muzzle)
    }
    canvas.fill(.ellipse(39 + reach, -1, 9, 7.5), with: traits.noseColor)
    canvas.fill(.ellipse(38 + reach, -4, 3.4, 1.8), with: Color.white.opacity(0.55))
    crease(
      [Point(38 + reach, 9), Point(34 + reach * 0.8, 17), mouth, Point(28, 22)], width: 3)
    eye(at: Point(21, -13), radius: 8.2, squeeze: 0.85)
  }
}
