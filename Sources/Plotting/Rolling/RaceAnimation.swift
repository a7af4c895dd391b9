/// A race as an animated PNG: the finished picture first, then every step.
public struct RaceAnimation {
  private let figure: RaceFigure
  /// Steps between two pictures.
  public let stride: Int

  /// More pictures than this would last longer than anybody watches.
  private static let longest = 180
  private static let millisecondsPerFrame = 40
  private static let hold = 1200
  private static let trail = 40

  /// Prepares an animation.
  public init(_ figure: RaceFigure) {
    self.figure = figure
    stride = max(1, (figure.stepCount + Self.longest - 1) / Self.longest)
  }

  /// Draws all pictures, 960 × 600 pixels each; every one shows a step that was taken.
  public func encoded() -> AnimatedPNG {
    func canvas(_ draw: (any Canvas) -> Void) -> CairoCanvas {
      let canvas = CairoCanvas(width: RaceFigure.width, height: RaceFigure.height)
      draw(canvas)
      return canvas
    }
    var animation = AnimatedPNG(poster: canvas(figure.draw(on:)), milliseconds: Self.hold)
    animation.add(background: canvas(figure.drawBackground(on:)), milliseconds: 20)
    var steps = Array(Swift.stride(from: 0, through: figure.stepCount, by: stride))
    if steps.last != figure.stepCount { steps.append(figure.stepCount) }
    for step in steps {
      let overlay = canvas { canvas in
        figure.drawMarbles(upTo: step, trail: Self.trail, on: canvas)
        canvas.write(
          "step \(step)", at: Point(RaceFigure.groundBox.right - 8, RaceFigure.groundBox.y + 20),
          with: figure.theme.palette.text,
          TextStyle(size: 15, bold: true, alignment: .trailing))
      }
      animation.add(
        overlay: overlay.encodedPicture(croppingToContent: true),
        milliseconds: step == figure.stepCount ? Self.hold : Self.millisecondsPerFrame)
    }
    return animation
  }

  /// Writes the animation, whole or not at all.
  ///
  /// - Throws: `PictureError.unwritable`.
  public func write(to path: String) throws(PictureError) { try encoded().write(to: path) }
}
