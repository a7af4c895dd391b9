import Foundation
import Plotting
import Testing

@Suite struct LandscapeTests {
  private func canvas(
    _ points: [DataPoint], values: [Double]? = nil,
    over height: @escaping (Double, Double) -> Double = { x, y in exp(-4 * (x * x + y * y)) },
    paths: Int = 1
  ) -> RecordingCanvas {
    let field = HeightField(x: -2...2, y: -2...2, columns: 41, rows: 41, height)
    let path = RacePath(
      label: "conjugate-gradient-descent", detail: "0.00125", outcome: "", points: points,
      values: values ?? points.map { height($0.x, $0.y) })
    return RecordingCanvas(
      of: LandscapeFigure(
        title: "", subtitle: "", footer: "", field: field, minima: [],
        paths: Array(repeating: path, count: paths), areLifted: values != nil))
  }

  /// The lines of the trajectory between the parts of the land.
  private func trail(_ canvas: RecordingCanvas) -> [[Point]] {
    canvas.lines.filter { $0.stroke.width == 2.8 }.map(\.path.points)
  }

  @Test func `a step across a hill goes over it`() throws {
    let pieces = trail(canvas([DataPoint(-1.5, 0), DataPoint(1.5, 0)]))
    #expect(pieces.count > 20)
    let points = pieces.flatMap(\.self).sorted { $0.x < $1.x }
    let (start, end) = (try #require(points.first), try #require(points.last))
    let top = try #require(points.map(\.y).min())
    #expect(top < (start.y + end.y) / 2 - 60)
  }

  @Test func `a step of a lifted path is straight`() {
    #expect(trail(canvas([DataPoint(-1.5, 0), DataPoint(1.5, 0)], values: [1, 1])).count == 1)
  }

  @Test func `a step off the map is drawn to its edge, and the marble is there`() throws {
    let full = trail(canvas([DataPoint(0, 0), DataPoint(2, 0)]))
    let cut = canvas([DataPoint(0, 0), DataPoint(40, 0)])
    func rightmost(_ pieces: [[Point]]) throws -> Point {
      try #require(pieces.flatMap(\.self).max { $0.x < $1.x })
    }
    let (edge, last) = (try rightmost(full), try rightmost(trail(cut)))
    #expect(hypot(edge.x - last.x, edge.y - last.y) < 1e-6)
    let ball = try #require(cut.texts.first { $0.text == "1" && $0.size != 13 }).box
    #expect(abs(ball.x + ball.width / 2 - edge.x) < 1)
  }

  @Test func `a path that is never above the land has no marble there`() {
    let canvas = canvas([DataPoint(30, 3), DataPoint(40, 3)])
    #expect(trail(canvas).isEmpty)
    #expect(
      canvas.texts.filter { $0.text == "1" && $0.size != 13 }.count == 1, "the one beside the name")
  }

  private func ticks(over height: @escaping (Double, Double) -> Double) -> [String] {
    canvas([DataPoint(0, 0)], over: height).texts
      .filter { $0.size == 13 && $0.box.right < 200 }.map(\.text)
  }

  @Test func `heights are round`() {
    let linear = ticks { x, y in 3.9 * (x * x - y * y) / 4 - 0.005 }
    #expect(["−2", "0", "2"].allSatisfy(linear.contains), "\(linear)")
    let logarithmic = ticks { x, y in
      let (across, up) = (1 - x, y - x * x)
      return across * across + 100 * up * up
    }
    #expect(["1,000", "100", "10"].allSatisfy(logarithmic.contains), "\(logarithmic)")
    // Less than a decade above a floor that is not zero, as the loss of a network has.
    let narrow = ticks { x, y in 0.5 + 6 * pow((x + 2) / 4, 8) * pow((y + 2) / 4, 4) }
    #expect(["5", "2", "1"].allSatisfy(narrow.contains), "\(narrow)")
  }

  @Test func `of a long name and its rate, the rate is whole`() {
    let texts = canvas([DataPoint(0, 0), DataPoint(1, 1)]).texts.map(\.text)
    #expect(texts.contains { $0.hasPrefix("conj") && $0.hasSuffix("… 0.00125") }, "\(texts)")
  }

  @Test func `a landscape says how many marbles it does not name`() {
    #expect(canvas([DataPoint(0, 0)], paths: 30).box(of: "and 9 more") != nil)
  }
}
