internal import Support

/// Marbles on their way as an animated PNG that begins with the first step.
///
/// Viewers that do not animate show the finished figure.
public struct MarbleAnimation {
  private let figure: any MovingFigure
  /// Pixels.
  private let size: Size
  /// Steps of the figure between two frames.
  public let stride: Int

  /// More frames than this would take too long to watch.
  private static let mostFrames = 180
  /// How long the finished race is shown, milliseconds.
  private static let hold = 1200

  /// Prepares an animation.
  ///
  /// - Parameters:
  ///   - width: Pixels of a frame; nil to keep the proportions of the figure.
  ///   - height: The same.
  public init(_ figure: any MovingFigure, width: Double? = nil, height: Double? = nil) {
    self.figure = figure
    size = ResizedFigure(figure, width: width, height: height).size
    stride = max(1, (figure.steps.count + Self.mostFrames - 2) / Self.mostFrames)
  }

  /// The steps that the frames show.
  public var steps: [Int] {
    let all = figure.steps
    let steps = Swift.stride(from: 0, to: all.count, by: stride).map { all[$0] }
    return steps + (steps.last == all.last ? [] : all.suffix(1))
  }

  /// Draws all frames; every one shows a step that was taken.
  ///
  /// - Throws: `FigureError.undrawable`.
  public func encoded() throws(FigureError) -> AnimatedPNG {
    var animation = try AnimatedPNG(poster: canvas(figure.draw(on:)))
    try animation.add(background: canvas(figure.drawBackground(on:)), milliseconds: 20)
    for step in steps {
      try animation.add(
        overlay: canvas { figure.drawMarbles(after: step, on: $0) },
        milliseconds: step == steps.last ? Self.hold : figure.millisecondsPerStep)
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
    figure.drawMarbles(after: step, on: canvas)
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
}
