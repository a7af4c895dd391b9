import ImageLoading
import Tensors
import TestSupport
import Testing

@Suite struct BatchMixingTests {
  let size = 8

  /// Images of one number each: 1, 10, 100, ….
  func mixed(_ plan: BatchMixing.Plan, count: Int, workers: Int = 2) -> [[Float]] {
    let image = size * size * 3
    let batch = Arena(pieces: [count * image]).piece(count * image)
    var value: Float = 1
    for index in 0..<count {
      batch[index * image..<(index + 1) * image].fill(value)
      value *= 10
    }
    plan.apply(to: batch, imageSize: size, workers: Workers(count: workers))
    return (0..<count).map { batch[$0 * image..<($0 + 1) * image].array }
  }

  @Test(arguments: [4, 5])
  func `every image is in one pair, but for one when the count is odd`(count: Int) {
    let plan = BatchMixing(mixup: 1).plan(seed: 3, count: count, imageSize: size)
    let places = plan.pairs.flatMap { [$0.0, $0.1] }
    #expect(Set(places).count == places.count && places.count == count / 2 * 2)
    #expect(places.allSatisfy { (0..<count).contains($0) })
  }

  @Test func `the plan depends on the step's seed alone`() {
    let mixing = BatchMixing(mixup: 1, cutmix: 1)
    let plans = (0..<20).map { mixing.plan(seed: $0, count: 6, imageSize: size) }
    #expect(plans == (0..<20).map { mixing.plan(seed: $0, count: 6, imageSize: size) })
    #expect(plans.dropFirst().contains { $0.pairs.map(\.0) != plans[0].pairs.map(\.0) })
    #expect(Set(plans.map(\.kept)).count > 10)
  }

  @Test func `mixup lays each of a pair over the other`() {
    let plan = BatchMixing(mixup: 1).plan(seed: 5, count: 2, imageSize: size)
    let images = mixed(plan, count: 2)
    #expect(plan.kept > 0 && plan.kept < 1)
    #expect(images[0].allSatisfy { abs($0 - (plan.kept + (1 - plan.kept) * 10)) < 1e-5 })
    #expect(images[1].allSatisfy { abs($0 - (plan.kept * 10 + (1 - plan.kept))) < 1e-5 })
  }

  @Test func `cutmix swaps exactly the part of the pixels that the targets are told of`() {
    for seed in 0..<20 {
      let plan = BatchMixing(cutmix: 1).plan(seed: UInt64(seed), count: 2, imageSize: size)
      let images = mixed(plan, count: 2)
      let own = images[0].count { $0 == 1 }
      #expect(images[0].allSatisfy { $0 == 1 || $0 == 10 })
      #expect(abs(Float(own) / Float(images[0].count) - plan.kept) < 1e-6)
      #expect(zip(images[0], images[1]).allSatisfy { $0 + $1 == 11 })
    }
  }

  @Test(arguments: [0.01, 0.2, 1, 4])
  func `the share kept has the mean and spread of its distribution`(alpha: Double) {
    var generator = SeededGenerator(seed: 1, stream: 2)
    let draws = (0..<4000).map { _ in generator.nextBeta(alpha) }
    let mean = draws.reduce(0, +) / 4000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
    // Var Beta(a, a) = 1 / (4 (2a + 1)).
    #expect(abs(mean - 0.5) < 0.04)
    #expect(abs(variance * 4 * (2 * alpha + 1) - 1) < 0.1)
    #expect(draws.allSatisfy { (0...1).contains($0) })
  }
}
