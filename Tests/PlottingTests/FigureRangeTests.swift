import Plotting
import Support
import Testing

/// Axes show what differs, and are not led astray by what exploded.
@Suite struct FigureRangeTests {
  private func ticks(_ losses: [[Double]], logarithmic: Bool = false) -> [String] {
    let curves = losses.enumerated().map { index, losses in
      TrainingCurve(
        name: "run \(index)",
        epochs: losses.enumerated().map { .init(epoch: Double($0), validationLoss: $1) },
        classCount: 2)
    }
    let canvas = RecordingCanvas()
    TrainingFigure(curves: curves, quantity: .loss, logarithmic: logarithmic).draw(on: canvas)
    let box = canvas.plotBoxes.first?.x ?? 0
    return canvas.texts.filter { $0.size == 13 && $0.box.right < box }.map(\.text)
  }

  @Test func `runs that hardly differ are not one band above an empty axis`() {
    let losses = (0..<10).map { [0.693, 0.69 - 0.002 * Double($0), 0.68 - 0.003 * Double($0)] }
    let ticks = ticks(losses)
    #expect(!ticks.contains("0") && ticks.contains("0.66") && ticks.contains("0.68"), "\(ticks)")
  }

  @Test func `a loss that falls far starts at zero`() {
    #expect(ticks([[0.693, 0.5, 0.3]]).contains("0"))
  }

  @Test func `a run that exploded in most epochs leaves the others their axis`() {
    let ticks = ticks([[0.693, 1e9, 1e12, 6e14]])
    #expect(ticks.allSatisfy { ["0", "1", "2", "3"].contains($0) }, "\(ticks)")
  }

  @Test func `a logarithmic axis ends at the next of one, two and five`() {
    let ticks = ticks([[0.693, 0.4, 0.3]], logarithmic: true)
    #expect(ticks.first == "0.2" && ticks.last == "1", "\(ticks)")
  }

  private func distribution(_ count: Int, peaks: [Double]) -> RecordingCanvas {
    RecordingCanvas(
      of: DistributionFigure(
        title: "", subtitle: "", groups: (0..<count).map { "class \($0)" },
        panels: peaks.map { peak in
          .init("pixels", Array(repeating: [0, peak, 0], count: count))
        }, domain: 0...255))
  }

  @Test func `of many classes some are named and the others counted`() {
    let canvas = distribution(12, peaks: [0.3])
    #expect(canvas.box(of: "class 5") != nil && canvas.box(of: "6 others") != nil)
    #expect(canvas.box(of: "class 6") == nil)
    #expect(distribution(7, peaks: [0.3]).box(of: "class 6") != nil)
  }

  @Test func `all panels of distributions have one scale`() {
    let texts = distribution(2, peaks: [0.1, 0.6, 0.2, 0.3]).texts.map(\.text)
    #expect(texts.count { $0 == "60%" } == 4)
  }

  @Test func `classes of few images share the lines of a sheet`() {
    let image = PixelBuffer(width: 1, height: 1, bytes: [1, 2, 3])
    func sheet(_ count: Int) -> ContactSheet {
      ContactSheet(
        title: "", subtitle: "",
        rows: (0..<12).map { row in
          .init("class \(row)", Array(repeating: .init(image, caption: "a"), count: count))
        })
    }
    #expect(sheet(2).size.height < sheet(8).size.height / 3)
    #expect(sheet(8).size.height == sheet(5).size.height)
    let canvas = RecordingCanvas(of: sheet(2))
    #expect(canvas.box(of: "class 0")?.y == canvas.box(of: "class 3")?.y)
    #expect(canvas.images.allSatisfy { $0.bottom < canvas.height && $0.right < canvas.width })
  }
}
