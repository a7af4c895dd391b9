import Optimization
import Tensors
import TestSupport
import Testing

private let workers = Workers(count: 2)

@Suite struct RollTests {
  /// Rolls on a built-in surface.
  func roll(
    _ choice: String, on surface: String, rate: Double? = nil, from start: [Double]? = nil,
    steps: Int = 500, noise: GradientNoise? = nil
  ) throws -> Roll {
    try Roll(
      MarbleChoice(choice), on: Surface(surface), rate: rate, from: start, steps: steps,
      noise: noise)
  }

  @Test func `the bowl is x times one minus twice the rate, each step`() throws {
    for (rate, factor) in [(0.1, 0.8), (0.9, -0.8), (1.1, -1.2)] {
      let roll = try roll("sgd", on: "bowl", rate: rate, steps: 20)
      var x = 3.0
      for sample in roll.trajectory {
        #expect(abs(sample.place[0] - x) < 1e-5 * abs(x))
        x *= factor
      }
    }
    #expect(try roll("sgd", on: "bowl", rate: 0.1, steps: 50).outcome == .minimum(step: 17))
    #expect(try roll("sgd", on: "bowl", rate: 1.1, steps: 50).outcome == .diverged(step: 2))
  }

  @Test(arguments: OptimizerChoice.all)
  func `every optimizer gets down a round bowl`(choice: OptimizerChoice) throws {
    let surface = try Surface("round-bowl")
    let marble = MarbleChoice.optimizer(choice)
    let rate = try #require(Roll.bestRate(of: marble, on: surface, steps: 300))
    let roll = Roll(marble, on: surface, rate: rate, steps: 300)
    let (first, last) = (roll.trajectory[0], try #require(roll.trajectory.last))
    #expect(last.value < 0.02 * first.value, "\(choice) at rate \(rate) ended at \(last)")
  }

  @Test(arguments: MarbleCatalogue.standard.methods.allNames)
  func `methods with a look ahead reach the minimum of stretched bowls`(name: String) throws {
    for surface in ["stretched-bowl", "ravine", "booth", "matyas"] {
      let roll = try roll(name, on: surface, steps: 1000)
      guard case .minimum = roll.outcome else {
        Issue.record(
          "\(name) on \(surface): \(roll.outcome) at \(roll.trajectory.last?.place ?? [])")
        continue
      }
    }
  }

  @Test
  func `Newton needs one step on a paraboloid, conjugate gradient fewer than gradient descent`()
    throws
  {
    let newton = try roll("newton", on: "stretched-bowl", steps: 1)
    #expect(try #require(newton.trajectory.last).value < 1e-20)
    let conjugate = try roll("conjugate-gradient", on: "rosenbrock", steps: 60)
    let gradient = try roll("wolfe", on: "rosenbrock", steps: 60)
    #expect(
      try #require(conjugate.trajectory.last).value < #require(gradient.trajectory.last).value)
  }

  @Test(arguments: ["newton", "l-bfgs", "conjugate-gradient", "nelder-mead"])
  func `Rosenbrock's valley is followed to its end`(name: String) throws {
    let last = try #require(roll(name, on: "rosenbrock", steps: 200).trajectory.last)
    #expect(last.value < 1e-10, "\(name) ended at \(last)")
  }

  @Test func `a marble caught in a local minimum, on a saddle or far away says so`() throws {
    #expect(try roll("sgd", on: "two-wells").outcome == .localMinimum)
    #expect(try roll("sgd", on: "saddle", from: [-2, 0]).outcome == .saddle)
    // The bottom of a ring: a little off it, its floor seems to curve up or down.
    for name in ["sgd", "adam", "rmsprop"] {
      #expect(try roll(name, on: "plateau", steps: 100).outcome == .flat)
    }
    guard case .left = try roll("sgd", on: "monkey-saddle", from: [-0.5, 0.1]).outcome else {
      Issue.record("not left")
      return
    }
    guard case .diverged = try roll("sgd", on: "rosenbrock", rate: 1).outcome else {
      Issue.record("not diverged")
      return
    }
    #expect(try roll("sgd", on: "two-wells", steps: 10).outcome == .rolling)
    // At rest by its speed alone: the slope is there, and so is the way down.
    for surface in ["bowl", "basin", "ackley", "rosenbrock"] {
      for name in ["sgd", "adam"] {
        #expect(try roll(name, on: surface, rate: 1e-9).outcome == .slow, "\(name) on \(surface)")
      }
    }
  }

  @Test func `a tuned rate is no worse than the default`() throws {
    for name in ["sgd", "momentum", "adagrad", "rmsprop", "adam"] {
      let (choice, surface) = (try MarbleChoice(name), try Surface("ravine"))
      let rate = try #require(Roll.bestRate(of: choice, on: surface, steps: 80))
      let tuned = Roll(choice, on: surface, rate: rate, steps: 80)
      let plain = Roll(choice, on: surface, steps: 80)
      let (a, b) = (
        try #require(tuned.trajectory.last).value, try #require(plain.trajectory.last).value
      )
      #expect(a <= b * 1.01 + 1e-9, "\(name): \(a) after tuning to \(rate), \(b) before")
    }
  }

  @Test func `noise pushes every marble alike and is named by its seed`() throws {
    func end(_ seed: UInt64, _ strength: Double) throws -> [Double] {
      let noise = GradientNoise(strength: strength, seed: seed)
      return try #require(
        roll("sgd", on: "round-bowl", steps: 30, noise: noise).trajectory.last
      ).place
    }
    #expect(try end(1, 0.5) == end(1, 0.5))
    #expect(try end(1, 0.5) != end(2, 0.5))
    #expect(try end(1, 0) == end(2, 0))
    // One push is −η times it: with sgd the first step shows it.
    let noise = GradientNoise(strength: 1, seed: 7)
    let (a, b) = (
      try roll("sgd", on: "round-bowl", rate: 0.1, steps: 1, noise: noise).trajectory[1].place,
      try roll("sgd", on: "round-bowl", rate: 0.1, steps: 1).trajectory[1].place
    )
    let (c, d) = (
      try roll("sgd", on: "booth", rate: 0.1, steps: 1, noise: noise).trajectory[1].place,
      try roll("sgd", on: "booth", rate: 0.1, steps: 1).trajectory[1].place
    )
    for axis in 0..<2 { #expect(abs((a[axis] - b[axis]) - (c[axis] - d[axis])) < 1e-5) }
  }

  @Test func `an explanation gives the arithmetic of the step`() throws {
    let roll = try Roll(
      MarbleChoice("momentum"), on: Surface("bowl"), rate: 0.1, steps: 2, isExplained: true)
    #expect(roll.explanations.count == 2)
    // v = 0.9·6 + 4.8 = 10.2; x = 2.4 − 0.1·10.2 = 1.38.
    #expect(roll.explanations[1].contains("0.9 · 6 + 4.8 = 10.2"))
    #expect(roll.explanations[1].contains("= 1.38"))
  }

  @Test(arguments: OptimizerChoice.all)
  func `a marble takes the very steps that the optimizer takes on a vector`(
    choice: OptimizerChoice
  ) throws {
    let surface = try Surface("himmelblau")
    let roll = Roll(.optimizer(choice), on: surface, rate: 0.01, steps: 20)
    let layout = ParameterLayout([ParameterSlot(name: "weight", shape: [1, 2])])
    let optimizer = choice.makeOptimizer(layout: layout)
    var vector = ParameterVector(layout)
    vector.scalars = surface.start.map(Float.init)
    var state = optimizer.makeState(parameterCount: 2)
    for sample in roll.trajectory {
      let evaluated = optimizer.evaluationParameters(vector.scalars, state: state) ?? vector.scalars
      #expect(evaluated.map(Double.init) == sample.place)
      let slope = surface.valueAndGradient(at: vector.scalars.map(Double.init)).gradient
      optimizer.step(
        &vector.scalars, gradients: slope.map(Float.init), learningRate: 0.01, state: &state,
        workers: workers)
    }
  }
}
