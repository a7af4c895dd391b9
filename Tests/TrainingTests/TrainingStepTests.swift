import Foundation
import Optimization
import Synchronization
import Tensors
import TestSupport
import Testing
import Training

/// Two logits per sample, ±θ · x, for any number of features x.
private struct LinearBatch: DifferentiableModel {
  var features: [[Float]]
  var layout: ParameterLayout {
    ParameterLayout([ParameterSlot(name: "weight", shape: [features[0].count])])
  }

  func forward(parameters: ParameterVector, statistics: inout ParameterVector) -> [Float] {
    features.flatMap { row in
      let score = zip(row, parameters.scalars).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      return [score, -score]
    }
  }

  func backward(
    logitGradient: [Float], parameters: ParameterVector, statistics: inout ParameterVector,
    gradients: inout ParameterVector
  ) {
    for column in gradients.scalars.indices {
      gradients.scalars[column] = features.indices.reduce(Float(0)) { sum, row in
        sum + (logitGradient[2 * row] - logitGradient[2 * row + 1]) * features[row][column]
      }
    }
  }
}

/// Remembers what went through it, and hands on something else.
private final class FakeReducer: GradientReducer {
  var seen: [[Float]] = []
  var totals: [StepTotals] = []
  let replace: ([Float], Int) -> [Float]

  init(
    _ replace: @escaping (_ gradients: [Float], _ call: Int) -> [Float] = { gradients, _ in
      gradients
    }
  ) { self.replace = replace }

  func reduce(_ gradients: inout [Float], _ totals: inout StepTotals) {
    seen.append(gradients)
    self.totals.append(totals)
    gradients = replace(gradients, seen.count)
  }
}

/// Averages over two threads, as processes would over a network.
private final class PairReducer: GradientReducer, Sendable {
  private struct Offer {
    var gradients: [Float], totals: StepTotals
  }
  private let offers = Mutex<[Int: Offer]>([:])
  private let arrived = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
  private let read = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]

  struct Rank: GradientReducer {
    let pair: PairReducer, rank: Int
    func reduce(_ gradients: inout [Float], _ totals: inout StepTotals) {
      pair.reduce(rank, &gradients, &totals)
    }
  }

  func reduce(_ gradients: inout [Float], _ totals: inout StepTotals) {}

  private func reduce(_ rank: Int, _ gradients: inout [Float], _ totals: inout StepTotals) {
    let own = Offer(gradients: gradients, totals: totals)
    offers.withLock { $0[rank] = own }
    arrived[rank].signal()
    arrived[1 - rank].wait()
    let both = offers.withLock { $0 }
    read[rank].signal()
    read[1 - rank].wait()
    guard let first = both[0], let second = both[1] else { return }
    totals = StepTotals(
      images: first.totals.images + second.totals.images,
      correct: first.totals.correct + second.totals.correct,
      loss: first.totals.loss + second.totals.loss)
    let share = Float(first.totals.images) / Float(totals.images)
    gradients = zip(first.gradients, second.gradients).map { share * $0 + (1 - share) * $1 }
  }
}

@Suite struct TrainingStepTests {
  private let batch = LinearBatch(features: [[1, 0.5, -1], [0.2, -1, 2], [-0.4, 0.1, 1]])
  private let labels = [0, 1, 0]

  private func step(
    _ optimizer: String, _ batch: LinearBatch, _ reducer: any GradientReducer = IdentityReducer()
  ) throws -> (TrainingStep, ModelState) {
    let optimizer = try OptimizerChoice(optimizer).makeOptimizer(layout: batch.layout)
    var parameters = ParameterVector(batch.layout)
    parameters.scalars = [0.3, -0.2, 0.1]
    let state = ModelState(
      parameters: parameters, statistics: ParameterVector(ParameterLayout([])),
      optimizer: optimizer.makeState(parameterCount: 3))
    return (
      TrainingStep(
        layout: batch.layout, objective: SoftmaxCrossEntropy(), optimizer: optimizer,
        reducer: reducer, workers: Workers(count: 1)), state
    )
  }

  @Test func `a step of gradient descent is the rate times the gradient`() throws {
    let reducer = FakeReducer()
    var (step, state) = try step("sgd", batch, reducer)
    let before = state.parameters.scalars
    let outcome = try step.take(
      batch, targets: Targets(labels, classCount: 2), learningRate: 0.5, state: &state)
    let gradient = try #require(reducer.seen.first)
    #expect(state.parameters.scalars == zip(before, gradient).map { $0 - 0.5 * $1 })
    #expect(reducer.totals == [outcome.totals])
    // θ · x is 0.1, 0.46 and −0.04: only the first sample is classified as its label says.
    #expect(outcome.totals.images == 3 && outcome.totals.correct == 1)
    let squares = gradient.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(outcome.gradientNorm - squares.squareRoot()) < 1e-7)
  }

  @Test(arguments: [("sgd", 1), ("adam:ema=0.9", 1), ("sgd:sam=0.05", 2), ("adam:sam=0.1", 2)])
  func `every backward pass goes through the reducer once`(optimizer: String, passes: Int) throws {
    let reducer = FakeReducer()
    var (step, state) = try step(optimizer, batch, reducer)
    for taken in 1...3 {
      _ = try step.take(
        batch, targets: Targets(labels, classCount: 2), learningRate: 0.5, state: &state)
      #expect(reducer.seen.count == taken * passes)
    }
    #expect(Set(reducer.seen).count == 3 * passes)
  }

  @Test(arguments: ["sgd", "sgd:sam=0.05"])
  func `the update follows what the reducer hands on`(optimizer: String) throws {
    // The last pass of a step is the one that is updated by.
    let reducer = FakeReducer { gradients, _ in gradients.map { _ in 2 } }
    var (step, state) = try step(optimizer, batch, reducer)
    let before = state.parameters.scalars
    let outcome = try step.take(
      batch, targets: Targets(labels, classCount: 2), learningRate: 0.25, state: &state)
    #expect(state.parameters.scalars == before.map { $0 - 0.5 })
    #expect(outcome.gradientNorm == 12.0.squareRoot())
  }

  @Test func `the perturbation follows what the reducer hands on`() throws {
    // By a gradient of 0 nothing is perturbed, and the step is that of one pass.
    let still = FakeReducer { gradients, _ in gradients.map { _ in 0 } }
    var (step, state) = try step("sgd:sam=0.05", batch, still)
    _ = try step.take(
      batch, targets: Targets(labels, classCount: 2), learningRate: 0.5, state: &state)
    #expect(still.seen.count == 1)
  }

  @Test func `a second gradient that is not finite leaves the parameters as they were`() throws {
    let reducer = FakeReducer { gradients, number in
      number == 1 ? gradients : gradients.map { _ in .nan }
    }
    var (step, state) = try step("sgd:sam=0.05", batch, reducer)
    let before = state.parameters
    #expect(throws: TrainingStep.NotFinite.self) {
      try step.take(
        batch, targets: Targets(labels, classCount: 2), learningRate: 0.5, state: &state)
    }
    #expect(state.parameters == before)
  }

  @Test(arguments: ["sgd", "momentum:sam=0.05", "adam"])
  func `two processes with a part of the batch each take the step of the whole batch`(
    optimizer: String
  ) throws {
    let pair = PairReducer()
    let parts = [0..<2, 2..<3]
    let reached = Mutex<[Int: (parameters: [Float], totals: StepTotals)]>([:])
    let failure = Mutex<(any Error)?>(nil)
    let (batch, labels) = (batch, labels)
    let done = DispatchSemaphore(value: 0)
    // Threads, not tasks of a pool: each waits for the other.
    for rank in 0..<2 {
      Thread.detachNewThread {
        defer { done.signal() }
        do {
          let part = LinearBatch(features: Array(batch.features[parts[rank]]))
          var (step, state) = try self.step(
            optimizer, part, PairReducer.Rank(pair: pair, rank: rank))
          let targets = Targets(Array(labels[parts[rank]]), classCount: 2)
          var totals = StepTotals(images: 0, correct: 0, loss: 0)
          for _ in 0..<5 {
            totals = try step.take(part, targets: targets, learningRate: 0.1, state: &state).totals
          }
          let found = (state.parameters.scalars, totals)
          reached.withLock { $0[rank] = found }
        } catch { failure.withLock { $0 = error } }
      }
    }
    for _ in 0..<2 { done.wait() }
    if let failure = failure.withLock({ $0 }) { throw failure }
    var (step, state) = try step(optimizer, batch)
    var whole = StepTotals(images: 0, correct: 0, loss: 0)
    for _ in 0..<5 {
      whole = try step.take(
        batch, targets: Targets(labels, classCount: 2), learningRate: 0.1, state: &state
      ).totals
    }
    let found = reached.withLock { $0 }
    let (first, second) = (try #require(found[0]), try #require(found[1]))
    #expect(first.parameters == second.parameters && first.totals == second.totals)
    #expect(largestDifference(first.parameters, state.parameters.scalars) < 1e-5)
    #expect(first.totals.images == 3 && first.totals.correct == whole.correct)
    #expect(abs(first.totals.loss - whole.loss) < 1e-5)
  }

  @Test func `the gradients of a run go through its reducer`() throws {
    let reducer = FakeReducer { gradients, _ in gradients.map { _ in 0 } }
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 1), count: 40)
    try rehearsal.train(reducer: reducer)
    #expect(reducer.totals.map(\.images) == [16, 16])
    #expect(try rehearsal.steps().map(\.gradientNorm) == [0, 0])
  }

  @Test func `a loss that is not finite reaches the other processes, and nothing is updated`()
    throws
  {
    let reducer = FakeReducer()
    var (step, state) = try step("sgd", LinearBatch(features: [[.infinity, 0, 0]]), reducer)
    let before = state.parameters
    #expect(throws: TrainingStep.NotFinite.self) {
      try step.take(
        LinearBatch(features: [[.infinity, 0, 0]]), targets: Targets([1], classCount: 2),
        learningRate: 0.1, state: &state)
    }
    #expect(reducer.seen.count == 1 && reducer.seen[0].allSatisfy(\.isNaN))
    #expect(state.parameters == before)
  }

  @Test func `a gradient that another process made infinite ends the step here, too`() throws {
    let reducer = FakeReducer { gradients, _ in gradients.map { _ in .nan } }
    var (step, state) = try step("sgd", batch, reducer)
    #expect(throws: TrainingStep.NotFinite.self) {
      try step.take(
        batch, targets: Targets(labels, classCount: 2), learningRate: 0.1, state: &state)
    }
  }
}
