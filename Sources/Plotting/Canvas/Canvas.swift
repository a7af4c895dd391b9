public import Support

/// A surface that shapes and text are drawn on.
///
/// Everything visible goes through these few calls, so a canvas may draw pixels, write a vector
/// file or record calls for a test.
public protocol Canvas: AnyObject {
  /// Canvas units.
  var width: Double { get }
  /// Canvas units.
  var height: Double { get }

  /// Fills the inside of a path (non-zero winding).
  func fill(_ path: Path, with paint: Paint)

  /// Draws along a path.
  func stroke(_ path: Path, with paint: Paint, _ stroke: Stroke)

  /// Draws an image into a rectangle, smoothly scaled.
  func draw(_ image: PixelBuffer, in rectangle: Rectangle)

  /// Writes one line of text; `position` lies on its baseline.
  ///
  /// - Parameter rotation: Radians, clockwise, around `position`.
  func write(
    _ text: String, at position: Point, with color: Color, _ style: TextStyle, rotation: Double)

  /// The width of one line of text in canvas units.
  func width(of text: String, _ style: TextStyle) -> Double

  /// Limits everything drawn inside `body` to the inside of a path.
  func clip(to path: Path, _ body: () -> Void)

  /// Draws inside `body` in moved, turned (radians, clockwise) and scaled coordinates.
  func transform(
    translation: Point, rotation: Double, scaleX: Double, scaleY: Double, _ body: () -> Void)
}

extension Canvas {
  /// Fills the inside of a path with one color.
  public func fill(_ path: Path, with color: Color) { fill(path, with: .color(color)) }

  /// Draws along a path in one color.
  public func stroke(_ path: Path, with color: Color, _ stroke: Stroke) {
    self.stroke(path, with: .color(color), stroke)
  }

  /// Writes one line of upright text; `position` lies on its baseline.
  public func write(_ text: String, at position: Point, with color: Color, _ style: TextStyle) {
    write(text, at: position, with: color, style, rotation: 0)
  }
}
