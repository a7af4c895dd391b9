internal import Foundation
internal import Plotting
internal import Tensors

/// The markings of the fur, each drawn on a body that is already filled with the base color.
extension AnimalPainter {
  /// Marks a body seen from the side or from the front.
  ///
  /// - Parameters:
  ///   - chest: Middle of the bib.
  ///   - ground: Where the feet stand; socks and dark legs start there.
  func bodyMarks(_ bounds: Rectangle, chest: Point, ground: Double = 0) {
    let (width, height) = (bounds.width, bounds.height)
    switch coat.markings {
    case .solid: break
    case .stripes:
      for step in 0..<8 {
        let x = bounds.x + width * (Double(step) + 0.5) / 8
        for (side, reach) in [(bounds.y - 4, 0.48), (bounds.bottom - height * 0.42, 0.3)] {
          canvas.fill(
            .limb(
              [
                Point(x, side), Point(x - 5, side + height * reach * 0.5),
                Point(x - 2, side + height * reach),
              ], widths: [width / 17, width / 22, 1]), with: coat.accent)
        }
      }
    case .bicolor:
      canvas.fill(
        .ellipse(chest.x, chest.y, width * 0.2, height * 0.36), with: coat.accent)
      canvas.fill(
        .ellipse(bounds.x + width / 2, ground, width * 0.6, height * 0.2), with: coat.accent)
    case .patches:
      blobs(bounds, count: 5, size: 0.2...0.34, colors: [coat.accent, coat.secondAccent])
    case .spots:
      blobs(bounds, count: 34, size: 0.035...0.075, colors: [coat.accent])
    case .saddle:
      canvas.fill(
        .rectangle(bounds),
        with: .linear(
          from: Point(0, bounds.y), to: Point(0, bounds.y + height * 0.62),
          stops: [.init(0, coat.accent), .init(0.8, coat.accent), .init(1, coat.accent.opacity(0))]
        ))
    case .points:
      canvas.fill(
        .rectangle(bounds),
        with: .linear(
          from: Point(0, ground - 50), to: Point(0, ground - 8),
          stops: [.init(0, coat.accent.opacity(0)), .init(1, coat.accent)]))
    }
    if coat.markings != .bicolor {
      let radius = max(width, height) * 0.36
      canvas.fill(
        .circle(center: chest, radius: radius),
        with: .radial(
          center: chest, radius: radius,
          stops: [.init(0, Color.white.opacity(0.24)), .init(1, Color.white.opacity(0))]))
    }
  }

  /// Marks a head seen from the front, before its face is drawn.
  func headMarks(_ bounds: Rectangle) {
    let middle = bounds.x + bounds.width / 2
    switch coat.markings {
    case .solid: break
    case .stripes:
      for step in -2...2 {
        let x = middle + Double(step) * 10
        canvas.fill(
          .limb([Point(x * 1.2, bounds.y - 3), Point(x, bounds.y + 22)], widths: [6, 1]),
          with: coat.accent)
      }
      for side in [-1.0, 1.0] {
        for step in 0..<2 {
          let y = 8 + Double(step) * 12
          canvas.fill(
            .limb(
              [Point(middle + side * bounds.width * 0.52, y - 4), Point(middle + side * 28, y)],
              widths: [6, 1]), with: coat.accent)
        }
      }
    case .bicolor:
      canvas.fill(
        .symmetric([Point(0, -46), Point(6, -20), Point(12, 2), Point(32, 20), Point(30, 60)]),
        with: coat.accent)
    case .patches:
      canvas.fill(.ellipse(bounds.x + bounds.width * 0.2, bounds.y + 20, 34, 38), with: coat.accent)
      canvas.fill(.ellipse(bounds.right - 4, bounds.y + 4, 26, 26), with: coat.secondAccent)
    case .points:
      canvas.fill(
        .rectangle(bounds),
        with: .radial(
          center: Point(middle, 12), radius: 48,
          stops: [.init(0, coat.accent), .init(0.5, coat.accent), .init(1, coat.accent.opacity(0))]
        ))
    case .spots: blobs(bounds, count: 14, size: 0.05...0.09, colors: [coat.accent])
    case .saddle:
      canvas.fill(.ellipse(middle, bounds.y, bounds.width * 0.34, 36), with: coat.accent)
    }
  }

  /// Rings or a dark or white tip on a tail.
  func tailMarks(_ spine: [Point], _ widths: [Double]) {
    let samples = Path.along(spine, widths)
    switch coat.markings {
    case .stripes:
      for index in stride(from: 3, to: samples.count - 1, by: 3) {
        let (at, next) = (samples[index].point, samples[index + 1].point)
        let run = max(hypot(next.x - at.x, next.y - at.y), 0.001)
        let reach = samples[index].width / run
        let across = Point((next.y - at.y) * reach, -(next.x - at.x) * reach)
        canvas.stroke(
          .polyline([
            Point(at.x - across.x, at.y - across.y), Point(at.x + across.x, at.y + across.y),
          ]), with: coat.accent, Stroke(width: 6))
      }
    case .bicolor, .patches:
      let tip = samples[samples.count - 1].point
      canvas.fill(
        .circle(center: tip, radius: 20), with: coat.accent)
    case .saddle: canvas.stroke(.line(through: spine), with: coat.accent, Stroke(width: 8))
    case .solid, .points, .spots: break
    }
  }

  private func blobs(
    _ bounds: Rectangle, count: Int, size: ClosedRange<Double>, colors: [Color]
  ) {
    var generator = SeededGenerator(seed: coat.seed, stream: UInt64(count))
    let extent = max(bounds.width, bounds.height)
    for _ in 0..<count {
      let radius = generator.number(in: size) * extent
      let x = generator.number(in: bounds.x...bounds.right)
      let y = generator.number(in: bounds.y...bounds.bottom)
      canvas.fill(
        .ellipse(
          x, y, radius, radius * generator.number(in: 0.7...1), turn: generator.number(in: 0...3)),
        with: generator.pick(colors))
    }
  }
}
