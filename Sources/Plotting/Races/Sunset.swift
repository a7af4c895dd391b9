/// An evening sky with a striped sun on the horizon.
struct Sunset {
  let width: Double, height: Double

  func draw(on canvas: any Canvas) {
    let horizon = height * 0.5
    canvas.fill(
      .rectangle(Rectangle(x: 0, y: 0, width: width, height: horizon)),
      with: .linear(
        from: Point(0, 0), to: Point(0, horizon),
        stops: [
          Paint.Stop(0, Color(hex: 0x120A2A)), Paint.Stop(0.6, Color(hex: 0x2A0F4F)),
          Paint.Stop(1, Color(hex: 0x5B1B6B)),
        ]))
    canvas.fill(
      .rectangle(Rectangle(x: 0, y: horizon, width: width, height: height - horizon)),
      with: .linear(
        from: Point(0, horizon), to: Point(0, height),
        stops: [Paint.Stop(0, Color(hex: 0x2A0F4F)), Paint.Stop(0.35, Color(hex: 0x120A2A))]))
    let center = Point(width / 2, horizon - height * 0.09)
    let radius = height * 0.2
    let glow = Color(hex: 0xFF9E3D)
    canvas.fill(
      .circle(center: center, radius: radius * 1.9),
      with: .radial(
        center: center, radius: radius * 1.9,
        stops: [
          Paint.Stop(0, glow.opacity(0.5)), Paint.Stop(0.5, glow.opacity(0.28)),
          Paint.Stop(1, glow.opacity(0)),
        ]))
    // What lies between the slits, each lower one wider.
    var bands = Path()
    var top = center.y - radius
    for slit in 0..<6 {
      let bottom = center.y + radius * (0.02 + 0.16 * Double(slit))
      bands.append(
        .rectangle(
          Rectangle(x: center.x - radius, y: top, width: 2 * radius, height: bottom - top)))
      top = bottom + 2.5 + 1.6 * Double(slit)
    }
    canvas.clip(to: bands) {
      canvas.fill(
        .circle(center: center, radius: radius),
        with: .linear(
          from: Point(0, center.y - radius), to: Point(0, center.y + radius),
          stops: [
            Paint.Stop(0, Color(hex: 0xFFE9B0)), Paint.Stop(0.45, Color(hex: 0xFF9E3D)),
            Paint.Stop(1, Color(hex: 0xE717A2)),
          ]))
    }
  }
}
