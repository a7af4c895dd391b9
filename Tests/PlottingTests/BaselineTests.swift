import Plotting
import Testing

@Suite struct BaselineTests {
  private func record(
    _ curves: [TrainingCurve], _ quantity: TrainingFigure.Quantity
  ) -> RecordingCanvas {
    let canvas = RecordingCanvas()
    TrainingFigure(curves: curves, quantity: quantity).draw(on: canvas)
    return canvas
  }

  private func lopsided(_ majority: Double?) -> TrainingCurve {
    TrainingCurve(
      name: "",
      epochs: [(0.7, 0.5), (0.3, 0.97), (0.5, 0.98)].enumerated().map {
        .init(epoch: Double($0), validationLoss: $1.0, validationAccuracy: $1.1)
      }, classCount: 2, majorityAccuracy: majority)
  }

  @Test func `the line of the accuracy figure is what the largest class reaches, not a coin flip`()
  {
    let canvas = record([lopsided(0.968)], .accuracy)
    #expect(canvas.box(of: "always the largest class 96.8%") != nil)
    #expect(!canvas.texts.contains { $0.text.contains("coin flip") })
    #expect(record([lopsided(0.968)], .loss).box(of: "coin flip ln 2 = 0.693") != nil)
  }

  @Test func `runs on differently lopsided images have no line in common`() {
    let canvas = record([lopsided(0.968), lopsided(0.7)], .accuracy)
    #expect(!canvas.texts.contains { $0.text.contains("largest class") })
  }

  @Test func `the ring is at the same epoch in the figures of loss and accuracy`() {
    #expect(record([lopsided(nil)], .loss).texts.contains { $0.text.hasSuffix("· epoch 1") })
    #expect(record([lopsided(nil)], .accuracy).box(of: "lowest loss: 97.0% · epoch 1") != nil)
  }
}
