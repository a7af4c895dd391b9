/// A race as an animated PNG: the finished figure first, then every step.
public struct RaceAnimation {
  private let figure: RaceFigure
  /// Steps between two frames.
  public let stride: Int

  /// More frames than this would take too long to watch.
  private static let mostFrames = 180
  private static let millisecondsPerFrame = 40
  /// How long the finished race is shown, milliseconds.
  private static let hold = 1200
  private static let trail = 40

  /// Prepares an animation.
  public init(_ figure: RaceFigure) {
    self.figure = figure
    stride = max(1, (figure.stepCount + Self.mostFrames - 1) / Self.mostFrames)
  }

  /// Draws all frames, 960 × 600 pixels each; every one shows a step that was taken.
  ///
  /// - Throws: `FigureError.undrawable`.
  public func encoded() throws(FigureError) -> AnimatedPNG {
    var animation = try AnimatedPNG(
      poster: canvas(figure.draw(on:)), milliseconds: Self.hold)
    try animation.add(background: canvas(figure.drawBackground(on:)), milliseconds: 20)
    var steps = Array(Swift.stride(from: 0, through: figure.stepCount, by: stride))
    if steps.last != figure.stepCount { steps.append(figure.stepCount) }
    for step in steps {
      try animation.add(
        overlay: canvas { drawOverlay(step, on: $0) },
        milliseconds: step == figure.stepCount ? Self.hold : Self.millisecondsPerFrame)
    }
    return animation
  }

  /// Writes the animation, whole or not at all.
  ///
  /// - Throws: `FigureError`.
  public func write(to path: String) throws(FigureError) {
    try writeFile(encoded().bytes, to: path)
  }

  private func canvas(_ draw: (any Canvas) -> Void) -> CairoCanvas {
    let canvas = CairoCanvas(width: figure.size.width, height: figure.size.height)
    draw(canvas)
    return canvas
  }

  private func drawOverlay(_ step: Int, on canvas: any Canvas) {
    figure.drawMarbles(after: step, trail: Self.trail, on: canvas)
    let corner = Point(RaceFigure.groundBox.right - 8, RaceFigure.groundBox.y + 20)
    canvas.write(
      "step \(step)", at: corner, with: figure.theme.palette.text,
      TextStyle(size: 15, bold: true, alignment: .trailing))
  }
}
