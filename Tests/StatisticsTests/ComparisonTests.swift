import Foundation
import Statistics
import TestSupport
import Testing

/// Against statsmodels, SciPy and NumPy: see Tools/reference/comparisons.py.
@Suite struct ComparisonTests {
  private struct Reference: Decodable {
    struct Test: Decodable {
      var onlyFirst: Int, onlySecond: Int, exact: Double, mid: Double
      var needed: Int?, neededOfFifteen: Int?
    }
    struct Correction: Decodable {
      var values: [Double], adjusted: [Double]
    }
    struct Bootstrap: Decodable {
      var difference: Double, low: Double, high: Double
    }
    var images: Int, tests: [Test], holm: [Correction], bootstrap: Bootstrap
  }

  private func reference() throws -> Reference {
    try fixture(Reference.self, "comparisons.json", in: .module)
  }

  private func areClose(_ own: Double, _ other: Double) -> Bool {
    abs(own - other) <= 1e-9 * max(abs(own), abs(other))
  }

  @Test func `McNemar's p-values and numbers of images are those of the references`() throws {
    let reference = try reference()
    #expect(reference.tests.count == 9)
    for expected in reference.tests {
      let test = McNemarTest(onlyFirst: expected.onlyFirst, onlySecond: expected.onlySecond)
      #expect(areClose(test.exactP, expected.exact), "\(test) \(test.exactP)")
      #expect(areClose(test.midP, expected.mid), "\(test) \(test.midP)")
      #expect(test.imagesNeeded(of: reference.images) == expected.needed, "\(test)")
      #expect(
        test.imagesNeeded(of: reference.images, level: 0.05 / 15) == expected.neededOfFifteen)
    }
  }

  @Test func `Holm's correction is that of the reference, in any order`() throws {
    for expected in try reference().holm {
      let adjusted = HolmCorrection.adjusted(expected.values)
      #expect(zip(adjusted, expected.adjusted).allSatisfy(areClose), "\(expected) \(adjusted)")
      let reversed = HolmCorrection.adjusted(expected.values.reversed())
      #expect(reversed.reversed() == adjusted)
    }
    #expect(HolmCorrection.adjusted([]).isEmpty)
  }

  /// The hits of the reference.
  private let hits = [
    [(0..<300).map { $0 * 7 % 10 < 9 }], [(0..<300).map { $0 * 13 % 20 < 17 }],
  ]

  @Test func `a paired bootstrap has the interval of the reference, the same for one seed`() throws
  {
    let expected = try reference().bootstrap
    let comparison = PairedComparison(hits)
    let pair = try #require(comparison.pairs.first)
    #expect(areClose(pair.difference, expected.difference))
    // Steps of one image are 1/300.
    #expect(abs(pair.interval.lowerBound - expected.low) < 0.0051, "\(pair.interval)")
    #expect(abs(pair.interval.upperBound - expected.high) < 0.0051, "\(pair.interval)")
    #expect(PairedComparison(hits).pairs == comparison.pairs)
    #expect(PairedComparison(hits, seed: 2).pairs.first?.test == pair.test)
  }

  @Test func `a pairing of images makes a sure difference narrower than two intervals`() {
    // The second is wrong wherever the first is, and on five images more.
    let first = (0..<400).map { $0 >= 100 }
    let second = (0..<400).map { $0 >= 110 }
    let comparison = PairedComparison([[second], [first]])
    #expect(comparison.ranking == [1, 0])
    let pair = comparison.pairs[0]
    #expect(pair.first == 1 && pair.test == McNemarTest(onlyFirst: 10, onlySecond: 0))
    #expect(pair.isDistinguishable && pair.interval.lowerBound > 0.005)
    // Apart, the intervals of the two overlap.
    #expect(comparison.methods[0].interval.overlaps(comparison.methods[1].interval))
  }

  @Test func `networks of equal skill are not distinguishable, and equal ones never would be`() {
    let one = (0..<100).map { $0 % 10 != 0 }
    let other = (0..<100).map { $0 % 10 != 1 }
    let pair = PairedComparison([[one], [other]]).pairs[0]
    #expect(!pair.isDistinguishable && pair.difference == 0 && pair.imagesNeeded == nil)
    #expect(pair.test.exactP == 1 && pair.adjustedP > 0.999)
    // Ranked in the order given.
    #expect(pair.first == 0)
  }

  @Test func `of several networks an image speaks for the method of which more are right`() {
    // Of the first, both networks are right of images from 20 on, one of them of all.
    let first = [(0..<60).map { _ in true }, (0..<60).map { $0 >= 20 }]
    let second = [(0..<60).map { $0 >= 30 }, (0..<60).map { $0 >= 30 }]
    let comparison = PairedComparison([second, first])
    #expect(comparison.methods[1].accuracies == [1, 40.0 / 60])
    #expect(comparison.pairs[0].test == McNemarTest(onlyFirst: 30, onlySecond: 0))
    // One network against two: halves are counted as halves.
    let mixed = PairedComparison([[first[1]], first])
    #expect(mixed.pairs[0].test == McNemarTest(onlyFirst: 20, onlySecond: 0))
    #expect(comparison.pairs[0].isDistinguishable)
    // Sure of the images, but two other networks might be like the second one.
    #expect(mixed.pairs[0].adjustedP < 1e-5 && mixed.pairs[0].needsNetworks)
    #expect(!mixed.pairs[0].isDistinguishable)
    // The spread of seeds widens the interval beyond that of the images.
    #expect(comparison.methods[1].interval.lowerBound < 0.7)
  }

  @Test func `every pair is corrected for all pairs`() {
    // Five of three hundred images: not enough beside two other pairs.
    let best = (0..<300).map { _ in true }
    let good = (0..<300).map { $0 >= 6 }
    let alone = PairedComparison([[best], [good]]).pairs[0]
    let others = PairedComparison([[best], [good], [good], [best]])
    #expect(others.pairs.count == 6 && others.ranking == [0, 3, 1, 2])
    let pair = others.pairs.first { $0.first == 0 && $0.second == 1 }
    #expect(alone.isDistinguishable && pair?.isDistinguishable == false)
    #expect((pair?.imagesNeeded ?? 0) > (alone.imagesNeeded ?? 0))
  }
}
