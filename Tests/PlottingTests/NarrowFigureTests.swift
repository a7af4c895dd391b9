import Plotting
import Testing

/// Figures as a phone shows them.
@Suite struct NarrowFigureTests {
  private func expectReadable(_ figure: some NarrowFigure) throws {
    let canvas = RecordingCanvas(try #require(figure.narrowSize))
    figure.draw(on: canvas)
    for (index, text) in canvas.texts.enumerated() {
      #expect(
        text.box.x >= 0 && text.box.y >= 0 && text.box.right <= canvas.width
          && text.box.bottom <= canvas.height, "\(text)")
      for other in canvas.texts[(index + 1)...] {
        #expect(!text.box.overlaps(other.box), "\(text.text) | \(other.text)")
      }
    }
    for box in canvas.plotBoxes { #expect(box.width > 90 && box.height > 40, "\(box)") }
  }

  @Test(arguments: SampleRuns.all, TrainingFigure.Quantity.allCases)
  func `texts of curves have room`(sample: SampleRuns, quantity: TrainingFigure.Quantity) throws {
    try expectReadable(TrainingFigure(curves: sample.curves, quantity: quantity))
  }

  @Test(arguments: [1, 3, 12])
  func `texts of accuracies have room`(count: Int) throws {
    let rows = (0..<count).map { index in
      AccuracyFigure.Row(
        "a network with a name \(index)", accuracy: 0.9 - 0.01 * Double(index), lower: 0.8,
        upper: 0.95, single: [])
    }
    try expectReadable(
      AccuracyFigure(
        title: "Which is better?", subtitle: "Nobody knows.", rows: rows,
        areApart: rows.map { _ in rows.map { _ in false } }, footer: "2,000 images of somewhere",
        theme: .light))
  }

  @Test func `the confusion of up to nine classes has room`() throws {
    func figure(_ count: Int) -> ConfusionFigure {
      ConfusionFigure(
        title: "t", subtitle: "s", classes: (0..<count).map { "class number \($0)" },
        counts: (0..<count).map { row in (0..<count).map { $0 == row ? 120 : 3 } })
    }
    for count in [2, 5, 9] { try expectReadable(figure(count)) }
    #expect(figure(10).narrowSize == nil)
  }

  @Test func `axes that are side by side are one below the other`() throws {
    let axes = Axes(horizontal: Axis("step", 0...100), vertical: Axis("loss", 0...1))
    let figure = AxesFigure(
      title: "t", subtitle: "", axes: [axes, axes], columns: 2,
      legend: (1...6).map { LegendEntry("\($0) an optimizer", Pen(.black)) }, footer: "",
      theme: .light)
    try expectReadable(figure)
    let canvas = RecordingCanvas(try #require(figure.narrowSize))
    figure.draw(on: canvas)
    #expect(canvas.plotBoxes.count == 2)
    #expect(canvas.plotBoxes[0].x == canvas.plotBoxes[1].x)
    for entry in figure.legend { #expect(canvas.box(of: entry.name) != nil) }
  }
}
