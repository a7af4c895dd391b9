import Optimization
import Testing

@Suite struct ScheduleEndTests {
  private static let written = [
    "cosine:final=0.03", "cosine:final=0.03,cycles=3", "cosine:final=0.03,cycles=2,growth=3",
    "exponential:final=0.03", "polynomial:final=0.03", "polynomial:final=0.03,power=3",
    "one-cycle:final=0.03", "triangle:final=0.03", "triangle:final=0.03,cycles=2",
    "warmup-stable-decay:final=0.03", "warmup-stable-decay:final=0.03,decay=0.01",
  ]

  @Test(arguments: written, [(2, 0), (2, 1), (7, 0), (20, 3), (20, 19), (100, 10), (1000, 0)])
  func `the last step of a run has the final rate`(
    text: String, run: (steps: Int, warmup: Int)
  )
    throws
  {
    let schedule = try LearningRateSchedule(
      ScheduleChoice(text), peak: 0.5, warmupSteps: run.warmup, totalSteps: run.steps,
      stepsPerEpoch: 1)
    let last = schedule.learningRate(atStep: run.steps - 1)
    #expect(abs(last - 0.015) < 1e-6, "\(text), \(run.steps) steps: \(last)")
    #expect(schedule.learningRate(atStep: run.steps + 5) == last)
  }

  @Test(arguments: written)
  func `a run of one step moves`(text: String) throws {
    let schedule = try LearningRateSchedule(
      ScheduleChoice(text), peak: 1, totalSteps: 1, stepsPerEpoch: 1)
    #expect(schedule.learningRate(atStep: 0) > 0.1)
  }

  @Test func `every cycle of a cosine starts at the peak`() throws {
    let schedule = try LearningRateSchedule(
      ScheduleChoice("cosine:cycles=4"), peak: 1, totalSteps: 40, stepsPerEpoch: 1)
    #expect([0, 10, 20, 30].map { schedule.learningRate(atStep: $0) } == [1, 1, 1, 1])
  }
}
