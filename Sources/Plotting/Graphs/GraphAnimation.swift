/// A computation as an animated PNG of its steps; viewers that do not animate show the whole.
public struct GraphAnimation {
  private let whole: GraphFigure
  private let steps: [GraphFigure]
  /// Pixels.
  private let size: Size

  /// How long a step is shown, and the last one, milliseconds.
  private static let millisecondsPerStep = 1600, hold = 3200
  /// Pixels per canvas unit where no size is given.
  private static let scale = 1.5

  /// Prepares an animation.
  ///
  /// - Parameters:
  ///   - width: Pixels of a frame; nil to keep the proportions of the figure.
  ///   - height: The same.
  /// - Precondition: All figures have one size.
  public init(
    _ whole: GraphFigure, steps: [GraphFigure], width: Double? = nil, height: Double? = nil
  ) {
    precondition(steps.allSatisfy { $0.size == whole.size }, "steps of different sizes")
    self.whole = whole
    self.steps = steps
    let isSized = width != nil || height != nil
    size =
      ResizedFigure(
        whole, width: isSized ? width : Self.scale * whole.size.width, height: height
      ).size
  }

  /// Draws all frames.
  ///
  /// - Throws: `FigureError.undrawable`.
  public func encoded() throws(FigureError) -> AnimatedPNG {
    var animation = try AnimatedPNG(poster: canvas(whole))
    for (index, step) in steps.enumerated() {
      let isLast = index == steps.count - 1
      try animation.add(
        background: canvas(step),
        milliseconds: isLast ? Self.hold : Self.millisecondsPerStep)
    }
    return animation
  }

  private func canvas(_ figure: GraphFigure) -> CairoCanvas {
    let canvas = CairoCanvas(width: size.width, height: size.height)
    canvas.fit(figure.size, figure.draw(on:))
    return canvas
  }
}
