import Plotting
import Support
import Testing

@Suite struct ResizedFigureTests {
  private let figure = TrainingFigure(curves: SampleRuns.typical.curves, quantity: .loss)

  private func pixels(_ width: Double?, _ height: Double?) throws -> [Int] {
    let png = try ResizedFigure(figure, width: width, height: height).encoded()
    return [16, 20].map { place in png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
  }

  @Test func `one side of a size keeps the proportions, both are taken as they are`() throws {
    #expect(try pixels(400, nil) == [800, 500])
    #expect(try pixels(nil, 250) == [800, 500])
    #expect(try pixels(960, 540) == [1920, 1080])
    #expect(try pixels(nil, nil) == [1600, 1000])
    #expect(try pixels(100.5, nil)[0] == 201)
  }

  @Test func `words grow with a figure, and room beside them is for its axes`() throws {
    let canvas = ScaleRecorder(Size(1600, 1600))
    ResizedFigure(figure, width: 1600, height: 1600).draw(on: canvas)
    // Twice the design, which is then 600 units higher.
    #expect(canvas.scales == [2])
    let bottom = try #require(canvas.texts.map(\.y).max())
    #expect(abs(bottom - (800 - 16)) < 1e-9)
  }

  @Test func `a figure keeps a title that it was given`() {
    let canvas = RecordingCanvas(of: figure.titled("Mine"))
    let texts = canvas.texts.map(\.text)
    #expect(texts.contains("Mine") && !texts.contains(figure.title), "\(texts)")
    #expect(figure.title == "Training and validation loss")
  }
}

/// Remembers by what everything is scaled, and where texts are.
private final class ScaleRecorder: Canvas {
  let width: Double, height: Double
  private(set) var scales: [Double] = []
  private(set) var texts: [Point] = []

  init(_ size: Size) { (width, height) = (size.width, size.height) }

  func fill(_ path: Path, with paint: Paint) {}
  func stroke(_ path: Path, with paint: Paint, _ stroke: Stroke) {}
  func draw(_ image: PixelBuffer, in rectangle: Rectangle) {}
  func write(
    _ text: String, at position: Point, with color: Color, _ style: TextStyle, rotation: Double
  ) { texts.append(position) }
  func width(of text: String, _ style: TextStyle) -> Double { 5 * Double(text.count) }
  func clip(to path: Path, _ body: () -> Void) { body() }
  func transform(
    translation: Point, rotation: Double, scaleX: Double, scaleY: Double, _ body: () -> Void
  ) {
    scales.append(scaleX)
    body()
  }
}
