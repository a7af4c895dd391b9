import Foundation
import Plotting
import Testing

@Suite struct CurveFigureTests {
  private func curve(
    _ name: String, to end: Double = 10, _ height: (Double) -> Double
  ) -> NamedCurve {
    NamedCurve(
      name, (0...100).map { DataPoint(end * Double($0) / 100, height(Double($0) / 100)) })
  }

  private func recording(of figure: some Figure) -> RecordingCanvas {
    let canvas = RecordingCanvas()
    figure.draw(on: canvas)
    return canvas
  }

  private func expectReadable(_ figure: some Figure) {
    let texts = recording(of: figure).texts
    for (index, text) in texts.enumerated() {
      #expect(
        text.box.x >= 0 && text.box.y >= 0 && text.box.right <= 800 && text.box.bottom <= 500,
        "\(text)")
      #expect(text.size >= 12)
      for other in texts[(index + 1)...] {
        #expect(!text.box.overlaps(other.box), "\(text.text) | \(other.text)")
      }
    }
  }

  @Test(arguments: [1, 3, 10], Theme.allCases)
  func `texts of objectives do not overlap`(count: Int, theme: Theme) {
    let curves = (1...count).map { number in
      curve("expr:huber(y-p, \(number)) + 0.1*abs(p)", to: 3) { Double(number) * $0 * $0 }
    }
    expectReadable(
      AxesFigure.objectives(
        over: "error: prediction − target", values: curves, slopes: curves,
        reading: "What there is to see.", subtitle: "how",
        theme: theme))
  }

  @Test(arguments: [1, 5, 11, 12], [(1.0, 1000.0), (1e-5, 20), (0.004, 500_000), (3, 1_000_000)])
  func `texts of schedules do not overlap`(count: Int, scale: (peak: Double, steps: Double)) {
    let curves = (1...count).map { number in
      curve("warmup-stable-decay:decay=0.\(number),final=0.25", to: scale.steps) { $0 * scale.peak }
    }
    for together in [true, false] {
      expectReadable(
        AxesFigure.schedules(curves, together: together, footer: "from", theme: .light))
    }
  }

  @Test(arguments: [0, 1, 40], Theme.allCases)
  func `texts of a range test do not overlap, however near its rates are`(
    distance: Int, theme: Theme
  ) throws {
    let rates = (0...100).map { 1e-5 * pow(10, 0.06 * Double($0)) }
    let losses = rates.map { DataPoint($0, $0 < 0.1 ? 0.7 : $0 < 1 ? 0.3 : 40 * $0) }
    let marked = ["valley 0.012 (suggestion)", "steepest fall 0.02"].enumerated().map {
      MarkedRate(point: losses[50 + $0 * distance], label: $1)
    }
    let figure = AxesFigure.learningRates(
      losses: losses, smoothed: losses, marked: marked, rates: 1e-5...10,
      reading: "What there is to see.", subtitle: "100 steps", footer: "adam", theme: theme)
    expectReadable(figure)
    let texts = recording(of: figure).texts.map(\.text)
    for rate in marked { #expect(texts.contains(rate.label)) }
    #expect(figure.axes[0].horizontal.kind == .logarithmic)
    // The explosion leaves the axes; the fall is not pressed flat.
    #expect(figure.axes[0].vertical.domain == 0...1.5)
  }

  @Test(arguments: [0.5, 0.97], Theme.allCases)
  func `texts of a learning curve do not overlap, and no accuracy is above all right`(
    level: Double, theme: Theme
  ) {
    func law(_ distance: Double) -> [DataPoint] {
      (0...40).map {
        DataPoint(300 * pow(10, 0.06 * Double($0)), level + 0.001 * Double($0) + distance)
      }
    }
    let figure = AxesFigure.learningCurve(
      PlottedLearningCurve(
        networks: [DataPoint(400, level), DataPoint(800, level), DataPoint(20_000, level + 0.02)],
        law: law(0), upper: law(0.01), lower: law(-0.02), imageCount: 20_000,
        forecasts: [law(0)[34], law(0)[39]]),
      subtitle: "More images would help.", footer: "kitten · muon", theme: theme)
    expectReadable(figure)
    let texts = recording(of: figure).texts.map(\.text)
    #expect(texts.count { $0.contains(" images: ") } == 2)
    #expect(figure.axes[0].vertical.domain.upperBound <= 1)
  }

  @Test func `texts of fits do not overlap`() {
    expectReadable(
      AxesFigure.lineFits(
        readings: [DataPoint(1, 1), DataPoint(9, 3)], outliers: [DataPoint(8, 12)],
        trueLine: curve("true line") { 4 * $0 },
        lines: [curve("mse") { 7 * $0 }, curve("mae") { 4 * $0 }],
        reading: "What there is to see.", subtitle: "what", footer: "from", theme: .light))
  }

  @Test func `one steep loss does not press the others flat`() {
    let figure = AxesFigure.objectives(
      over: "error",
      values: [curve("a") { 3 * $0 }, curve("b") { 2 * $0 }, curve("c") { 900 * $0 }],
      slopes: [], reading: "What there is to see.", subtitle: "", theme: .light)
    #expect(figure.axes[0].vertical.domain == 0...4)
  }

  @Test func `a slope that jumps has a gap there`() throws {
    let step = curve("mae", to: 2) { $0 < 0.5 ? -1 : 1 }
    let figure = AxesFigure.objectives(
      over: "error", values: [step], slopes: [step], reading: "What there is to see.", subtitle: "",
      theme: .light)
    let drawn = try figure.axes.map { axes in
      let line = try #require(axes.marks.first as? LineMark)
      return line.points.count { $0.y.isNaN }
    }
    #expect(drawn == [0, 1])
  }

  @Test func `axes of a grid have equal sizes and do not overlap`() {
    let curves = (0..<7).map { number in curve("\(number)") { $0 } }
    let figure = AxesFigure.schedules(curves, together: false, footer: "", theme: .light)
    let boxes = recording(of: figure).plotBoxes
    #expect(boxes.count == 7)
    #expect(Set(boxes.map { ($0.width * 100).rounded() }).count == 1)
    for (index, box) in boxes.enumerated() {
      for other in boxes[(index + 1)...] { #expect(!box.overlaps(other)) }
    }
    #expect(boxes[4].x == boxes[0].x && boxes[4].y > boxes[0].bottom)
  }
}
