internal import Plotting

extension AnimalPainter {
  /// Draws a tail that leaves the body at `root` toward the left.
  ///
  /// - Parameter low: On the ground beside a sitting or lying animal instead of carried high.
  func tail(from root: Point, low: Bool) {
    let (spine, widths) = low ? lowTail : highTail
    let placed = spine.map { Point(root.x + $0.x, min(root.y + $0.y, -6)) }
    let outline =
      traits.tail == .plume
      ? Path.furry(Path.limbPoints(placed, widths: widths), tuft: 5)
      : .limb(placed, widths: widths)
    form([outline], coat.extremity) { _ in tailMarks(placed, widths) }
  }

  private var highTail: (spine: [Point], widths: [Double]) {
    switch traits.tail {
    case .slender:
      (
        [Point(8, 4), Point(-26, -6), Point(-44, -44), Point(-34, -84), Point(-48, -100)],
        [13, 12, 11, 10, 8]
      )
    case .plume:
      ([Point(8, 4), Point(-24, -10), Point(-46, -44), Point(-40, -84)], [12, 22, 34, 8])
    case .curl:
      (
        [Point(8, 4), Point(-20, -22), Point(-14, -52), Point(12, -50), Point(10, -30)],
        [16, 18, 18, 16, 10]
      )
    case .short: ([Point(8, 4), Point(-12, -14), Point(-20, -30)], [15, 13, 9])
    case .straight:
      ([Point(8, 4), Point(-32, -20), Point(-72, -50)], [16, 14, 6])
    }
  }

  private var lowTail: (spine: [Point], widths: [Double]) {
    switch traits.tail {
    case .slender:
      (
        [Point(8, -2), Point(-34, 0), Point(-62, -8), Point(-78, -30), Point(-66, -44)],
        [13, 12, 11, 10, 8]
      )
    case .plume:
      ([Point(8, -2), Point(-36, -6), Point(-74, -18), Point(-98, -42)], [12, 24, 30, 8])
    case .curl:
      (
        [Point(8, -6), Point(-26, -22), Point(-30, -50), Point(-6, -54), Point(-6, -36)],
        [16, 17, 17, 15, 10]
      )
    case .short: ([Point(8, -4), Point(-16, -14), Point(-26, -28)], [15, 13, 9])
    case .straight: ([Point(8, -2), Point(-40, -6), Point(-84, -24)], [16, 13, 6])
    }
  }
}
