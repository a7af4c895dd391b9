internal import Foundation
internal import Tensors

/// The errors of networks over the number of images that they were trained on.
public struct LearningCurve: Equatable, Sendable {
  /// One network.
  public struct Point: Codable, Equatable, Sendable {
    /// Images that it was trained on.
    public let imageCount: Int
    /// Which draw of so many images they are, from 1.
    public let draw: Int
    /// For every held-out image, whether it was given another class than its own.
    public let isWrong: [Bool]

    /// Creates a point.
    public init(imageCount: Int, draw: Int, isWrong: [Bool]) {
      self.imageCount = imageCount
      self.draw = draw
      self.isWrong = isWrong
    }

    /// Held-out images that were given their own class.
    public var hits: Int { isWrong.count { !$0 } }
    /// The fraction of the held-out images that were given another class, 0…1.
    public var error: Double { Double(isWrong.count - hits) / Double(isWrong.count) }
  }

  /// The fewest numbers of images that make a curve: a power law has three parameters.
  public static let fewestSizes = 4

  /// The networks, all judged on the same images.
  public let points: [Point]

  /// Creates a curve.
  ///
  /// - Precondition: There are at least `fewestSizes` numbers of images, and all points have the
  ///   same held-out images, at least one.
  public init(points: [Point]) {
    let counts = Set(points.map(\.isWrong.count))
    precondition(
      Set(points.map(\.imageCount)).count >= Self.fewestSizes && counts.count == 1
        && counts.first != 0,
      "a curve of \(points.count) points over \(counts) held-out images")
    self.points = points
  }

  /// The numbers of images, ascending.
  public var sizes: [Int] { Set(points.map(\.imageCount)).sorted() }
  /// Held-out images that every network was judged on.
  public var heldOutCount: Int { points[0].isWrong.count }

  /// The mean error of the networks of each of `sizes`.
  public var errors: [Double] {
    sizes.map { size in
      let errors = points.filter { $0.imageCount == size }.map(\.error)
      return errors.reduce(0, +) / Double(errors.count)
    }
  }

  /// The power law through the mean errors.
  public var law: PowerLaw { law(through: errors) }

  private func law(through errors: [Double]) -> PowerLaw {
    PowerLaw(
      fitting: zip(sizes, errors).map { size, error in
        let draws = points.count { $0.imageCount == size }
        return (Double(size), error, Double(draws) / variance(of: error))
      })
  }

  /// The variance of a proportion in one image; never quite zero.
  private func variance(of error: Double) -> Double {
    let likely = min(max(error, 1 / Double(heldOutCount)), 1 - 1 / Double(heldOutCount))
    return likely * (1 - likely)
  }

  /// The variance of a mean error as a multiple of `variance(of:)`: that of its draws, or that
  /// around the law, whichever is larger.
  private var dispersion: Double {
    let law = law
    var (between, around, count) = (0.0, 0.0, 0)
    for (size, error) in zip(sizes, errors) {
      let draws = points.filter { $0.imageCount == size }.map(\.error)
      around += pow(error - law.error(at: Double(size)), 2) / variance(of: error)
      guard draws.count > 1 else { continue }
      let squares = draws.reduce(0) { $0 + pow($1 - error, 2) }
      between += squares / Double((draws.count - 1) * draws.count) / variance(of: error)
      count += 1
    }
    // The law has taken three degrees of freedom.
    return max(between / Double(max(1, count)), around / Double(sizes.count - 3))
  }
}

// MARK: - Forecasts

extension LearningCurve {
  /// What a curve says about some number of images, measured or not.
  public struct Forecast: Codable, Equatable, Sendable {
    /// Images to train on.
    public let imageCount: Double
    /// The accuracy by the power law, 0…1, and its 95% interval.
    public let accuracy: Double, lower: Double, upper: Double
    /// How much higher it is than with all the images that there are, and its 95% interval.
    public let gain: Double, lowestGain: Double, highestGain: Double
  }

  /// Samples of a bootstrap.
  private static let sampleCount = 1000

  /// The accuracies of some numbers of images.
  ///
  /// Intervals are percentiles of a bootstrap: a thousand times the held-out images are drawn
  /// again, with replacement, the mean errors are moved as far as draws of one size differ or as
  /// they lie from the law, and a law is fitted. They do not cover that another law may hold beyond
  /// the images that there are.
  ///
  /// - Source: Efron & Tibshirani, 1993, "An Introduction to the Bootstrap", chapters 6 and 13.
  public func forecasts(for counts: [Double], seed: UInt64 = 1) -> [Forecast] {
    var generator = SeededGenerator(seed: seed, stream: RandomStream.bootstrap.rawValue)
    let dispersion = dispersion
    let laws = (0..<Self.sampleCount).map { _ in sampledLaw(dispersion, &generator) }
    let (law, all) = (law, Double(sizes[sizes.count - 1]))
    return counts.map { count in
      let accuracies = laws.map { 1 - $0.error(at: count) }.sorted()
      let gains = laws.map { $0.error(at: all) - $0.error(at: count) }.sorted()
      return Forecast(
        imageCount: count, accuracy: 1 - law.error(at: count), lower: accuracies.low,
        upper: accuracies.high, gain: law.error(at: all) - law.error(at: count),
        lowestGain: gains.low, highestGain: gains.high)
    }
  }

  /// The law of a sample.
  private func sampledLaw(
    _ dispersion: Double, _ generator: inout SeededGenerator
  ) -> PowerLaw {
    var repeats = [Int](repeating: 0, count: heldOutCount)
    for _ in repeats { repeats[Int.random(in: repeats.indices, using: &generator)] += 1 }
    return law(
      through: sizes.map { size in
        let draws = points.filter { $0.imageCount == size }
        let wrong = draws.reduce(0) { sum, draw in
          sum + zip(draw.isWrong, repeats).reduce(0) { $0 + ($1.0 ? $1.1 : 0) }
        }
        let error = Double(wrong) / Double(draws.count * heldOutCount)
        let deviation = (dispersion * variance(of: error)).squareRoot()
        return min(max(0, error + deviation * Double(generator.nextNormal())), 1)
      })
  }
}

extension [Double] {
  /// The ends of the middle 95% of ascending numbers.
  fileprivate var low: Double { self[Int(0.025 * Double(count))] }
  fileprivate var high: Double { self[Int(0.975 * Double(count))] }
}
