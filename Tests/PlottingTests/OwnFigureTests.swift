import Foundation
import Plotting
import Testing

/// A kind of mark that Plotting does not know: bars from the bottom of the axes.
private struct BarsMark: Mark {
  var heights: [DataPoint]
  var color: Color

  func draw(in area: inout PlotArea) {
    for height in heights {
      let top = area.position(of: height)
      let bar = Path.rectangle(
        Rectangle(x: top.x - 10, y: top.y, width: 20, height: area.box.bottom - top.y))
      area.canvas.fill(bar, with: color)
      area.avoid(top, weight: 5)
    }
  }

  func writeLabel(in area: inout PlotArea) {
    guard let highest = heights.max(by: { $0.y < $1.y }) else { return }
    area.writeLabel("highest", beside: highest, Marker(.dot, radius: 1, color))
  }

  var endLabel: EndLabel? {
    heights.last.map { EndLabel(text: "bars", value: $0.y, pen: Pen(color)) }
  }
}

/// A kind of figure that Plotting does not know.
private struct PosterFigure: Figure {
  let title = "Marbles & more"
  let size = Size(300, 200)

  func draw(on canvas: any Canvas) {
    let everything = Rectangle(x: 0, y: 0, width: canvas.width, height: canvas.height)
    canvas.fill(.rectangle(everything), with: Theme.light.palette.series[0])
  }
}

@Suite struct OwnFigureTests {
  private var bars: AxesFigure {
    let mark = BarsMark(
      heights: [DataPoint(1, 2), DataPoint(2, 8), DataPoint(3, 5)], color: .black)
    return AxesFigure(
      title: "Bars", subtitle: "",
      axes: [Axes(horizontal: Axis("x", 0...4), vertical: Axis("y", 0...10), marks: [mark])],
      footer: "", theme: .light)
  }

  @Test func `a mark from outside is drawn over the scale of its axes`() throws {
    let canvas = RecordingCanvas(of: bars)
    let box = try #require(canvas.plotBoxes.first)
    let tops = canvas.fills.compactMap { fill -> Double? in
      let corners = fill.path.points
      guard corners.count == 4, abs(corners[1].x - corners[0].x - 20) < 1e-9 else { return nil }
      return corners[0].y
    }
    let expected = [2.0, 8, 5].map { box.bottom - box.height * $0 / 10 }
    #expect(tops.count == 3)
    #expect(zip(tops, expected).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func `labels of a mark from outside find room inside and beside the axes`() throws {
    let canvas = RecordingCanvas(of: bars)
    let box = try #require(canvas.plotBoxes.first)
    let inside = try #require(canvas.box(of: "highest"))
    let beside = try #require(canvas.box(of: "bars"))
    #expect(inside.x >= box.x && inside.right <= box.right)
    #expect(beside.x > box.right)
  }

  @Test func `a figure from outside has the size it asks for in every format`() throws {
    let png = try PosterFigure().encoded(as: .png)
    #expect(png[16..<20].reduce(0) { $0 << 8 | Int($1) } == 600)
    #expect(png[20..<24].reduce(0) { $0 << 8 | Int($1) } == 400)
    let svg = String(decoding: try PosterFigure().encoded(as: .svg), as: UTF8.self)
    #expect(svg.contains("viewBox=\"0 0 300 200\""))
    let pdf = String(decoding: try PosterFigure().encoded(as: .pdf), as: UTF8.self)
    #expect(pdf.contains("/MediaBox [ 0 0 300 200 ]"))
  }

  @Test func `vector files carry the title of their figure`() throws {
    let svg = String(decoding: try PosterFigure().encoded(as: .svg), as: UTF8.self)
    #expect(svg.contains("<title>Marbles &amp; more</title>"))
    #expect(XMLChecker.isWellFormed(svg))
    let pdf = String(decoding: try PosterFigure().encoded(as: .pdf), as: UTF8.self)
    #expect(pdf.contains("Marbles & more"))
  }

  @Test func `a figure that is too large for its format says so`() {
    let figure = EmptyFigure(size: Size(20_000, 10))
    let error = #expect(throws: FigureError.self) { try figure.encoded(as: .png) }
    guard case .undrawable(let size, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(size == Size(20_000, 10) && !reason.isEmpty)
  }
}

private struct EmptyFigure: Figure {
  let title = ""
  var size: Size
  func draw(on canvas: any Canvas) {}
}

/// Whether every element of an SVG is closed in the order it was opened.
private enum XMLChecker {
  static func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    for tag in text.split(separator: "<").dropFirst() {
      guard let end = tag.firstIndex(of: ">") else { return false }
      let content = tag[..<end]
      if content.hasPrefix("?") || content.hasPrefix("!") || content.hasSuffix("/") { continue }
      if content.hasPrefix("/") {
        guard open.popLast() == content.dropFirst() else { return false }
      } else {
        open.append(content.prefix { !$0.isWhitespace })
      }
    }
    return open.isEmpty
  }
}
