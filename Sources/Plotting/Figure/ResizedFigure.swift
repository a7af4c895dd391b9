internal import Support

/// A figure at another size: its design is scaled as a whole, and what room is then left in one
/// direction widens or heightens it.
public struct ResizedFigure: Figure {
  public let size: Size
  private let figure: any Figure

  public var title: String { figure.title }
  public var captions: [String] { figure.captions }

  /// Creates a figure of a size.
  ///
  /// - Parameters:
  ///   - width: Canvas units; nil to keep the proportions of the design.
  ///   - height: The same.
  public init(_ figure: any Figure, width: Double?, height: Double?) {
    let design = figure.size
    self.figure = figure
    size = Size(
      width ?? height.map { $0 * design.width / design.height } ?? design.width,
      height ?? width.map { $0 * design.height / design.width } ?? design.height)
  }

  public func draw(on canvas: any Canvas) { canvas.fit(figure.size, figure.draw) }
}

extension Canvas {
  /// Draws a design as large as there is room for.
  ///
  /// - Parameter draw: Is given a canvas that has at least the size of the design.
  func fit(_ design: Size, _ draw: (any Canvas) -> Void) {
    let scale = min(width / design.width, height / design.height)
    let room = Size(width / scale, height / scale)
    transform(translation: Point(0, 0), rotation: 0, scaleX: scale, scaleY: scale) {
      draw(ScaledCanvas(self, room))
    }
  }
}

/// A canvas measured in other units.
private final class ScaledCanvas: Canvas {
  let width: Double
  let height: Double
  private let canvas: any Canvas

  init(_ canvas: any Canvas, _ room: Size) {
    self.canvas = canvas
    (width, height) = (room.width, room.height)
  }

  func fill(_ path: Path, with paint: Paint) { canvas.fill(path, with: paint) }

  func stroke(_ path: Path, with paint: Paint, _ stroke: Stroke) {
    canvas.stroke(path, with: paint, stroke)
  }

  func draw(_ image: PixelBuffer, in rectangle: Rectangle) { canvas.draw(image, in: rectangle) }

  func write(
    _ text: String, at position: Point, with color: Color, _ style: TextStyle, rotation: Double
  ) {
    canvas.write(text, at: position, with: color, style, rotation: rotation)
  }

  func width(of text: String, _ style: TextStyle) -> Double { canvas.width(of: text, style) }

  func clip(to path: Path, _ body: () -> Void) { canvas.clip(to: path, body) }

  func transform(
    translation: Point, rotation: Double, scaleX: Double, scaleY: Double, _ body: () -> Void
  ) {
    canvas.transform(
      translation: translation, rotation: rotation, scaleX: scaleX, scaleY: scaleY, body)
  }
}
