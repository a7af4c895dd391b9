internal import Plotting

extension AnimalPainter {
  /// Draws an eye: a slit pupil in a large iris for a cat, a round dark one for a dog.
  ///
  /// - Parameter squeeze: Width as a fraction of the height, for a head seen from the side.
  func eye(at center: Point, radius: Double, squeeze: Double = 1) {
    let (width, height) = (radius * squeeze, traits.animal == .cat ? radius * 0.94 : radius)
    let lid = coat.base.mixed(with: Self.ink, 0.85)
    let rim = Path.ellipse(center: center, radiusX: width + 2.4, radiusY: height + 2.4)
    canvas.fill(rim, with: lid)
    let ball = Path.ellipse(center: center, radiusX: width, radiusY: height)
    canvas.fill(
      ball,
      with: .radial(
        center: Point(center.x, center.y + height * 0.4), radius: radius * 1.5,
        stops: [
          .init(0, traits.eyeColor.mixed(with: .white, 0.25)),
          .init(1, traits.eyeColor.mixed(with: Self.ink, 0.3)),
        ]))
    canvas.clip(to: ball) {
      let reach = traits.animal == .cat ? height * 0.92 : height * 0.66
      canvas.fill(
        .ellipse(center: center, radiusX: reach * traits.pupil * squeeze, radiusY: reach),
        with: Color(hex: 0x120D14))
    }
    canvas.fill(
      .circle(
        center: Point(center.x + light * radius * 0.32, center.y - radius * 0.36),
        radius: radius * 0.27), with: Color.white.opacity(0.95))
  }

  /// Draws an eye that is closed in sleep.
  func closedEye(at center: Point, radius: Double) {
    // On dark fur a darker line would not show.
    let isDark = coat.base.red + coat.base.green + coat.base.blue < 1.3
    let lid = coat.base.mixed(with: isDark ? .white : Self.ink, isDark ? 0.45 : 0.8)
    canvas.stroke(
      .line(through: [
        Point(center.x - radius, center.y), Point(center.x, center.y + radius * 0.55),
        Point(center.x + radius, center.y),
      ]), with: lid, Stroke(width: 3.4))
  }
}
