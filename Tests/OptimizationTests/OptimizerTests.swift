import Foundation
import Optimization
import Tensors
import TestSupport
import Testing

/// Paths of other libraries' optimizers; made by Tools/reference/optimizers.py.
struct OptimizerReference: Decodable {
  struct Path: Decodable {
    let learningRate: Float
    let points: [String: [Double]]
  }
  struct Case: Decodable, CustomTestStringConvertible {
    let optimizer: OptimizerChoice
    let settled: Bool
    let problems: [String: Path]
    var testDescription: String { "\(optimizer)" }
  }
  let gradients: [[Float]]
  let cases: [Case]

  static let loaded = Result {
    try fixture(OptimizerReference.self, "optimizers.json", in: .module)
  }
  static var cases: [Case] { (try? loaded.get().cases) ?? [] }
}

/// What the reference rolls down.
enum Problem: String, CaseIterable {
  case quadratic, rosenbrock, network

  var layout: ParameterLayout {
    switch self {
    case .quadratic: ParameterLayout([ParameterSlot(name: "point", shape: [4])])
    case .rosenbrock: ParameterLayout([ParameterSlot(name: "point", shape: [2])])
    case .network:
      ParameterLayout(
        [[6, 4], [6], [3, 6], [3]].enumerated().map {
          ParameterSlot(name: "\($0)", shape: $1)
        })
    }
  }

  var start: [Float] {
    switch self {
    case .quadratic: [2, -1, 1.5, 2]
    case .rosenbrock: [-1.2, 1]
    case .network:
      layout.slots.enumerated().flatMap { hashedNumbers(stream: 10 + $0, count: $1.count) }
    }
  }

  func gradient(at point: [Float], step: Int, recorded: [[Float]]) -> [Float] {
    switch self {
    case .quadratic:
      return zip(point, zip([1.0, 4, 9, 20], [1.0, -2, 0.5, 3])).map { x, bowl in
        Float(bowl.0 * (Double(x) - bowl.1))
      }
    case .rosenbrock:
      let (x, y) = (Double(point[0]), Double(point[1]))
      return [Float(-2 * (1 - x) - 400 * x * (y - x * x)), Float(200 * (y - x * x))]
    case .network: return recorded[step % recorded.count]
    }
  }
}

private let workers = Workers(count: 2)

@Suite struct OptimizerTests {
  @Test func `the reference has a case for every optimizer`() throws {
    let cases = try OptimizerReference.loaded.get().cases.map(\.optimizer)
    for name in OptimizerCatalogue.standard.allNames {
      #expect(cases.contains { $0.name == name }, "\(name) has no reference case")
    }
  }

  @Test func `the reference has a case for every wrapper`() throws {
    let cases = try OptimizerReference.loaded.get().cases.map(\.optimizer)
    for name in OptimizerCatalogue.standard.wrappers.allNames {
      #expect(cases.contains { !$0.values.isDefault(name) }, "\(name) has no reference case")
    }
  }

  @Test(arguments: OptimizerReference.cases, Problem.allCases)
  func `200 steps follow PyTorch, optax or qhoptim`(
    reference: OptimizerReference.Case, problem: Problem
  ) throws {
    let recorded = try OptimizerReference.loaded.get().gradients
    let path = try #require(reference.problems[problem.rawValue])
    let optimizer = reference.optimizer.makeOptimizer(layout: problem.layout)
    var point = problem.start
    var state = optimizer.makeState(parameterCount: point.count)
    for step in 1...200 {
      func gradient(_ point: [Float]) -> [Float] {
        problem.gradient(at: point, step: step - 1, recorded: recorded)
      }
      let here = gradient(point)
      let second = optimizer.perturbedParameters(
        point, gradients: here, workers: workers
      ).map(gradient)
      optimizer.step(
        &point, gradients: second ?? here, learningRate: path.learningRate, state: &state,
        workers: workers)
      guard let expected = path.points["\(step)"] else { continue }
      let evaluated =
        reference.settled ? optimizer.evaluationParameters(point, state: state) : point
      // Half the usual measure: ‖a − b‖ over ‖a‖.
      let difference = 2 * relativeDifference(try #require(evaluated).map(Double.init), expected)
      #expect(difference < 1e-5, "after \(step) steps")
    }
    #expect(state.stepCount == 200)
  }

  @Test(arguments: OptimizerChoice.all)
  func `a state that was copied goes on exactly like the original`(choice: OptimizerChoice) {
    let layout = Problem.network.layout
    let optimizer = choice.makeOptimizer(layout: layout)
    var parameters = hashedNumbers(stream: 1, count: layout.count)
    var state = optimizer.makeState(parameterCount: layout.count)
    func step(_ number: Int, _ parameters: inout [Float], _ state: inout OptimizerState) {
      optimizer.step(
        &parameters, gradients: hashedNumbers(stream: number, count: layout.count),
        learningRate: 0.1, state: &state, workers: workers)
    }
    for number in 1...3 { step(number, &parameters, &state) }
    var (copy, copiedState) = (parameters, state)
    step(4, &parameters, &state)
    step(4, &copy, &copiedState)
    #expect(copy == parameters)
    #expect(copiedState == state)
    #expect(parameters.allSatisfy { $0.isFinite })
  }

  @Test(arguments: OptimizerChoice.all)
  func `elements beyond whole lanes are stepped like the others`(choice: OptimizerChoice) {
    // 8 elements fill the lanes; of 11 equal ones the last 3 take the other branch of the loop.
    let layout = ParameterLayout([ParameterSlot(name: "point", shape: [11])])
    let optimizer = choice.makeOptimizer(layout: layout)
    var parameters = [Float](repeating: 0.5, count: 11)
    var state = optimizer.makeState(parameterCount: 11)
    for step in 1...3 {
      optimizer.step(
        &parameters, gradients: [Float](repeating: Float(step), count: 11), learningRate: 0.1,
        state: &state, workers: workers)
    }
    #expect(Set(parameters).count == 1 && parameters[0] != 0.5)
  }

  @Test func `biases and normalizations are not pulled toward 0 unless asked`() throws {
    for (text, isSpared) in [("sgd:decay=0.5", true), ("sgd:decay=0.5,decay-all=true", false)] {
      let layout = Problem.network.layout
      let optimizer = try OptimizerChoice(text).makeOptimizer(layout: layout)
      var parameters = [Float](repeating: 1, count: layout.count)
      var state = optimizer.makeState(parameterCount: layout.count)
      optimizer.step(
        &parameters, gradients: [Float](repeating: 0, count: layout.count), learningRate: 1,
        state: &state, workers: workers)
      for (slot, range) in zip(layout.slots, layout.ranges) {
        let expected: Float = slot.shape.count < 2 && isSpared ? 1 : 0.5
        #expect(parameters[range].allSatisfy { $0 == expected }, "\(text) \(slot.shape)")
      }
    }
  }

  @Test(arguments: ["muon:decay-all=true", "lamb:decay=0.1", "sgd:clip-adaptive=0.01"])
  func `a convolution is stepped like the dense layer with the same weights`(text: String) throws {
    let shape = [5, 2, 3, 2]
    let dense = ParameterLayout([ParameterSlot(name: "w", shape: [5, 12])])
    let convolution = ParameterLayout([
      ParameterSlot(name: "w", shape: shape, order: .convolution)
    ])
    func stepped(_ layout: ParameterLayout) throws -> [Float] {
      let optimizer = try OptimizerChoice(text).makeOptimizer(layout: layout)
      var (point, slope) = (ParameterVector(layout), ParameterVector(layout))
      point[slot: 0] = hashedNumbers(stream: 1, count: 60)
      var state = optimizer.makeState(parameterCount: 60)
      for step in 1...5 {
        slope[slot: 0] = hashedNumbers(stream: 1 + step, count: 60)
        optimizer.step(
          &point.scalars, gradients: slope.scalars, learningRate: 0.1, state: &state,
          workers: workers)
      }
      return point[slot: 0]
    }
    #expect(try largestDifference(stepped(dense), stepped(convolution)) < 1e-6)
  }

  @Test(arguments: [(24, 24), (8, 40), (40, 8), (1, 6)], [1, 5, 12])
  func `Muon makes a matrix of any proportions orthogonal as its formula says`(
    extent: (rows: Int, columns: Int), steps: Int
  ) throws {
    let count = extent.rows * extent.columns
    let slope = hashedNumbers(stream: 3, count: count)
    let choice = "muon:momentum=0,nesterov=false,decay=0,iterations=\(steps)"
    let optimizer = try OptimizerChoice(choice).makeOptimizer(
      layout: ParameterLayout([ParameterSlot(name: "w", shape: [extent.rows, extent.columns])]))
    var point = [Float](repeating: 0, count: count)
    var state = optimizer.makeState(parameterCount: count)
    optimizer.step(&point, gradients: slope, learningRate: 1, state: &state, workers: workers)
    // X ← aX + bGX + cG²X with G = XXᵀ, in double precision.
    let norm = slope.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    var x = slope.map { Double($0) / norm }
    func timesGram(_ y: [Double]) -> [Double] {
      let (rows, columns) = extent
      return (0..<count).map { place in
        let (row, column) = (place / columns, place % columns)
        return (0..<rows).reduce(0) { sum, other in
          sum + gram[row * rows + other] * y[other * columns + column]
        }
      }
    }
    var gram: [Double] = []
    for _ in 0..<steps {
      gram = (0..<extent.rows * extent.rows).map { place in
        let (a, b) = (place / extent.rows * extent.columns, place % extent.rows * extent.columns)
        return (0..<extent.columns).reduce(0) { $0 + x[a + $1] * x[b + $1] }
      }
      let once = timesGram(x)
      let twice = timesGram(once)
      x = x.indices.map { 3.4445 * x[$0] - 4.775 * once[$0] + 2.0315 * twice[$0] }
    }
    let factor = -max(1, Double(extent.rows) / Double(extent.columns)).squareRoot()
    #expect(relativeDifference(point.map(Double.init), x.map { $0 * factor }) < 1e-5)
  }

  @Test(arguments: OptimizerChoice.all)
  func `the text of an optimizer names the same optimizer`(choice: OptimizerChoice) throws {
    #expect(try OptimizerChoice(choice.description) == choice)
    let more = try choice.adding(["rate=0.25", "ema=0.9"])
    #expect(more.rate == 0.25)
    #expect(try OptimizerChoice(more.description) == more)
  }

  @Test func `gradients of another length trap`() async {
    await #expect(processExitsWith: .failure) {
      let layout = ParameterLayout([ParameterSlot(name: "point", shape: [2])])
      let optimizer = OptimizerChoice.adam.makeOptimizer(layout: layout)
      var parameters: [Float] = [1, 2]
      var state = optimizer.makeState(parameterCount: 2)
      optimizer.step(
        &parameters, gradients: [1], learningRate: 0.1, state: &state, workers: workers)
    }
  }
}
