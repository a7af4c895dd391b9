/// Which of several methods are better than others, judged on the same images.
///
/// A method is one network, or several that were trained alike. Of two methods, an image speaks for
/// the one of which a larger fraction of the networks is right: with one network each, this is
/// McNemar's test. Verdicts are corrected for the number of pairs.
public struct PairedComparison: Sendable {
  /// One method.
  public struct Method: Equatable, Sendable {
    /// The accuracy of each of its networks, 0…1.
    public let accuracies: [Double]
    /// The 95% interval of their mean: Wilson's of one network, by the bootstrap of several.
    public let interval: ClosedRange<Double>

    /// The mean accuracy, 0…1.
    public var accuracy: Double { accuracies.reduce(0, +) / Double(accuracies.count) }
  }

  /// Two methods, by their places in `methods`; the first one's rank is better.
  public struct Pair: Equatable, Sendable {
    public let first: Int, second: Int
    /// The images that speak for the first, and for the second.
    public let test: McNemarTest
    /// How much higher the first one's accuracy is, -1…1, and the 95% interval by the bootstrap.
    public let difference: Double, interval: ClosedRange<Double>
    /// The mid-p-value, corrected for the number of pairs by Holm.
    public let adjustedP: Double
    /// About how many images would tell them apart with a power of 80%; nil if they are equal.
    public let imagesNeeded: Int?

    /// Whether the methods are more than one network each, which differ by their seeds.
    let haveSeeds: Bool

    /// Whether one is better beyond chance: by the images, and where methods are several networks
    /// also by their spread, so that the interval does not contain 0.
    public var isDistinguishable: Bool {
      adjustedP < PairedComparison.level && !needsNetworks
    }

    /// Whether the images tell these networks apart, but other networks of the same methods might
    /// turn out the other way round.
    public var needsNetworks: Bool {
      adjustedP < PairedComparison.level && haveSeeds && interval.contains(0)
    }
  }

  /// The corrected p-value below which two methods are told apart.
  public static let level = 0.05

  /// Images that all were judged on.
  public let imageCount: Int
  /// In the order given.
  public let methods: [Method]
  /// Places in `methods`, the best first; of equal ones in the order given.
  public let ranking: [Int]
  /// Every two methods, in the order of their ranks.
  public let pairs: [Pair]

  /// Compares methods.
  ///
  /// - Parameters:
  ///   - hits: For each method, for each of its networks, whether each image is right.
  ///   - seed: Of the bootstrap.
  /// - Precondition: As `PairedBootstrap` has it.
  public init(_ hits: [[[Bool]]], seed: UInt64 = 1) {
    let bootstrap = PairedBootstrap(hits, seed: seed)
    let count = hits[0][0].count
    let methods = hits.enumerated().map { place, networks in
      let right = networks.map { $0.count(where: \.self) }
      return Method(
        accuracies: right.map { Double($0) / Double(count) },
        interval: right.count == 1
          ? Proportion(hits: right[0], of: count).interval : bootstrap.interval(of: place))
    }
    let ranking = methods.indices.sorted {
      (methods[$1].accuracy, $0) < (methods[$0].accuracy, $1)
    }
    // Per image, how many of the networks are right.
    let sums = hits.map { networks in
      (0..<count).map { image in networks.count { $0[image] } }
    }
    var tested: [(first: Int, second: Int, test: McNemarTest)] = []
    for (rank, first) in ranking.enumerated() {
      for second in ranking[(rank + 1)...] {
        let (own, others) = (hits[first].count, hits[second].count)
        let votes = zip(sums[first], sums[second]).map { $0 * others - $1 * own }
        tested.append(
          (
            first, second,
            McNemarTest(onlyFirst: votes.count { $0 > 0 }, onlySecond: votes.count { $0 < 0 })
          ))
      }
    }
    let adjusted = HolmCorrection.adjusted(tested.map(\.test.midP))
    imageCount = count
    self.methods = methods
    self.ranking = ranking
    pairs = zip(tested, adjusted).map { pair, adjustedP in
      Pair(
        first: pair.first, second: pair.second, test: pair.test,
        difference: methods[pair.first].accuracy - methods[pair.second].accuracy,
        interval: bootstrap.interval(of: pair.first, minus: pair.second), adjustedP: adjustedP,
        // The level of the smallest p-value; it holds whatever the others are.
        imagesNeeded: pair.test.imagesNeeded(
          of: count, level: Self.level / Double(tested.count)),
        haveSeeds: hits[pair.first].count > 1 || hits[pair.second].count > 1)
    }
  }
}
