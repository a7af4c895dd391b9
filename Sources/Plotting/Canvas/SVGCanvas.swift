internal import Foundation
internal import Support

/// A canvas that writes an SVG file, in which text is text: it can be searched, edited and read
/// aloud.
///
/// Each text keeps the width that it has here, whatever fonts there are where it is shown.
final class SVGCanvas: Canvas {
  let width: Double
  let height: Double
  private let title: String, captions: [String]
  /// The beginning of all names in the file, in a page that has names of other figures, too; nil
  /// for a file of its own.
  private let prefix: String?
  /// Measures text.
  private let ruler = CairoCanvas(width: 1, height: 1)
  private var body = ""
  /// Gradients and outlines that `body` refers to.
  private var definitions = ""
  private var definitionCount = 0
  /// What is shown under the pointer, above everything that is drawn; one of a kind.
  private var explanations = "", explained: Set<String> = []

  /// Creates an empty file.
  ///
  /// - Parameter prefix: The beginning of all names, if the content goes into a page.
  init(_ size: Size, title: String, captions: [String] = [], prefix: String? = nil) {
    (width, height) = (size.width, size.height)
    (self.title, self.captions, self.prefix) = (title, captions, prefix)
  }

  /// Whether a page has the title and the captions as text above the figure.
  var isInPage: Bool { prefix != nil }

  /// The height of what is left out at the top.
  private var headHeight = 0.0

  /// Leaves out the words above a figure, if a page has them as text.
  ///
  /// - Returns: Whether it has.
  func leaveOutHead(upTo height: Double) -> Bool {
    if isInPage { headHeight = height }
    return isInPage
  }

  /// The element of a page.
  var element: String {
    let (top, name) = (headHeight, prefix ?? "")
    return """
      <svg viewBox="0 \(number(top)) \(number(width)) \(number(height - top))" role="img" \
      aria-labelledby="\(name)-title\(captions.isEmpty ? "" : " \(name)-captions")" \
      stroke-linejoin="round" \(Self.fonts)>
      <title id="\(name)-title">\(escaped(title))</title>
      \(description(" id=\"\(name)-captions\""))<defs>
      \(definitions)</defs>
      \(body)\(explanations)</svg>
      """
  }

  /// The captions as an element, if there are any.
  private func description(_ attributes: String) -> String {
    guard !captions.isEmpty else { return "" }
    return "<desc\(attributes)>\(escaped(captions.joined(separator: " ")))</desc>\n"
  }

  /// Shows a text while the pointer is near a point.
  func explain(_ text: String, at point: Point) {
    let place = "cx=\"\(number(point.x))\" cy=\"\(number(point.y))\""
    // A line and its markers have the same points.
    guard explained.insert(place).inserted else { return }
    explanations +=
      "<circle class=\"value\" \(place) r=\"8\" fill=\"none\""
      + " pointer-events=\"all\"><title>\(escaped(text))</title></circle>\n"
  }

  private static let fonts =
    "font-family=\"Inter, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif\""

  /// The file.
  var file: [UInt8] {
    let size = "width=\"\(number(width))\" height=\"\(number(height))\""
    return Array(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" \(size) \
      viewBox="0 0 \(number(width)) \(number(height))" role="img" stroke-linejoin="round" \
      \(Self.fonts)>
      <title>\(escaped(title))</title>
      \(description(""))\
      \(Provenance.svgElement)
      <defs>
      \(definitions)</defs>
      \(body)</svg>

      """.utf8)
  }

  func fill(_ path: Path, with paint: Paint) {
    guard !path.elements.isEmpty else { return }
    body += "<path d=\"\(data(of: path))\"\(attributes("fill", paint))/>\n"
  }

  func stroke(_ path: Path, with paint: Paint, _ stroke: Stroke) {
    guard !path.elements.isEmpty else { return }
    let cap = stroke.cap == .round ? " stroke-linecap=\"round\"" : ""
    let dashes = stroke.dashes.map(number).joined(separator: " ")
    body +=
      "<path d=\"\(data(of: path))\" fill=\"none\"\(attributes("stroke", paint))"
      + " stroke-width=\"\(number(stroke.width))\"\(cap)"
      + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"") + "/>\n"
  }

  func draw(_ image: PixelBuffer, in rectangle: Rectangle) {
    let pixels = CairoCanvas(width: Double(image.width), height: Double(image.height))
    pixels.draw(
      image,
      in: Rectangle(x: 0, y: 0, width: pixels.width, height: pixels.height))
    guard let png = try? pixels.encodedPNG() else { return }
    body +=
      "<image x=\"\(number(rectangle.x))\" y=\"\(number(rectangle.y))\""
      + " width=\"\(number(rectangle.width))\" height=\"\(number(rectangle.height))\""
      + " preserveAspectRatio=\"none\""
      + " href=\"data:image/png;base64,\(Data(png).base64EncodedString())\"/>\n"
  }

  func write(
    _ text: String, at position: Point, with color: Color, _ style: TextStyle, rotation: Double
  ) {
    guard !text.isEmpty else { return }
    let width = width(of: text, style)
    let left = position.x - style.alignment.shift(of: width)
    let turn =
      rotation == 0
      ? ""
      : " transform=\"rotate(\(degrees(rotation)) \(number(position.x)) \(number(position.y)))\""
    body +=
      "<text x=\"\(number(left))\" y=\"\(number(position.y))\"\(turn)"
      + " font-size=\"\(number(style.size))\"\(style.bold ? " font-weight=\"bold\"" : "")"
      + "\(attributes("fill", .color(color))) textLength=\"\(number(width))\""
      + " lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\">"
      + "\(escaped(text.withPartsInOrder))</text>\n"
  }

  func width(of text: String, _ style: TextStyle) -> Double { ruler.width(of: text, style) }

  func clip(to path: Path, _ body: () -> Void) {
    let name = define { "<clipPath id=\"\($0)\"><path d=\"\(data(of: path))\"/></clipPath>\n" }
    group("clip-path=\"url(#\(name))\"", body)
  }

  func transform(
    translation: Point, rotation: Double, scaleX: Double, scaleY: Double, _ body: () -> Void
  ) {
    let place = "translate(\(number(translation.x)) \(number(translation.y)))"
    let turn = rotation == 0 ? "" : " rotate(\(degrees(rotation)))"
    group("transform=\"\(place)\(turn) scale(\(scaleX) \(scaleY))\"", body)
  }

  // MARK: Writing

  private func group(_ attributes: String, _ content: () -> Void) {
    body += "<g \(attributes)>\n"
    content()
    body += "</g>\n"
  }

  /// Adds a definition under a new name.
  private func define(_ element: (String) -> String) -> String {
    definitionCount += 1
    let name = (prefix.map { "\($0)-" } ?? "") + "d\(definitionCount)"
    definitions += element(name)
    return name
  }

  /// The attributes of a fill or a stroke.
  private func attributes(_ kind: String, _ paint: Paint) -> String {
    switch paint {
    case .color(let color):
      return " \(kind)=\"\(color.hex)\"" + opacity(color, "\(kind)-opacity")
    case .linear(let start, let end, let stops):
      let name = define {
        "<linearGradient id=\"\($0)\" gradientUnits=\"userSpaceOnUse\""
          + " x1=\"\(number(start.x))\" y1=\"\(number(start.y))\""
          + " x2=\"\(number(end.x))\" y2=\"\(number(end.y))\">"
          + "\(elements(of: stops))</linearGradient>\n"
      }
      return " \(kind)=\"url(#\(name))\""
    case .radial(let center, let radius, let stops):
      let name = define {
        "<radialGradient id=\"\($0)\" gradientUnits=\"userSpaceOnUse\""
          + " cx=\"\(number(center.x))\" cy=\"\(number(center.y))\" r=\"\(number(radius))\">"
          + "\(elements(of: stops))</radialGradient>\n"
      }
      return " \(kind)=\"url(#\(name))\""
    }
  }

  private func elements(of stops: [Paint.Stop]) -> String {
    stops.map {
      "<stop offset=\"\(number($0.position))\" stop-color=\"\($0.color.hex)\""
        + "\(opacity($0.color, "stop-opacity"))/>"
    }.joined()
  }

  private func opacity(_ color: Color, _ name: String) -> String {
    color.opacity < 1 ? " \(name)=\"\(number(color.opacity))\"" : ""
  }

  private func data(of path: Path) -> String {
    func place(_ point: Point) -> String { "\(number(point.x)) \(number(point.y))" }
    return path.elements.map { element in
      switch element {
      case .move(let point): "M\(place(point))"
      case .line(let point): "L\(place(point))"
      case .curve(let a, let b, let end): "C\(place(a)) \(place(b)) \(place(end))"
      case .close: "Z"
      }
    }.joined()
  }
}

/// A length to a hundredth of a unit.
private func number(_ value: Double) -> String {
  let rounded = (value * 100).rounded() / 100
  return rounded == rounded.rounded() && abs(rounded) < 1e9
    ? "\(Int(rounded))" : "\(rounded.isFinite ? rounded : 0)"
}

private func degrees(_ radians: Double) -> String { number(radians * 180 / .pi) }

/// A text as XML may hold it.
private func escaped(_ text: String) -> String {
  String(
    String.UnicodeScalarView(
      text.unicodeScalars.map {
        $0.value < 0x20 || (0xFFFE...0xFFFF).contains($0.value) ? "\u{FFFD}" : $0
      }
    )
  )
  .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
}
