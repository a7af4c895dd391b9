import Foundation
import ImageLoading
import Tensors
import Testing
import Training

@Suite struct LearningCurveTests {
  /// Points with the errors of a law, as nearly as held-out images can show them.
  private func curve(
    heldOut: Int = 10_000, draws: Int = 1, sizes: [Int] = [500, 1000, 2000, 4000, 8000],
    _ isWrong: (_ size: Int, _ image: Int) -> Bool
  ) -> LearningCurve {
    LearningCurve(
      points: sizes.flatMap { size in
        (1...draws).map { draw in
          LearningCurve.Point(
            imageCount: size, draw: draw, isWrong: (0..<heldOut).map { isWrong(size, $0) })
        }
      })
  }

  @Test(arguments: [(0.03, 2.0, 0.4), (0, 1, 0.25), (0.1, 5, 0.8)])
  func `a law is found again from the errors it gives`(
    law: (floor: Double, scale: Double, exponent: Double)
  ) {
    func error(_ count: Double) -> Double { law.floor + law.scale * pow(count, -law.exponent) }
    let found = curve(heldOut: 100_000) { size, image in
      Double(image) < 100_000 * error(Double(size))
    }.law
    for count in [500.0, 8000, 32_000] {
      #expect(abs(found.error(at: count) - error(count)) < 0.002, "\(found)")
    }
    #expect(abs(found.exponent / law.exponent - 1) < 0.1, "\(found)")
  }

  @Test func `errors that rise make a level law, not a falling accuracy`() {
    let curve = curve { size, image in image < 1000 + size / 10 }
    #expect(curve.law.scale == 0)
    let forecast = curve.forecasts(for: [16_000])[0]
    #expect(forecast.gain == 0 && forecast.highestGain < 0.02)
    #expect(abs(forecast.accuracy - 0.87) < 0.02)
  }

  @Test func `no forecast is better than all right`() {
    let curve = curve { size, image in Double(image) < 4e6 / pow(Double(size), 1.2) }
    let forecast = curve.forecasts(for: [1e9])[0]
    #expect(forecast.accuracy <= 1 && forecast.upper <= 1 && forecast.lower <= forecast.accuracy)
  }

  @Test func `an interval of 95 percent has the truth nearly always, and is not all there is`() {
    var (inside, widths) = (0, 0.0)
    for seed in UInt64(1)...40 {
      var generator = SeededGenerator(seed: seed)
      let curve = curve(heldOut: 500, draws: 2) { size, _ in
        Double.random(in: 0..<1, using: &generator) < 0.05 + 2 * pow(Double(size), -0.5)
      }
      let forecast = curve.forecasts(for: [8000], seed: seed)[0]
      if (forecast.lower...forecast.upper).contains(0.95 - 2 * pow(8000, -0.5)) { inside += 1 }
      widths += forecast.upper - forecast.lower
    }
    #expect(inside >= 34, "\(inside) of 40")
    #expect(widths / 40 < 0.06)
  }

  // MARK: Training

  private func experiment(
    _ count: Int, epochs: Int = 2, draws: Int = 1, rate: Float = 0.01
  ) throws -> (LearningCurveExperiment, TrainingData) {
    let data = try TrainingData(
      Stripes.load(count), validationSplit: 0.2, testSplit: 0.1)
    var configuration = Stripes.configuration(epochs: epochs)
    configuration.learningRate = rate
    return (
      try LearningCurveExperiment(configuration, data: data, sizeCount: 4, draws: draws), data
    )
  }

  @Test func `networks of more images are better, and the same for any number of threads`() throws {
    let (experiment, data) = try experiment(640, epochs: 6)
    #expect(experiment.sizes == [56, 112, 224, 448])
    let curve = try experiment.run(workers: Workers(count: 2))
    #expect(curve.heldOutCount == data.validation.count + data.test.count)
    #expect(curve.errors[3] <= curve.errors[0])
    #expect(curve.errors[3] < 0.2, "\(curve.errors)")
    #expect(try experiment.run(workers: Workers(count: 1)) == curve)
  }

  @Test func `the passes fit the number of images, and progress ends with all the work`() throws {
    let (experiment, _) = try experiment(640)
    // All together see 448 images twice; fewer are seen as often as that takes.
    #expect(experiment.sizes.map(experiment.epochs) == [16, 8, 4, 2])
    var done: [Int] = []
    var measured: [Int] = []
    _ = try experiment.run(workers: Workers(count: 2)) {
      done.append($0)
    } measured: {
      measured.append($0.imageCount)
    }
    #expect(done == done.sorted() && done.last == experiment.work)
    #expect(measured == experiment.sizes)
  }

  @Test func `as many passes are chosen as fit, and few images take their share`() {
    func epochs(_ work: Double, _ count: Int) -> Int {
      LearningCurveExperiment.epochs(
        forWork: work, trainingCount: count, sizeCount: 4, draws: 1)
    }
    // 80,000 images four times: with the fewest, those are seen 20,000 times as well.
    #expect(epochs(1.875 * 80_000 * 10, 80_000) == 10)
    #expect(epochs(80_000, 1000) == 20)
    #expect(epochs(1, 1000) == 1)
  }

  @Test func `draws of a size are other images and other weights`() throws {
    // Hardly trained, they are wrong about different images.
    let (experiment, _) = try experiment(320, epochs: 1, draws: 2, rate: 1e-4)
    let curve = try experiment.run(workers: Workers(count: 2))
    #expect(curve.points.map(\.draw) == [1, 2, 1, 2, 1, 2, 1, 2])
    #expect(curve.points[0].isWrong != curve.points[1].isWrong)
  }

  @Test func `too few images are an error that says how many there are`() {
    #expect(throws: TrainingError.self) { try experiment(100) }
    do {
      _ = try experiment(100)
    } catch {
      #expect("\(error)".contains("the smallest is"), "\(error)")
    }
  }
}
