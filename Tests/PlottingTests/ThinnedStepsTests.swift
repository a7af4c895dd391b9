import Plotting
import Testing

@Suite struct ThinnedStepsTests {
  private func step(_ number: Int, _ loss: Double) -> TrainingCurve.Step {
    TrainingCurve.Step(step: number, epoch: Double(number) / 10, loss: loss, learningRate: 0.1)
  }

  private func thinned(_ losses: [Double], limit: Int) -> [TrainingCurve.Step] {
    var series = ThinnedSteps(limit: limit)
    for (index, loss) in losses.enumerated() { series.add(step(index + 1, loss)) }
    return series.steps
  }

  @Test func `a short run is drawn step by step`() {
    let losses = (1...64).map { 1 / Double($0) }
    #expect(thinned(losses, limit: 64) == losses.enumerated().map { step($0 + 1, $1) })
  }

  @Test(arguments: [65, 127, 128, 1000, 4097, 100_000])
  func `a long run keeps its ends, its extremes and its mean`(count: Int) throws {
    var losses = (0..<count).map { 0.5 + 0.01 * Double($0 * 37 % 11) }
    losses[count / 3] = 9
    losses[count / 2] = 0.001
    let steps = thinned(losses, limit: 64)
    #expect(steps.count <= 64 && steps.count > 30)
    #expect(steps[0] == step(1, losses[0]))
    #expect(steps.last?.step == count && steps.last?.epoch == Double(count) / 10)
    #expect(steps.map(\.highest).max() == 9 && steps.map(\.lowest).min() == 0.001)
    #expect(steps.reduce(0) { $0 + $1.count } == count)
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.step + $1.count == $1.step })
    let sum = steps.reduce(0) { $0 + $1.loss * Double($1.count) }
    #expect(abs(sum - losses.reduce(0, +)) < 1e-9 * sum)
  }

  @Test(arguments: [(60, "single steps"), (5000, "extremes of 128 steps")])
  func `a figure says what its dots are`(count: Int, words: String) {
    let curve = TrainingCurve(
      name: "adam", epochs: [], steps: thinned((1...count).map { 1 / Double($0) }, limit: 64),
      classCount: 2)
    let canvas = RecordingCanvas()
    TrainingFigure(curves: [curve], quantity: .loss, smoothing: 10_000).draw(on: canvas)
    #expect(canvas.texts.contains { $0.text.contains("dots: \(words)") })
    #expect(canvas.texts.contains { $0.text.contains("half-life of 10,000 steps") })
  }

  @Test func `a loss that is not a number stays a gap, and hides no neighbor's extremes`() throws {
    var losses = [Double](repeating: 1, count: 1000)
    (losses[499], losses[500], losses[501]) = (3, .nan, .infinity)
    let steps = thinned(losses, limit: 64)
    #expect(steps.count { $0.loss.isNaN } == 1)
    #expect(steps.map(\.highest).filter(\.isFinite).max() == 3)
  }
}
