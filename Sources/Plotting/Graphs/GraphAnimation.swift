/// A computation as an animated PNG: the whole first, then every step.
public struct GraphAnimation {
  private let whole: GraphFigure
  private let steps: [GraphFigure]

  /// How long a step is shown, and the whole, milliseconds.
  private static let millisecondsPerStep = 1600, hold = 2400
  /// Pixels per canvas unit.
  private static let scale = 1.5

  /// Prepares an animation.
  ///
  /// - Precondition: All figures have one size.
  public init(_ whole: GraphFigure, steps: [GraphFigure]) {
    precondition(steps.allSatisfy { $0.size == whole.size }, "steps of different sizes")
    self.whole = whole
    self.steps = steps
  }

  /// Draws all frames.
  ///
  /// - Throws: `FigureError.undrawable`.
  public func encoded() throws(FigureError) -> AnimatedPNG {
    var animation = try AnimatedPNG(poster: canvas(whole), milliseconds: Self.hold)
    for step in steps {
      try animation.add(background: canvas(step), milliseconds: Self.millisecondsPerStep)
    }
    return animation
  }

  private func canvas(_ figure: GraphFigure) -> CairoCanvas {
    let canvas = CairoCanvas(
      width: figure.size.width, height: figure.size.height, scale: Self.scale)
    figure.draw(on: canvas)
    return canvas
  }
}
