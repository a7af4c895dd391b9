import Foundation
import Optimization
import TestSupport
import Testing

/// Steps of PyTorch's optimizers; made by Tools/reference/optimizers.py.
struct OptimizerReference: Decodable {
  struct Case: Decodable, CustomTestStringConvertible {
    let optimizer: OptimizerChoice
    let learningRate: Float
    let momentum: Float?
    let nesterov: Bool?
    let weightDecay: Float?
    let parameters: [String: [Float]]

    var testDescription: String {
      "\(optimizer) nesterov \(nesterov ?? false) decay \(weightDecay ?? 0)"
    }
    var made: any Optimizer {
      optimizer.makeOptimizer(
        momentum: momentum ?? 0.9, nesterov: nesterov ?? false, weightDecay: weightDecay ?? 0)
    }
  }
  let count: Int
  let cases: [Case]

  static let loaded = Result {
    try fixture(OptimizerReference.self, "optimizers.json", in: .module)
  }
  static var cases: [Case] { (try? loaded.get().cases) ?? [] }
}

@Suite struct OptimizerTests {
  @Test func `the reference has a case for every optimizer`() throws {
    let names = try OptimizerReference.loaded.get().cases.map(\.optimizer)
    #expect(Set(names) == Set(OptimizerChoice.allCases))
  }

  @Test(arguments: OptimizerReference.cases)
  func `steps follow PyTorch`(reference: OptimizerReference.Case) throws {
    let count = try OptimizerReference.loaded.get().count
    var parameters = hashedNumbers(stream: 1, count: count)
    let optimizer = reference.made
    var state = optimizer.makeState(parameterCount: count)
    for step in 1...100 {
      optimizer.step(
        &parameters, gradients: hashedNumbers(stream: 100 + step, count: count),
        learningRate: reference.learningRate, state: &state)
      if let expected = reference.parameters["\(step)"] {
        #expect(largestDifference(parameters, expected) < 2e-6, "after \(step) steps")
      }
    }
    #expect(state.stepCount == 100)
  }

  @Test(arguments: OptimizerChoice.allCases, [(Float(1), Float(1)), (1, 10)])
  func `every optimizer reaches the bottom of a bowl`(
    choice: OptimizerChoice, bowl: (Float, Float)
  ) {
    let optimizer = choice.makeOptimizer()
    var point: [Float] = [2, -1.5]
    var state = optimizer.makeState(parameterCount: 2)
    for _ in 0..<800 {
      let gradient = [2 * bowl.0 * point[0], 2 * bowl.1 * point[1]]
      optimizer.step(&point, gradients: gradient, learningRate: 0.02, state: &state)
    }
    #expect(abs(point[0]) < 1e-2 && abs(point[1]) < 1e-2, "ended at \(point)")
  }

  @Test(arguments: OptimizerChoice.allCases)
  func `a state that was copied goes on exactly like the original`(choice: OptimizerChoice) {
    let optimizer = choice.makeOptimizer(nesterov: true, weightDecay: 0.01)
    var parameters = hashedNumbers(stream: 1, count: 33)
    var state = optimizer.makeState(parameterCount: 33)
    func step(_ number: Int, _ parameters: inout [Float], _ state: inout OptimizerState) {
      optimizer.step(
        &parameters, gradients: hashedNumbers(stream: number, count: 33), learningRate: 0.1,
        state: &state)
    }
    for number in 1...3 { step(number, &parameters, &state) }
    var (copy, copiedState) = (parameters, state)
    step(4, &parameters, &state)
    step(4, &copy, &copiedState)
    #expect(copy == parameters)
    #expect(copiedState == state)
  }

  @Test(arguments: OptimizerChoice.allCases)
  func `a first step without gradient moves nothing`(choice: OptimizerChoice) {
    let optimizer = choice.makeOptimizer()
    var parameters = hashedNumbers(stream: 1, count: 5)
    var state = optimizer.makeState(parameterCount: 5)
    optimizer.step(
      &parameters, gradients: [0, 0, 0, 0, 0], learningRate: 0.1, state: &state)
    #expect(parameters == hashedNumbers(stream: 1, count: 5))
  }

  @Test func `gradients of another length trap`() async {
    await #expect(processExitsWith: .failure) {
      let optimizer = Adam()
      var parameters: [Float] = [1, 2]
      var state = optimizer.makeState(parameterCount: 2)
      optimizer.step(&parameters, gradients: [1], learningRate: 0.1, state: &state)
    }
  }
}
