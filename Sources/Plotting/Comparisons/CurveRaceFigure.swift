internal import Support

/// Curves of validation as a race: each grows behind its marble.
public struct CurveRaceFigure: MovingFigure {
  public var title: String {
    get { ground.title }
    set { ground.title = newValue }
  }
  public var size: Size { ground.size }

  /// What the places of the curves are.
  public enum Unit: Hashable, Sendable { case steps, seconds }

  private let curves: [ComparedCurve]
  private let pens: [Pen]
  private let unit: Unit
  /// Everything that does not move.
  private var ground: AxesFigure

  /// Frames of the whole race.
  private static let frameCount = 100

  /// Prepares a race of curves.
  ///
  /// - Parameter place: What the curves are over.
  public init(
    _ curves: [ComparedCurve], over place: String, in unit: Unit, guessing: GuessingLevel,
    title: String, reading: String, subtitle: String, footer: String, theme: Theme
  ) {
    self.curves = curves
    self.unit = unit
    pens = theme.dashedPens(for: curves.map(\.group))
    ground = .emptyComparison(
      curves, over: place, guessing: guessing, title: title, reading: reading, subtitle: subtitle,
      footer: footer, theme: theme)
  }

  public func draw(on canvas: any Canvas) {
    drawBackground(on: canvas)
    drawCurves(curves, on: canvas)
  }

  public func drawBackground(on canvas: any Canvas) { ground.draw(on: canvas) }

  // MARK: What moves

  public var steps: [Int] { Array(0...Self.frameCount) }
  public var millisecondsPerStep: Int { 60 }

  public func drawMarbles(after step: Int, on canvas: any Canvas) {
    let domain = ground.axes[0].horizontal.domain
    let part = Double(step) / Double(Self.frameCount)
    let place = domain.lowerBound + part * (domain.upperBound - domain.lowerBound)
    let boxes = drawCurves(
      curves.map { curve in
        var curve = curve
        curve.loss = curve.loss.until(place)
        curve.accuracy = curve.accuracy.until(place)
        return curve
      }, on: canvas)
    canvas.write(
      unit == .steps ? "step \(place.decimal(0))" : "\(place.decimal(1)) s",
      at: Point(boxes[1].right - 8, boxes[1].bottom - 12), with: ground.theme.palette.text,
      TextStyle(size: 15, bold: true, alignment: .trailing))
  }

  /// - Returns: The insides of the axes.
  @discardableResult
  private func drawCurves(_ curves: [ComparedCurve], on canvas: any Canvas) -> [Rectangle] {
    let boxes = AxesFigureLayout(ground, on: canvas).boxes
    let bands = [curves.map(\.loss), curves.map(\.accuracy)]
    for (index, bands) in bands.enumerated() {
      var drawing = AxesDrawing(
        ground.axes[index], in: boxes[index], ground.theme.palette, on: canvas)
      let heads = bands.map { $0.mean.last ?? DataPoint(.nan, .nan) }
      drawing.draw(
        AxesFigure.comparisonMarks(
          bands, pens, names: curves.map(\.name),
          upTo: ground.axes[index].vertical.domain.upperBound)
          + [MarblesMark(at: heads, pens.map(\.color))])
    }
    return boxes
  }
}
