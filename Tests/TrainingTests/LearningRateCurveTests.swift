import Foundation
import Tensors
import Testing
import Training

/// What is read from curves whose right answer is known.
@Suite struct LearningRateCurveTests {
  /// 100 steps over six decades: 16.5 steps in each.
  static let test = LearningRateRangeTest(lowest: 1e-5, highest: 10, steps: 100)

  /// The curve of a loss that is a function of the logarithm of the rate.
  private func curve(
    over test: LearningRateRangeTest = test, noise: Double = 0, seed: UInt64 = 1,
    growing growth: (Double) -> Double = { _ in 1 }, _ loss: (Double) -> Double
  ) -> LearningRateCurve {
    var generator = SeededGenerator(seed: seed, stream: 1)
    return LearningRateCurve(
      test,
      losses: (0..<test.steps).map { step in
        let place = log10(Double(test.rate(ofStep: step)))
        return loss(place) + noise * growth(place)
          * (0..<12).reduce(-6) { sum, _ in
            sum + Double.random(in: 0..<1, using: &generator)
          }
      })
  }

  private func reason(_ curve: LearningRateCurve) -> NoLearningRate.Reason? {
    do {
      _ = try curve.suggestion()
      return nil
    } catch {
      return error.reason
    }
  }

  /// Level to 10⁻³, down in a straight line to 10⁻¹, then up.
  private static func valley(_ place: Double) -> Double {
    place < -3 ? 0.7 : place < -1 ? 0.7 - 0.3 * (place + 3) / 2 : 0.4 + 0.4 * (place + 1)
  }

  /// Level, then falling like a logistic function around 10⁻², then up.
  private static func slope(_ place: Double) -> Double {
    0.7 - 0.4 / (1 + exp(-6 * (place + 2))) + max(0, place) * 2
  }

  @Test func `rates ascend by one factor from the lowest to the highest`() {
    let rates = (0..<100).map { Double(Self.test.rate(ofStep: $0)) }
    #expect(rates.first == Double(Float(1e-5)) && rates.last == 10)
    let factor = pow(1e6, 1 / 99.0)
    for (rate, next) in zip(rates, rates.dropFirst()) {
      #expect(abs(next / rate / factor - 1) < 1e-6)
    }
  }

  @Test func `the valley is two thirds of the way down the fall`() throws {
    let found = try curve(Self.valley).suggestion()
    // 10^(−3 + 4/3) = 0.0215; smoothing rounds the corners by a few steps of 0.06 decades.
    #expect(abs(log10(found.valleyRate / 0.0215)) < 0.3, "\(found)")
    #expect((33..<66).contains(found.steepest))
    #expect(found.method == .valley && found.rate == found.valleyRate)
  }

  @Test(arguments: [0, 0.01]) func `the steepest fall is found where it is`(noise: Double) throws {
    let found = try curve(noise: noise, Self.slope).suggestion()
    #expect(abs(log10(found.steepestRate / 0.01)) < 0.15, "\(found)")
  }

  @Test func `smoothing moves no place`() {
    let test = LearningRateRangeTest(lowest: 1e-5, highest: 10, steps: 101)
    let smoothed = curve(over: test) { 1 + abs($0 + 2) }.smoothed
    #expect(smoothed.indices.min { smoothed[$0] < smoothed[$1] } == 50)
    for step in 0..<50 { #expect(abs(smoothed[50 - step] - smoothed[50 + step]) < 1e-6) }
    #expect(curve { _ in 0.7 }.smoothed.allSatisfy { abs($0 - 0.7) < 1e-12 })
  }

  @Test func `a flat curve suggests nothing`() {
    for height in [{ _ in 0.7 }, { 0.7 + 0.1 * max(0, $0) }, { -0.7 - 1e-4 * $0 }]
      as [(Double) -> Double]
    {
      guard case .flat(let fall, let needed)? = reason(curve(height)) else {
        Issue.record("a rate on a flat curve")
        return
      }
      #expect(fall < needed && needed > 0.006)
    }
  }

  /// The growth of noise from 10⁻⁵ to 10: none, all the time, and within two decades.
  private static let growths: [@Sendable (Double) -> Double] = [
    { _ in 1 }, { pow(10, ($0 - 1) / 3) }, { pow(10, min(max(($0 + 3) / 2, 0), 1) * 2.5 - 2.5) },
  ]

  @Test(arguments: [20, 100, 200], growths.indices)
  func `noise suggests nothing, also if it grows with the rate`(steps: Int, growth: Int) {
    let test = LearningRateRangeTest(lowest: 1e-5, highest: 10, steps: steps)
    let found = (1...300).filter { seed in
      let noise = curve(
        over: test, noise: 0.2, seed: UInt64(seed), growing: Self.growths[growth]
      ) { _ in 0.7 }
      return reason(noise) == nil
    }
    #expect(found.count <= 6, "\(found.count) of 300 curves without a shape")
  }

  @Test func `spikes after the fall do not hide it`() {
    // As networks learn: batches differ more the more was learned, and explode soon after.
    let found = (1...100).filter { seed in
      let learned = curve(
        noise: 0.05, seed: UInt64(seed), growing: { $0 < -3 ? 0.1 : $0 < -1.3 ? 1 : 5 }
      ) { 0.7 - 0.2 * min(max(($0 + 3) / 1.5, 0), 1) + 2 * max(0, $0 + 1.3) }
      return reason(learned) == nil
    }
    #expect(found.count >= 90, "\(found.count) of 100 curves with a fall")
  }

  @Test func `a fall within the noise suggests nothing, the same without noise does`() throws {
    func shallow(_ place: Double) -> Double { 0.7 + (Self.slope(place) - 0.7) / 8 }
    guard case .flat(let fall, let needed)? = reason(curve(noise: 0.1, shallow)) else {
      Issue.record("a rate within the noise")
      return
    }
    #expect(fall < needed)
    _ = try curve(shallow).suggestion()
  }

  @Test func `two falls far apart suggest nothing`() {
    // At once, then long and gentle.
    let twice = curve { place in
      (place < -4 ? 2.4 : 2) - 0.8 * min(max(place + 3, 0), 3.5) / 3.5 + max(0, place - 0.5)
    }
    guard case .unclear(let valley, let steepest)? = reason(twice) else {
      Issue.record("\(String(describing: reason(twice)))")
      return
    }
    #expect(steepest * LearningRateCurve.widestDisagreement < valley)
  }

  @Test func `a curve that ends at once suggests nothing`() {
    let diverged = curve { $0 < -4.8 ? 0.7 : 1e9 }
    #expect(diverged.end == .rose && diverged.losses.count < 10)
    #expect(reason(diverged) == .tooShort(losses: diverged.losses.count))
    let lost = curve { $0 < -4.8 ? 0.7 : .nan }
    #expect(lost.end == .notFinite && lost.losses.last?.isNaN == true)
    #expect(reason(lost) == .tooShort(losses: lost.losses.count))
    #expect(reason(curve { _ in .nan }) == .tooShort(losses: 1))
  }

  @Test(arguments: [Double.nan, .infinity, 1e30])
  func `how a curve ends changes no suggestion`(last: Double) throws {
    let whole = try curve(Self.slope).suggestion()
    let cut = curve { $0 < 0.2 ? Self.slope($0) : last }
    #expect(cut.end == (last.isFinite ? .rose : .notFinite))
    let found = try cut.suggestion()
    #expect(abs(found.steepest - whole.steepest) <= 1 && abs(found.valley - whole.valley) <= 2)
  }

  @Test func `a range on one side of the fall is said to be that`() {
    #expect(reason(curve { 0.7 - 0.1 * ($0 + 5) + 3 * max(0, $0 + 1) }) == .fallsAtStart)
    #expect(reason(curve { 0.7 - 0.1 * max(0, $0 + 1) }) == .fallsAtEnd)
  }

  @Test func `a fall that begins slowly does not begin at the start`() throws {
    // As networks fall: a little at every rate, then fast.
    let gentle = curve { 0.6935 - 0.2 / (1 + exp(-3 * ($0 + 2.7))) + max(0, $0 + 1) / 4 }
    #expect(abs(log10(try gentle.suggestion().rate / 0.003)) < 0.4)
    for shift in 0..<20 {
      _ = try curve { place in
        0.6935 - 0.2 / (1 + exp(-3 * (place + 2.7 - Double(shift) / 60))) + max(0, place + 1) / 4
      }.suggestion()
    }
  }

  @Test func `a loss that falls to almost nothing ends no test before it rises again`() throws {
    let learned = curve { 0.7 / (1 + exp(8 * ($0 + 2))) + 1e-6 + max(0, $0) }
    #expect(learned.end == .rose && learned.losses.count > 85)
    #expect(abs(log10(try learned.suggestion().steepestRate / 0.01)) < 0.15)
  }

  @Test func `a loss below 0 ends no test`() throws {
    let below = curve { Self.slope($0) - 5 }
    #expect(below.end == .complete)
    #expect(try below.suggestion().steepest == curve(Self.slope).suggestion().steepest)
  }

  @Test func `the usual range lies around the usual rate`() {
    #expect(LearningRateRangeTest.usualRange(for: .adam) == 1e-5...10)
    #expect(LearningRateRangeTest.usualRange(for: .sgd) == 1e-4...100)
  }
}
