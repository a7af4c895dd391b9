import Foundation
import ImageLoading
import Optimization
import Tensors
import TestSupport
import Testing
import Training

@Suite struct OptimizerComparisonTests {
  let folder: TemporaryFolder
  let data: TrainingData

  init() throws {
    folder = try TemporaryFolder()
    data = try TrainingData(Stripes.load(80))
  }

  private func plan(
    _ optimizers: [String] = ["adam", "sgd"], seeds: Int = 1, epochs: Int = 2
  ) throws -> ComparisonPlan {
    ComparisonPlan(
      try optimizers.map { try OptimizerChoice($0) }, Stripes.configuration(epochs: epochs),
      seedCount: seeds, rateCount: 3, dataFingerprint: data.fingerprint)
  }

  /// Compares, in the folder `name`; after some steps it asks to stop.
  private func compare(
    _ plan: ComparisonPlan, in name: String = "c", threads: Int = 2, stopAfter: Int = .max
  ) throws -> (results: [OptimizerResult]?, comparison: OptimizerComparison, steps: Int) {
    var steps = 0
    let workers = Workers(count: threads)
    let comparison = try OptimizerComparison(
      plan, data: data, in: "\(folder.path)/\(name)", workers: workers,
      stop: {
        steps += 1
        return steps > stopAfter
      })
    let cost = try ComparisonCost(plan, data: data, workers: workers)
    return (try comparison.run(cost: cost), comparison, steps)
  }

  /// What does not depend on the clock.
  private func facts(_ results: [OptimizerResult]?) throws -> [String] {
    try #require(results).flatMap { result in
      ["\(result.optimizer) \(result.search)"]
        + (result.searches + result.finals).map {
          "\($0.directory.name) \($0.finalLoss ?? -1) \($0.losses(over: .steps))"
        }
    }
  }

  @Test func `each optimizer has as many trainings, at the rate that was best for it`() throws {
    let (results, comparison, _) = try compare(plan(seeds: 2))
    let found = try #require(results)
    #expect(found.map(\.optimizer.name) == ["adam", "sgd"])
    for result in found {
      #expect(result.searches.count == 7 && result.finals.count == 2)
      let best = result.searches.compactMap(\.finalLoss).min()
      #expect(result.searches.first { $0.finalLoss == best }?.rate == result.rate)
      #expect(result.finals.allSatisfy { $0.rate == result.rate })
      #expect(result.finals.map(\.seed) == [1, 2])
      // The seed that rates were chosen with is not one of those that are compared.
      #expect(Set(result.searches.map(\.seed)) == [3])
      // Shorter than what is compared, and as long for each.
      #expect(Set(result.searches.map(\.steps)).count == 1)
      #expect(result.finals[0].steps == 2 * result.searches[0].steps)
      #expect(result.finals[0].losses(over: .steps).map(\.x).first == 0)
    }
    #expect(try comparison.hits(of: found[0].finals[0]).count == data.test.count)
    #expect(comparison.ended.count == 18)
    #expect(comparison.ended.count { $0.optimizer == 1 && $0.phase == .final } == 2)
  }

  @Test func `a stopped comparison goes on to the same results, on any number of threads`() throws {
    let whole = try compare(plan(), in: "whole", threads: 1)
    var stops = 0
    var results: [OptimizerResult]?
    var resumed = 0
    while results == nil {
      let part = try compare(plan(), threads: 2, stopAfter: 15)
      results = part.results
      resumed += part.steps
      stops += 1
      try #require(stops < 40)
    }
    #expect(stops > 3)
    #expect(try facts(results) == facts(whole.results))
    // Nothing of what is there is trained again.
    #expect(try compare(plan()).steps == 0)
  }

  @Test func `a training that was killed before it began is no obstacle`() throws {
    _ = try compare(plan(), stopAfter: 1)
    var search = RateSearch(around: OptimizerChoice.adam.trainingRate, count: 3)
    search.add(1)
    let run = "c/trials/1-adam-search-\(try #require(search.next))"
    for name in ["checkpoints", "plots"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(run)/\(name)", withIntermediateDirectories: true)
    }
    try folder.write(Array("half".utf8), to: "\(run)/split.json.0123456789abcdef.part")
    #expect(try compare(plan()).results != nil)
  }

  @Test func `a comparison with other choices is refused with what differs`() throws {
    _ = try compare(plan(), stopAfter: 1)
    var other = try plan(seeds: 2)
    #expect(
      throws: ComparisonError.changed(
        folder: "\(folder.path)/c", option: "--seeds", now: "2", before: "1")
    ) { try compare(other) }
    other = try plan(["adam", "momentum"])
    #expect {
      try compare(other)
    } throws: {
      "\($0)".contains("--optimizers is adam,sgd, and now it is adam,momentum")
    }
    // All that follows from one choice is not named instead of it.
    other = try plan()
    other.configuration.epochs = 40
    other.searchEpochs = 14
    #expect {
      try compare(other)
    } throws: {
      "\($0)".contains("--epochs is ") && "\($0)".contains("and now it is 40")
    }
    other = try plan()
    other.dataFingerprint = "other"
    #expect {
      try compare(other)
    } throws: {
      "\($0)".contains("the images of ") && !"\($0)".contains("other,")
    }
    other.configuration.data = "elsewhere"
    #expect {
      try compare(other)
    } throws: {
      "\($0)".contains("DATA is ") && "\($0)".contains("and now it is elsewhere")
    }
    other = try plan()
    other.configuration.batchSize = 8
    #expect(
      throws: ComparisonError.changed(
        folder: "\(folder.path)/c", option: "--batch-size", now: "8", before: "16")
    ) { try compare(other) }
    try FileManager.default.removeItem(atPath: "\(folder.path)/c/plan.json")
    #expect(throws: ComparisonError.planMissing(folder: "\(folder.path)/c")) {
      try compare(plan())
    }
  }

  @Test func `trainings that diverge lose their rate, and end nothing`() throws {
    let (results, _, _) = try compare(plan(["sgd:rate=1e6,decay=1", "adam"]))
    let found = try #require(results)
    #expect(found[0].searches.contains { $0.isFailed })
    #expect(found[0].searches.count == 7 && found[1].finals.count == 1)
    #expect(found[0].rate == nil || found[0].finals.count == 1)
    #expect(found[1].compared.count == 1 && [found[1]].commonAccuracy != nil)
  }

  @Test func `a budget gives each training the same seconds`() throws {
    #expect(
      ComparisonPlan.budget(forAll: 60, optimizerCount: 2, seedCount: 3, rateCount: 3) != nil)
    #expect(
      ComparisonPlan.budget(forAll: 10, optimizerCount: 2, seedCount: 3, rateCount: 3) == nil)
    // 7 searches of a second each leave 2 seconds for one training.
    let short = ComparisonPlan.budget(forAll: 9, optimizerCount: 1, seedCount: 1, rateCount: 3)
    #expect(abs((short ?? 0) - 2) < 1e-9)
    // 7 thirds and 3 wholes.
    let whole = ComparisonPlan.budget(forAll: 320, optimizerCount: 2, seedCount: 3, rateCount: 3)
    #expect(abs((whole ?? 0) - 30) < 1e-9)
  }

  @Test func `images for validation are needed`() throws {
    let none = try TrainingData(Stripes.load(80), validationSplit: 0)
    #expect(throws: ComparisonError.noValidation) {
      try OptimizerComparison(
        plan(), data: none, in: folder.path, workers: Workers(count: 1))
    }
  }

  @Test func `a band joins curves where all of them are, and is straight between points`() {
    func curve(_ points: [(Double, Double)]) -> [CurvePoint] {
      points.map { CurvePoint(x: $0.0, y: $0.1) }
    }
    let band = CurveBand([curve([(0, 1), (10, 0)]), curve([(0, 3), (5, 2), (8, 0)])])
    func agree(_ own: [CurvePoint], _ other: [CurvePoint]) -> Bool {
      own.map(\.x) == other.map(\.x) && zip(own, other).allSatisfy { abs($0.y - $1.y) < 1e-12 }
    }
    #expect(agree(band.mean, curve([(0, 2), (5, 1.25), (8, 0.1)])))
    #expect(agree(band.lowest, curve([(0, 1), (5, 0.5), (8, 0)])))
    #expect(agree(band.highest, curve([(0, 3), (5, 2), (8, 0.2)])))
    #expect(CurveBand([]).mean.isEmpty)
  }
}
