import Plotting
import Support

/// A canvas that remembers what was drawn; widths of text are those of the real font.
final class RecordingCanvas: Canvas {
  struct Text {
    var text: String
    /// Around the text as it stands; it is upright or turned by a quarter.
    var box: Rectangle
    var size: Double
    var color: Color
    var rotation: Double
  }

  struct Line {
    var path: Path
    var paint: Paint
    var stroke: Stroke

    /// Neither part of the frame, which has its own widths, nor a marker.
    var isData: Bool {
      let isMarker = path.centerOfCurves != nil || (path.points.count == 4 && stroke.width == 2)
      return [1, 1.2].contains(stroke.width) ? !stroke.dashes.isEmpty : !isMarker
    }
  }

  struct Fill {
    var path: Path
    var paint: Paint
  }

  let width: Double
  let height: Double
  private(set) var texts: [Text] = []
  private(set) var lines: [Line] = []
  private(set) var fills: [Fill] = []
  private(set) var images: [Rectangle] = []
  /// Texts whose widths were asked for.
  private(set) var measured = 0
  private let ruler = CairoCanvas(width: 1, height: 1)

  init(_ size: Size = .chart) { (width, height) = (size.width, size.height) }

  /// What a figure draws.
  convenience init(of figure: some Figure) {
    self.init(figure.size)
    figure.draw(on: self)
  }

  func fill(_ path: Path, with paint: Paint) { fills.append(Fill(path: path, paint: paint)) }

  func draw(_ image: PixelBuffer, in rectangle: Rectangle) { images.append(rectangle) }

  func stroke(_ path: Path, with paint: Paint, _ stroke: Stroke) {
    lines.append(Line(path: path, paint: paint, stroke: stroke))
  }

  func write(
    _ text: String, at position: Point, with color: Color, _ style: TextStyle, rotation: Double
  ) {
    let width = width(of: text, style)
    let shift =
      switch style.alignment {
      case .leading: 0.0
      case .center: width / 2
      case .trailing: width
      }
    // Heights of capitals and of descenders of the font, as fractions of its size.
    var box = Rectangle(
      x: position.x - shift, y: position.y - 0.76 * style.size, width: width,
      height: 0.98 * style.size)
    if rotation < 0 {
      // To the left, around the position.
      box = Rectangle(
        x: position.x - 0.76 * style.size, y: position.y + shift - width, width: box.height,
        height: width)
    }
    texts.append(
      Text(text: text, box: box, size: style.size, color: color, rotation: rotation))
  }

  func width(of text: String, _ style: TextStyle) -> Double {
    measured += 1
    return ruler.width(of: text, style)
  }

  func clip(to path: Path, _ body: () -> Void) { body() }

  func transform(
    translation: Point, rotation: Double, scaleX: Double, scaleY: Double, _ body: () -> Void
  ) { body() }

  /// Where a text was written.
  func box(of text: String) -> Rectangle? { texts.first { $0.text == text }?.box }

  /// The inside of each pair of axes, from the top, known by its spines: down, then right.
  var plotBoxes: [Rectangle] {
    lines.compactMap { line in
      let corners = line.path.points
      guard line.stroke.width == 1.2, line.stroke.dashes.isEmpty, corners.count >= 3 else {
        return nil
      }
      return Rectangle(
        x: corners[0].x, y: corners[0].y, width: corners[2].x - corners[1].x,
        height: corners[1].y - corners[0].y)
    }
  }

  /// The centers of the rings around best epochs.
  var rings: [Point] {
    lines.filter { $0.stroke.width == 2 }.compactMap(\.path.centerOfCurves)
  }
}

extension Path {
  /// The ends of straight lines.
  var points: [Point] {
    elements.compactMap { element in
      switch element {
      case .move(let point), .line(let point): point
      case .curve, .close: nil
      }
    }
  }

  /// The middle of what was drawn with curves, such as a ring.
  var centerOfCurves: Point? {
    let ends = elements.compactMap { element in
      if case .curve(_, _, let end) = element { end } else { nil }
    }
    guard !ends.isEmpty else { return nil }
    let x = ends.map(\.x).reduce(0, +)
    let y = ends.map(\.y).reduce(0, +)
    return Point(x / Double(ends.count), y / Double(ends.count))
  }
}
