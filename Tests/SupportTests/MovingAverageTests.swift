import Support
import Testing

@Suite struct MovingAverageTests {
  @Test(arguments: [1.0, 20, 1000])
  func `a constant stays what it is from the first step on`(halfLife: Double) {
    var average = MovingAverage(halfLife: halfLife)
    for step in 1...100 { #expect(abs(average.add(0.7, at: Double(step)) - 0.7) < 1e-12) }
  }

  @Test func `the first average is the first value`() {
    var average = MovingAverage(halfLife: 25)
    #expect(average.add(2.5, at: 17) == 2.5)
  }

  @Test func `a value counts half after one half-life`() {
    var average = MovingAverage(halfLife: 4)
    _ = average.add(0, at: 1)
    #expect(abs(average.add(3, at: 5) - 2) < 1e-12)
  }

  @Test func `a mean of several values counts as several`() {
    var average = MovingAverage(halfLife: 4)
    _ = average.add(0, at: 1, weight: 2)
    #expect(abs(average.add(3, at: 5, weight: 3) - 9.0 / 4) < 1e-12)
  }

  @Test func `what is not finite leaves a gap and no trace`() {
    var average = MovingAverage(halfLife: 4)
    _ = average.add(1, at: 1)
    #expect(average.add(.nan, at: 2).isNaN)
    #expect(average.add(.infinity, at: 3).isNaN)
    #expect(average.add(1, at: 4) == 1)
  }

  @Test(arguments: zip([0, 60, 400, 2400, 10_000], [2.0, 2, 5, 20, 100]))
  func `the automatic half-life is about a hundredth of the steps`(steps: Int, halfLife: Double) {
    #expect(MovingAverage.automaticHalfLife(stepCount: steps) == halfLife)
  }
}
