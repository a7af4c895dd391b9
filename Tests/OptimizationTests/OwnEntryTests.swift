// As another package would: nothing but what Optimization and Tensors offer in public.
import Foundation
import Optimization
import Tensors
import Testing

/// Steps of ever shorter length along the gradient.
private struct ShrinkingDescent: Optimizer {
  let decay: WeightDecay
  let shrink: Float
  let memoryNames = ["sum"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let rate = learningRate / (1 + shrink * Float(state.stepCount))
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, sum in
        sum += g
        p -= rate * (g + strength * p)
      }
    }
  }
}

/// Leaves out the first steps.
private struct LateStart: OptimizerWrapper {
  let inner: any Optimizer
  let steps: Int
  let ownMemoryNames = ["waited"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, own: inout [[Float]], workers: Workers
  ) {
    own[0][0] += 1
    guard Int(own[0][0]) > steps else { return }
    inner.step(
      &parameters, gradients: gradients, learningRate: learningRate, state: &state,
      workers: workers)
  }
}

/// The fourth power of the error of each logit.
private struct FourthPower: SampleObjective {
  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double]) {
    let errors = zip(logits, target).map { $0 - $1 }
    return (errors.reduce(0) { $0 + $1 * $1 * $1 * $1 }, errors.map { 4 * $0 * $0 * $0 })
  }
}

private let optimizers = OptimizerCatalogue.standard
  .adding(
    OptimizerEntry(
      "shrinking", "ever shorter steps", .gradientDescent, .slope, usualRate: 0.1,
      parameters: [ChoiceParameter("shrink", 0, in: 0...1, "how fast")]
    ) { ShrinkingDescent(decay: $0.decay, shrink: $0["shrink"]) }
  )
  .adding(
    OptimizerWrapperEntry(
      ChoiceParameter("wait", .count(0...100), [0], "steps that are left out")
    ) { LateStart(inner: $0, steps: $1.values.count("wait")) })

@Suite struct OwnEntryTests {
  @Test func `an optimizer of one's own is named, stepped and rolled like the others`() throws {
    let choice = try OptimizerChoice("shrinking:shrink=0,rate=0.1,ema=0.5", in: optimizers)
    #expect(choice.description == "shrinking:rate=0.1,ema=0.5")
    let surface = try Surface("bowl")
    let catalogue = MarbleCatalogue(optimizers: optimizers)
    let own = try Roll(MarbleChoice("shrinking", in: catalogue), on: surface, rate: 0.1, steps: 50)
    let sgd = try Roll(MarbleChoice("sgd"), on: surface, rate: 0.1, steps: 50)
    #expect(own.trajectory == sgd.trajectory)
    #expect(own.choice.family == .gradientDescent)
    let slower = try Roll(
      MarbleChoice("shrinking:shrink=0.5", in: catalogue), on: surface, rate: 0.1, steps: 50)
    #expect(slower.trajectory != sgd.trajectory)
    #expect(throws: ChoiceError.self) { try OptimizerChoice("shrinking") }
  }

  @Test func `a wrapper of one's own fits every optimizer`() throws {
    let surface = try Surface("bowl")
    let catalogue = MarbleCatalogue(optimizers: optimizers)
    for name in OptimizerCatalogue.standard.allNames {
      let late = try Roll(MarbleChoice("\(name):wait=3", in: catalogue), on: surface, steps: 8)
      let plain = try Roll(MarbleChoice(name), on: surface, steps: 5)
      #expect(Array(late.trajectory.dropFirst(3)) == plain.trajectory, "\(name)")
    }
  }

  @Test func `a decoder with a catalogue reads an optimizer of one's own back`() throws {
    let choice = try OptimizerChoice("shrinking:shrink=0.5,wait=2", in: optimizers)
    let data = try JSONEncoder().encode([choice])
    #expect(String(data: data, encoding: .utf8) == #"["shrinking:shrink=0.5,wait=2"]"#)
    #expect(throws: ChoiceError.self) {
      try JSONDecoder().decode([OptimizerChoice].self, from: data)
    }
    let decoder = JSONDecoder()
    decoder.userInfo[OptimizerChoice.catalogueKey] = optimizers
    #expect(try decoder.decode([OptimizerChoice].self, from: data) == [choice])
  }

  @Test func `an objective of one's own is named, smoothed and drawn like the others`() throws {
    let catalogue = ObjectiveCatalogue.standard.adding(
      ObjectiveEntry("fourth", "the fourth power of the error") { _ in FourthPower() })
    let choice = try ObjectiveChoice("fourth", in: catalogue)
    let plain = try choice.makeObjective(classCount: 2)
    let (loss, gradient) = plain.evaluate(logits: [3, 0, 0, 1], targets: [0, 1])
    #expect(loss == 8 && gradient == [16, 0, 0, 0])
    let smoothed = try choice.makeObjective(classCount: 2, labelSmoothing: 0.5)
    #expect(smoothed.evaluate(logits: [0.75, 0.25], targets: [0]).loss == 0)
    let curve = ObjectiveCurve(choice, over: .margin, reach: 2, count: 3)
    #expect(curve.samples.map(\.value) == [17, 1, 1])
  }

  @Test func `a schedule of one's own is named and followed like the others`() throws {
    let catalogue = ScheduleCatalogue.standard.adding(
      ScheduleEntry("half", "half the peak, then nothing", warmup: 0) { _ in
        { $0.t < 0.5 ? 0.5 : 0 }
      })
    let choice = try ScheduleChoice("half", in: catalogue)
    #expect(choice.defaultWarmup == 0)
    let schedule = try LearningRateSchedule(choice, peak: 2, totalSteps: 4, stepsPerEpoch: 1)
    #expect((0..<4).map { schedule.learningRate(atStep: $0) } == [1, 1, 0, 0])
  }

  @Test func `a surface of one's own is named and rolled on like the others`() throws {
    let catalogue = SurfaceCatalogue.standard.adding(
      Surface(
        "shifted", "a bowl around 1", try Formula("(x - 1)^2", variables: ["x"]),
        window: [-4...4], start: [4], minima: [[1]], slopeRate: 0.1))
    let surface = try Surface("shifted", in: catalogue)
    let roll = try Roll(MarbleChoice("sgd"), on: surface, steps: 100)
    guard case .minimum = roll.outcome else {
      Issue.record("\(roll.outcome)")
      return
    }
  }
}
