import Foundation
import Optimization
import Testing

// Never negative, zero only at equality, symmetric, triangle, convex, bounded slope: known from
// theory. Convexity and slope are those in a number, in logits or in scores.
private let theory: [(String, String)] = [
  ("cross-entropy", "+---++"),  // CE(p, p) is the entropy of p
  ("binary-cross-entropy", "+---++"),
  ("focal", "+----+"), ("poly-1", "+----+"), ("gce", "+----+"),
  ("kl", "++--++"),
  ("jensen-shannon", "+++--+"), ("brier", "+++--+"),
  ("hinge", "+---++"), ("squared-hinge", "+---+-"),
  ("cosine", "+-+---"),
  ("mse", "+++-+-"), ("mae", "++++++"),
  ("huber", "+++-++"), ("huber:delta=0.1", "+++-++"), ("huber:delta=1000", "+++-++"),
  ("smooth-l1", "+++-++"), ("log-cosh", "+++-++"),
  ("quantile", "++++++"),  // half the absolute error
  ("quantile:tau=0.8", "++-+++"),
  ("mse:probabilities=true", "+++--+"),
  ("root-mse", "++++++"), ("root-jensen-shannon", "++++-+"), ("zero-one", "++++-+"),
  ("expr:-y*logp", "+---++"), ("expr:(y-p)^2", "+++-+-"), ("expr:y-p", "-+-+++"),
  ("expr:sqrt(abs(y-p))", "++++--"), ("expr:abs(y-p)^3", "+++-+-"),
]

private func check(_ name: String) throws -> DistanceCheck {
  try DistanceCheck(other: name) ?? DistanceCheck(ObjectiveChoice(name))
}

@Suite struct DistanceCheckTests {
  @Test(arguments: theory)
  func `verdicts are those of theory`(name: String, expected: String) throws {
    let check = try check(name)
    #expect(check.verdicts.map(\.property) == DistanceCheck.Property.allCases)
    #expect(check.verdicts.map { $0.holds ? "+" : "-" }.joined() == expected)
    for verdict in check.verdicts { #expect((verdict.counterExample == nil) == verdict.holds) }
  }

  @Test func `theory is asked about every objective`() {
    let known = theory.map(\.0) + DistanceCheck.others
    for name in ObjectiveCatalogue.standard.allNames { #expect(known.contains(name)) }
  }

  @Test func `a counterexample can be worked out by hand`() throws {
    let verdicts = try check("mse").verdicts
    #expect(verdicts[3].counterExample == "d(0, 2) = 4 > d(0, 1) + d(1, 2) = 1 + 1")
    #expect(
      try check("quantile:tau=0.8").verdicts[2].counterExample == "d(0, 1) = 0.2 but d(1, 0) = 0.8")
    #expect(
      try check("cosine").verdicts[1].counterExample == "d((1, 0), (2, 0)) = 0, though they differ")
  }

  @Test(arguments: theory.map(\.0))
  func `slopes agree with finite differences`(name: String) throws {
    #expect(try check(name).slopeError < 1e-6)
  }

  @Test func `a metric is what has the first four properties`() throws {
    #expect(try check("mae").isMetric && check("root-mse").isMetric)
    #expect(try !check("mse").isMetric && !check("kl").isMetric)
  }
}

@Suite struct LineFitTests {
  /// Sums over the readings of time, value, their products and squares.
  private func leastSquares(_ data: SensorReadings) -> (slope: Double, intercept: Double) {
    let n = Double(data.readings.count)
    let x = data.readings.map(\.time).reduce(0, +) / n
    let y = data.readings.map(\.value).reduce(0, +) / n
    let xy = data.readings.map { ($0.time - x) * ($0.value - y) }.reduce(0, +)
    let xx = data.readings.map { ($0.time - x) * ($0.time - x) }.reduce(0, +)
    return (xy / xx, y - xy / xx * x)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `the line of mse is the line of least squares`(seed: UInt64) throws {
    let data = SensorReadings(seed: seed)
    let fit = try LineFit(ObjectiveChoice("mse"), to: data)
    let (slope, intercept) = leastSquares(data)
    #expect(abs(fit.slope - slope) < 1e-4)
    #expect(abs(fit.intercept - intercept) < 1e-4)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `the line of mae is as good as the best through two readings`(seed: UInt64) throws {
    let data = SensorReadings(seed: seed, count: 30)
    let fit = try LineFit(ObjectiveChoice("mae"), to: data)
    var best = Double.infinity
    for (index, a) in data.readings.enumerated() {
      for b in data.readings[(index + 1)...] {
        let slope = (b.value - a.value) / (b.time - a.time)
        let loss = data.readings.map { abs($0.value - a.value - slope * ($0.time - a.time)) }
        best = min(best, loss.reduce(0, +) / 30)
      }
    }
    #expect(fit.loss < best * 1.001)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5])
  func `knocks tilt the line of mse and hardly that of mae and huber`(seed: UInt64) throws {
    let data = SensorReadings(seed: seed)
    let misses = try ["mse", "huber", "mae"].map {
      abs(try LineFit(ObjectiveChoice($0), to: data).slope - SensorReadings.slope)
    }
    #expect(misses[0] > 2 * misses[1] && misses[0] > 4 * misses[2])
  }

  @Test func `without knocks and noise every objective finds the true line`() throws {
    let data = SensorReadings(seed: 1, noise: 0, outliers: 0)
    for name in ["mse", "mae", "huber", "log-cosh", "smooth-l1", "quantile", "expr:abs(y-p)^1.5"] {
      let fit = try LineFit(ObjectiveChoice(name), to: data)
      #expect(abs(fit.slope - SensorReadings.slope) < 2e-3, "\(name)")
      #expect(abs(fit.intercept - SensorReadings.intercept) < 1e-2, "\(name)")
    }
  }

  @Test(arguments: ["y*p", "-(y-p)^2", "(y-p)^3", "p", "exp(y-p)", "-abs(y-p)"])
  func `a formula that falls without end has no minimum`(formula: String) throws {
    let data = SensorReadings(seed: 1)
    #expect(try !LineFit(ObjectiveChoice("expr:\(formula)"), to: data).hasMinimum)
  }

  @Test(arguments: [
    "mse", "mae", "huber", "log-cosh", "smooth-l1", "quantile", "expr:abs(y-p)^1.5",
    "expr:1-exp(-(y-p)^2)", "expr:log(1+(y-p)^2)", "expr:(y-p)^4", "expr:z^4", "expr:0*p",
  ])
  func `a loss that is bounded below is not said to fall without end`(text: String) throws {
    for readings in [SensorReadings(seed: 1), SensorReadings(seed: 2, count: 16)] {
      #expect(try LineFit(ObjectiveChoice(text), to: readings).hasMinimum)
    }
  }

  @Test func `readings are a function of the seed, and only late ones are spoiled`() {
    let data = SensorReadings(seed: 7)
    #expect(data.readings == SensorReadings(seed: 7).readings)
    #expect(data.readings != SensorReadings(seed: 8).readings)
    #expect(data.readings.count { $0.isOutlier } == 9)
    #expect(data.readings.allSatisfy { !$0.isOutlier || $0.time > 6 })
  }

  @Test(arguments: ["cross-entropy", "hinge", "expr:-y*log(p)", "mse:probabilities=true"])
  func `an objective of classes is refused`(name: String) throws {
    let error = try #require(throws: ChoiceError.self) {
      try LineFit(ObjectiveChoice(name), to: SensorReadings(seed: 1))
    }
    #expect(error.description.contains("one that measures numbers"))
  }
}

@Suite struct ObjectiveCurveTests {
  @Test(arguments: [
    ("mse", true), ("quantile:tau=0.3", true), ("expr:huber(y-p, 0.5)", true),
    ("expr:log(y-p)", true), ("expr:y*p", false), ("expr:(y-p)^2*(1+y^2)", false),
    ("expr:abs(z)", false), ("cross-entropy", false),
  ])
  func `what depends on the error alone is told from what does not`(
    text: String, does: Bool
  ) throws {
    #expect(try ObjectiveChoice(text).dependsOnErrorAlone == does)
  }

  @Test(arguments: [
    "mse", "mae", "huber", "smooth-l1:beta=0.4", "log-cosh", "quantile:tau=0.3",
    "expr:huber(y-p, 0.5) + 0.1*abs(p)", "expr:z^4",
  ])
  func `the slope is that of the value, over errors`(text: String) throws {
    try expectSlopes(of: ObjectiveCurve(ObjectiveChoice(text), over: .error, reach: 3, count: 3001))
  }

  @Test(arguments: ObjectiveCatalogue.standard.allNames + ["expr:-y*logp", "expr:(y-p)^2"])
  func `the slope is that of the value, over margins`(text: String) throws {
    try expectSlopes(
      of: ObjectiveCurve(ObjectiveChoice(text), over: .margin, reach: 5, count: 3001))
  }

  /// Corners and jumps are left out: there the neighbors' slopes differ.
  private func expectSlopes(of curve: ObjectiveCurve) throws {
    let samples = curve.samples
    #expect(samples.count == 3001)
    var compared = 0
    for index in 1..<samples.count - 1 {
      let (a, b, c) = (samples[index - 1], samples[index], samples[index + 1])
      guard abs(a.slope - b.slope) < 0.02 * (1 + abs(b.slope)),
        abs(c.slope - b.slope) < 0.02 * (1 + abs(b.slope))
      else { continue }
      compared += 1
      let numeric = (c.value - a.value) / (c.place - a.place)
      #expect(
        abs(numeric - b.slope) < 0.01 * (1 + abs(b.slope)), "\(curve.objective) at \(b.place)")
    }
    #expect(compared > 2900)
  }

  @Test func `cross-entropy costs ln 2 where two classes are even`() throws {
    let middle = try ObjectiveCurve(ObjectiveChoice("cross-entropy"), over: .margin, reach: 5)
      .samples[240]
    #expect(middle.place == 0)
    #expect(abs(middle.value - log(2)) < 1e-12 && abs(middle.slope - -0.5) < 1e-12)
  }
}
