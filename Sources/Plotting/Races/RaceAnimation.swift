internal import Support

/// A race as an animated PNG that begins with the first step; viewers that do not animate show the
/// finished figure.
public struct RaceAnimation {
  private let figure: RaceFigure
  /// Pixels.
  private let size: Size
  /// Steps between two frames.
  public let stride: Int

  /// More frames than this would take too long to watch.
  private static let mostFrames = 180
  private static let millisecondsPerFrame = 40
  /// How long the finished race is shown, milliseconds.
  private static let hold = 1200
  private static let trail = 40

  /// Prepares an animation.
  ///
  /// - Parameters:
  ///   - width: Pixels of a frame; nil to keep the proportions of the figure.
  ///   - height: The same.
  public init(_ figure: RaceFigure, width: Double? = nil, height: Double? = nil) {
    self.figure = figure
    size = ResizedFigure(figure, width: width, height: height).size
    stride = max(1, (figure.stepCount + Self.mostFrames - 1) / Self.mostFrames)
  }

  /// The steps that the frames show.
  public var steps: [Int] {
    let steps = Array(Swift.stride(from: 0, through: figure.stepCount, by: stride))
    return steps.last == figure.stepCount ? steps : steps + [figure.stepCount]
  }

  /// Draws all frames; every one shows a step that was taken.
  ///
  /// - Throws: `FigureError.undrawable`.
  public func encoded() throws(FigureError) -> AnimatedPNG {
    var animation = try AnimatedPNG(poster: canvas(figure.draw(on:)))
    try animation.add(background: canvas(figure.drawBackground(on:)), milliseconds: 20)
    for step in steps {
      try animation.add(
        overlay: canvas { drawOverlay(step, on: $0) },
        milliseconds: step == figure.stepCount ? Self.hold : Self.millisecondsPerFrame)
    }
    return animation
  }

  /// The frame of a step as a PNG file of its own.
  ///
  /// - Throws: `FigureError.undrawable`.
  public func encodedFrame(after step: Int) throws(FigureError) -> [UInt8] {
    try Provenance.marked(png: canvas { drawFrame(after: step, on: $0) }.encodedPNG())
  }

  /// Draws the frame of a step.
  package func drawFrame(after step: Int, on canvas: any Canvas) {
    figure.drawBackground(on: canvas)
    drawOverlay(step, on: canvas)
  }

  /// Writes the animation, whole or not at all.
  ///
  /// - Throws: `FigureError`.
  public func write(to path: String) throws(FigureError) {
    try writeFile(encoded().bytes, to: path)
  }

  private func canvas(_ draw: (any Canvas) -> Void) -> CairoCanvas {
    let canvas = CairoCanvas(width: size.width, height: size.height)
    canvas.fit(figure.size, draw)
    return canvas
  }

  private func drawOverlay(_ step: Int, on canvas: any Canvas) {
    figure.drawMarbles(after: step, trail: Self.trail, on: canvas)
    let ground = figure.layout(on: canvas).ground
    canvas.write(
      "step \(step)", at: Point(ground.right - 8, ground.y + 20), with: figure.theme.palette.text,
      TextStyle(size: 15, bold: true, alignment: .trailing))
  }
}
