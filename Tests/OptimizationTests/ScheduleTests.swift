import Foundation
import Optimization
import TestSupport
import Testing

private struct Reference: Decodable {
  struct Shape: Decodable { var schedule: String, warmup: Int, rates: [Double] }
  struct Plateau: Decodable { var schedule: String, losses: [Double], rates: [Double] }

  var peak: Float, steps: Int
  var courses: [Shape], plateaus: [Plateau]
}

private func schedule(
  _ text: String, peak: Float = 1, warmup: Int = 0, steps: Int, perEpoch: Int = 10
) throws -> LearningRateSchedule {
  try LearningRateSchedule(
    ScheduleChoice(text), peak: peak, warmupSteps: warmup, totalSteps: steps,
    stepsPerEpoch: perEpoch)
}

@Suite struct ScheduleTests {
  @Test func `every schedule follows PyTorch in every step`() throws {
    let reference = try fixture(Reference.self, "schedules.json", in: .module)
    #expect(reference.courses.count > 20)
    for shape in reference.courses {
      let schedule = try schedule(
        shape.schedule, peak: reference.peak, warmup: shape.warmup, steps: reference.steps)
      for (step, expected) in shape.rates.enumerated() {
        let rate = Double(schedule.learningRate(atStep: step))
        #expect(abs(rate - expected) < 2e-7 * max(expected, 1e-3), "\(shape.schedule) \(step)")
      }
    }
  }

  @Test func `a plateau drops where PyTorch does`() throws {
    let reference = try fixture(Reference.self, "schedules.json", in: .module)
    for shape in reference.plateaus {
      let schedule = try schedule(shape.schedule, peak: reference.peak, steps: 1000)
      var state = PlateauState()
      for (epoch, loss) in shape.losses.enumerated() {
        let rate = Double(schedule.learningRate(atStep: epoch * 10, plateau: state))
        #expect(abs(rate - shape.rates[epoch]) < 1e-6 * rate, "\(shape.schedule) \(epoch)")
        schedule.note(loss, in: &state)
        // What is saved between epochs is all there is to know.
        state = try JSONDecoder().decode(PlateauState.self, from: JSONEncoder().encode(state))
      }
      #expect(Set(shape.rates).count > 2)
    }
  }

  @Test func `every named schedule is tried against PyTorch`() throws {
    let reference = try fixture(Reference.self, "schedules.json", in: .module)
    let known = (reference.courses.map(\.schedule) + reference.plateaus.map(\.schedule))
      .map { String($0.prefix { $0 != ":" }) }
    for name in ScheduleCatalogue.standard.allNames { #expect(known.contains(name), "\(name)") }
  }

  @Test(arguments: ScheduleCatalogue.standard.allNames + ["expr:peak/(1+epoch)"])
  func `every rate is a number from 0 to the peak, also beyond the end`(text: String) throws {
    for (steps, warmup) in [(1, 0), (2, 1), (3, 5), (1000, 100)] {
      let schedule = try schedule(text, peak: 0.7, warmup: warmup, steps: steps)
      for step in 0..<steps + 20 {
        let rate = schedule.learningRate(atStep: step)
        #expect(rate >= 0 && rate <= 0.700001, "\(text) step \(step) of \(steps): \(rate)")
      }
    }
  }

  @Test func `a formula knows the step, the epoch, the place and the peak`() throws {
    #expect(try schedule("expr:step", steps: 50).learningRate(atStep: 25) == 25)
    #expect(try schedule("expr:epoch", steps: 50).learningRate(atStep: 25) == 2.5)
    #expect(try schedule("expr:t", steps: 50).learningRate(atStep: 25) == 0.5)
    #expect(try schedule("expr:peak", peak: 3, steps: 50).learningRate(atStep: 25) == 3)
    #expect(try schedule("expr:t", warmup: 10, steps: 50).learningRate(atStep: 30) == 0.5)
  }

  @Test(arguments: ["expr:0.5 - t", "expr:1/step", "expr:log(-1)"])
  func `a formula that gives no rate somewhere is refused with the step`(text: String) throws {
    let error = try #require(throws: ScheduleError.self) { try schedule(text, steps: 100) }
    #expect(error.description.contains("at step"))
    #expect(!error.description.contains("\n"))
  }

  @Test(arguments: [
    ("cosin", "did you mean 'cosine'"), ("step:every=0", "from 0.001 to 1"),
    ("multi-step:at=0.7/0.2", "ascending"), ("plateau:patience=2.5", "whole number"),
    ("expr:peak*x", "'x' is unknown"), ("expr:peak*(1-t", "closing bracket"),
  ])
  func `what is no schedule is said with what was expected`(text: String, part: String) throws {
    let error = try #require(throws: ChoiceError.self) { try ScheduleChoice(text) }
    #expect(error.description.contains(part), "\(error)")
  }

  @Test func `schedules that rise by themselves need no warm-up`() throws {
    #expect(try ScheduleChoice("one-cycle").defaultWarmup == 0)
    #expect(try ScheduleChoice("expr:peak").defaultWarmup == 0)
    #expect(try ScheduleChoice("step").defaultWarmup == 0.5)
  }

  @Test func `what is taken without being asked for is cosine, and cross-entropy`() {
    #expect(ScheduleChoice.cosine.description == "cosine")
    #expect(ScheduleChoice.constant.description == "constant")
    #expect(ObjectiveChoice.crossEntropy.description == "cross-entropy")
  }

  @Test func `a constant rate stays`() throws {
    let schedule = try schedule("constant", peak: 0.3, steps: 10)
    #expect([0, 5, 9, 100].map { schedule.learningRate(atStep: $0) } == [0.3, 0.3, 0.3, 0.3])
  }

  @Test func `warm-up rises in equal steps to the peak`() throws {
    let schedule = try schedule("constant", warmup: 4, steps: 10)
    #expect((0..<5).map { schedule.learningRate(atStep: $0) } == [0.25, 0.5, 0.75, 1, 1])
  }

  @Test func `a cosine never rises after the warm-up`() throws {
    let schedule = try schedule("cosine", warmup: 3, steps: 50)
    let rates = (2..<60).map { schedule.learningRate(atStep: $0) }
    #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 >= $1 })
  }
}
