import Foundation
import FoundationXML
import Plotting
import Support
import Testing

@Suite struct SVGTests {
  private struct Drawing: Figure {
    var title = "Cats & <dogs>"
    let size = Size(300, 200)
    var body: @Sendable (any Canvas) -> Void
    func draw(on canvas: any Canvas) { body(canvas) }
  }

  private func file(_ body: @escaping @Sendable (any Canvas) -> Void) throws -> String {
    String(decoding: try Drawing(body: body).encoded(as: .svg), as: UTF8.self)
  }

  private func write(_ text: String, _ alignment: TextStyle.Alignment = .leading) throws -> String {
    try file {
      $0.write(text, at: Point(100, 50), with: .black, TextStyle(size: 13, alignment: alignment))
    }
  }

  @Test(arguments: ["minimum, step 76", "猫", "a & <b>", "x\u{1}y"])
  func `text is text, as XML may hold it`(text: String) throws {
    let file = try write(text)
    let parser = XMLParser(data: Data(file.utf8))
    let reader = TextReader()
    parser.delegate = reader
    #expect(parser.parse(), "\(file)")
    #expect(reader.texts["text"] == [text.replacing("\u{1}", with: "\u{FFFD}")])
    #expect(reader.texts["title"] == ["Cats & <dogs>"])
    #expect(reader.texts["metadata"] == ["made by Marbles"])
  }

  @Test func `a text keeps its width with other fonts, and its place`() throws {
    let ruler = CairoCanvas(width: 1, height: 1)
    let width = ruler.width(of: "minimum", TextStyle(size: 13))
    let rounded = (width * 100).rounded() / 100
    let file = try write("minimum", .trailing)
    #expect(file.contains("textLength=\"\(rounded)\""))
    #expect(file.contains("x=\"\(((100 - width) * 100).rounded() / 100)\" y=\"50\""))
  }

  @Test func `a line begins at its left, also with a name that is read from the right`() throws {
    for text in ["חתול", "חתול 2", "חתול · 8 images"] {
      #expect(try !write(text).contains("rtl"))
      let parts = text.split(separator: " · ", maxSplits: 1).joined(
        separator: "\u{200E} · \u{200E}")
      #expect(try write(text).contains(">\(parts)</text>"))
    }
  }

  @Test func `a number of a sentence stays behind a name that is read from the right`() throws {
    #expect(try write("חתול (1) is better").contains(">חתול\u{200E} (1) is better</text>"))
    #expect(try write("?gnp.exeחתול 0.5").contains(">?gnp.exeחתול\u{200E} 0.5</text>"))
  }

  @Test func `shapes, gradients, clips, turns and images are there`() throws {
    let image = PixelBuffer(width: 2, height: 1, bytes: [255, 0, 0, 0, 0, 255])
    let file = try file { canvas in
      canvas.fill(
        .rectangle(Rectangle(x: 1, y: 2, width: 3, height: 4)),
        with: .linear(
          from: Point(0, 0), to: Point(0, 9), stops: [.init(0, .white), .init(1, .black)]))
      canvas.clip(to: .rectangle(Rectangle(x: 0, y: 0, width: 9, height: 9))) {
        canvas.stroke(
          .polyline([Point(0, 0), Point(5, 5)]), with: Color(hex: 0xC75300).opacity(0.5),
          Stroke(width: 2.5, dashes: [4, 2], cap: .butt))
      }
      canvas.transform(translation: Point(7, 8), rotation: .pi / 2, scaleX: 2, scaleY: 3) {
        canvas.draw(image, in: Rectangle(x: 0, y: 0, width: 20, height: 10))
      }
    }
    let parser = XMLParser(data: Data(file.utf8))
    #expect(parser.parse(), "\(file)")
    #expect(file.contains("<path d=\"M1 2L4 2L4 6L1 6Z\" fill=\"url(#d1)\"/>"))
    #expect(file.contains("<g clip-path=\"url(#d2)\">"))
    #expect(
      file.contains(
        "<path d=\"M0 0L5 5\" fill=\"none\" stroke=\"#c75300\" stroke-opacity=\"0.5\""
          + " stroke-width=\"2.5\" stroke-dasharray=\"4 2\"/>"))
    #expect(file.contains("<g transform=\"translate(7 8) rotate(90) scale(2.0 3.0)\">"))
    #expect(file.contains("href=\"data:image/png;base64,iVBORw0KGgo"))
  }
}

/// Collects the text of each kind of element.
private final class TextReader: NSObject, XMLParserDelegate {
  private(set) var texts: [String: [String]] = [:]
  private var text = ""

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) { text = "" }

  func parser(_ parser: XMLParser, foundCharacters characters: String) { text += characters }

  func parser(
    _ parser: XMLParser, didEndElement element: String, namespaceURI: String?,
    qualifiedName: String?
  ) { texts[element, default: []].append(text) }
}
