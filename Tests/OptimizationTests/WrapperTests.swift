import Optimization
import Tensors
import TestSupport
import Testing

private let workers = Workers(count: 2)
private let wrappers = OptimizerCatalogue.standard.wrappers

/// A text that switches wrappers on, as in `adam:clip-norm=0.5,ema=0.5`.
private func text(_ optimizer: String, _ names: String...) throws -> String {
  let settings = try Set(names).map { name in
    guard let parameter = wrappers[name]?.parameters.first else { throw UnknownWrapper() }
    if case .count = parameter.kind { return "\(name)=2" }
    return "\(name)=0.5"
  }
  return "\(optimizer):\(settings.sorted().joined(separator: ","))"
}

private struct UnknownWrapper: Error {}

/// A run on made-up gradients that can be continued from a copy of its state.
private struct Path: Equatable {
  var parameters: [Float], state: OptimizerState

  init(_ optimizer: any Optimizer, _ layout: ParameterLayout) {
    parameters = hashedNumbers(stream: 1, count: layout.count)
    state = optimizer.makeState(parameterCount: layout.count)
  }

  mutating func step(_ optimizer: any Optimizer, _ numbers: ClosedRange<Int>) {
    for number in numbers {
      optimizer.step(
        &parameters, gradients: hashedNumbers(stream: number + 1, count: parameters.count),
        learningRate: 0.01, state: &state, workers: workers)
    }
  }

  func evaluated(_ optimizer: any Optimizer) -> [Float] {
    optimizer.evaluationParameters(parameters, state: state) ?? parameters
  }
}

/// An optimizer that answers every question in its own way.
private struct Probe: Optimizer {
  let memoryNames = ["probe"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    precondition(state.memory.count == 1, "\(state.memory.count) vectors for a probe")
    state.stepCount += 1
    state.scalars["probe"] = Double(state.stepCount)
    for index in parameters.indices {
      parameters[index] -= learningRate * gradients[index]
      state.memory[0][index] += 1
    }
  }

  func perturbedParameters(
    _ parameters: [Float], gradients: [Float], workers: Workers
  ) -> [Float]? { zip(parameters, gradients).map { $0 + 100 * $1 } }

  func evaluationParameters(_ parameters: [Float], state: OptimizerState) -> [Float]? {
    precondition(state.memory.count == 1, "\(state.memory.count) vectors for a probe")
    return zip(parameters, state.memory[0]).map { $0 + 1000 * $1 }
  }
}

private let catalogue = OptimizerCatalogue.standard.adding(
  OptimizerEntry("probe", "answers everything", .gradientDescent, .slope, usualRate: 1) { _ in
    Probe()
  })

@Suite struct WrapperTests {
  let layout = ParameterLayout([
    ParameterSlot(name: "weight", shape: [3, 4]), ParameterSlot(name: "bias", shape: [3]),
  ])

  @Test(arguments: OptimizerCatalogue.standard.allNames)
  func `without a wrapper switched on there is none`(name: String) throws {
    let optimizer = try OptimizerChoice(name).makeOptimizer(layout: layout)
    #expect(!(optimizer is any OptimizerWrapper))
    let off = wrappers.allNames.map { "\($0)=0" }.joined(separator: ",")
    let same = try OptimizerChoice("\(name):\(off)").makeOptimizer(layout: layout)
    #expect(!(same is any OptimizerWrapper))
    #expect(try OptimizerChoice("\(name):\(off)") == OptimizerChoice(name))
  }

  @Test(arguments: OptimizerCatalogue.standard.allNames, wrappers.allNames)
  func `memory has the named vectors, and a saved state continues bit for bit`(
    name: String, wrapper: String
  ) throws {
    for other in wrappers.allNames {
      let text = try text(name, wrapper, other)
      let optimizer = try OptimizerChoice(text).makeOptimizer(layout: layout)
      #expect(Set(optimizer.memoryNames).count == optimizer.memoryNames.count, "\(text)")
      var path = Path(optimizer, layout)
      path.step(optimizer, 1...3)
      #expect(path.state.memory.count == optimizer.memoryNames.count, "\(text)")
      #expect(path.state.memory.allSatisfy { $0.count == layout.count }, "\(text)")
      #expect(path.state.stepCount == 3)
      // What is saved is the count, the vectors by name and the values by name.
      var saved = path
      saved.state = OptimizerState(
        stepCount: path.state.stepCount, memory: path.state.memory, scalars: path.state.scalars)
      path.step(optimizer, 4...7)
      saved.step(try OptimizerChoice(text).makeOptimizer(layout: layout), 4...7)
      #expect(saved == path, "\(text)")
      #expect(path.parameters.allSatisfy { $0.isFinite }, "\(text)")
    }
  }

  @Test(arguments: OptimizerCatalogue.standard.allNames, wrappers.allNames)
  func `what an optimizer remembers has the same names within a wrapper`(
    name: String, wrapper: String
  ) throws {
    let inner = try OptimizerChoice(name).makeOptimizer(layout: layout)
    let outer = try OptimizerChoice(text(name, wrapper)).makeOptimizer(layout: layout)
    #expect(Array(outer.memoryNames.prefix(inner.memoryNames.count)) == inner.memoryNames)
  }

  @Test(arguments: wrappers.allNames, wrappers.allNames)
  func `wrappers forward whatever they do not change`(first: String, second: String) throws {
    let choice = try OptimizerChoice(text("probe", first, second), in: catalogue)
    let optimizer = choice.makeOptimizer(layout: layout)
    var path = Path(optimizer, layout)
    path.step(optimizer, 1...3)
    #expect(path.state.scalars == ["probe": 3])
    #expect(path.state.memory[0].allSatisfy { $0 == 3 })
    let used = [first, second]
    let slope = hashedNumbers(stream: 9, count: layout.count)
    if !used.contains("sam") {
      #expect(
        optimizer.perturbedParameters(path.parameters, gradients: slope, workers: workers)
          == Probe().perturbedParameters(path.parameters, gradients: slope, workers: workers))
    }
    if !used.contains("ema"), !used.contains("swa") {
      #expect(path.evaluated(optimizer) == path.parameters.map { $0 + 3000 })
    }
  }

  @Test(arguments: OptimizerCatalogue.standard.allNames, ["ema", "swa"])
  func `an average is of what the optimizer alone would evaluate`(
    name: String, wrapper: String
  ) throws {
    let plain = try OptimizerChoice(name).makeOptimizer(layout: layout)
    let averaging = try OptimizerChoice(text(name, wrapper)).makeOptimizer(layout: layout)
    var (alone, averaged) = (Path(plain, layout), Path(averaging, layout))
    var evaluated: [[Float]] = []
    for step in 1...3 {
      alone.step(plain, step...step)
      averaged.step(averaging, step...step)
      evaluated.append(alone.evaluated(plain))
    }
    // ema=0.5 begins with the first, swa=2 is the mean from the second on.
    let expected = evaluated[0].indices.map { index in
      wrapper == "ema"
        ? 0.25 * evaluated[0][index] + 0.25 * evaluated[1][index] + 0.5 * evaluated[2][index]
        : 0.5 * evaluated[1][index] + 0.5 * evaluated[2][index]
    }
    #expect(averaged.parameters == alone.parameters)
    #expect(largestDifference(averaged.evaluated(averaging), expected) < 1e-6)
  }

  @Test func `Lookahead around a schedule-free optimizer is evaluated at its average`() throws {
    let optimizer = try OptimizerChoice("schedule-free:lookahead=5").makeOptimizer(layout: layout)
    #expect(optimizer.memoryNames == ["fast_point", "second_moment", "slow_point"])
    var path = Path(optimizer, layout)
    path.step(optimizer, 1...7)
    let (y, z) = (path.parameters, path.state.memory[0])
    let average = zip(y, z).map { ($0 - 0.1 * $1) / 0.9 }
    #expect(largestDifference(path.evaluated(optimizer), average) < 1e-6)
    #expect(largestDifference(path.evaluated(optimizer), y) > 1e-5)
  }

  @Test(arguments: ["clip-norm", "clip-value", "clip-adaptive"])
  func `a perturbation is not clipped`(clipping: String) throws {
    let plain = try OptimizerChoice("sgd:sam=0.5").makeOptimizer(layout: layout)
    let clipped = try OptimizerChoice("sgd:sam=0.5,\(clipping)=0.001").makeOptimizer(layout: layout)
    let (here, slope) = (
      hashedNumbers(stream: 1, count: layout.count), hashedNumbers(stream: 2, count: layout.count)
    )
    let expected = plain.perturbedParameters(here, gradients: slope, workers: workers)
    #expect(expected != nil)
    #expect(clipped.perturbedParameters(here, gradients: slope, workers: workers) == expected)
  }

  @Test(arguments: OptimizerCatalogue.standard.allNames)
  func `results do not depend on the number of workers`(name: String) throws {
    // Several tasks of a worker.
    let layout = ParameterLayout([ParameterSlot(name: "weight", shape: [300, 333])])
    let choice = try OptimizerChoice("\(name):clip-norm=1,lookahead=2,ema=0.5")
    let optimizer = choice.makeOptimizer(layout: layout)
    func stepped(_ count: Int) -> [Float] {
      var parameters = hashedNumbers(stream: 1, count: layout.count)
      var state = optimizer.makeState(parameterCount: layout.count)
      for step in 1...2 {
        optimizer.step(
          &parameters, gradients: hashedNumbers(stream: 1 + step, count: layout.count),
          learningRate: 0.01, state: &state, workers: Workers(count: count))
      }
      return parameters
    }
    #expect(stepped(1) == stepped(3))
  }
}
