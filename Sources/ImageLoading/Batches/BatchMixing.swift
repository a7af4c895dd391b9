public import Tensors

/// Mixes the images of a batch in pairs; their targets are mixed in the same proportion.
///
/// Mixup blends two images with weight λ; cutmix swaps a rectangle of 1 − λ of the area; λ is drawn
/// from Beta(α, α). With both on, each step picks one of them with probability ½.
///
/// - Source: Zhang et al., "mixup: Beyond Empirical Risk Minimization", 2018; Yun et al., "CutMix",
///   2019.
public struct BatchMixing: Codable, Hashable, Sendable {
  /// α of each; 0 turns it off, 1 draws λ uniformly, small values mostly leave images unmixed.
  public var mixup: Double, cutmix: Double

  /// The largest α, beyond which every λ is close to one half.
  public static let largestAlpha = 4.0

  /// Creates a mixing.
  ///
  /// - Precondition: Both are in 0…`largestAlpha`.
  public init(mixup: Double = 0, cutmix: Double = 0) {
    precondition(
      [mixup, cutmix].allSatisfy { (0...Self.largestAlpha).contains($0) },
      "mixing by \(mixup) and \(cutmix)")
    self.mixup = mixup
    self.cutmix = cutmix
  }

  /// Reads a mixing.
  ///
  /// - Throws: `DecodingError` for an α outside its range.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    mixup = try values.decode(Double.self, forKey: .mixup)
    cutmix = try values.decode(Double.self, forKey: .cutmix)
    guard [mixup, cutmix].allSatisfy({ (0...Self.largestAlpha).contains($0) }) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "expected α from 0 to \(Self.largestAlpha), found mixup \(mixup) and "
            + "cutmix \(cutmix)"))
    }
  }

  /// The pairs of one step and how they are mixed.
  public struct Plan: Equatable, Sendable {
    /// Positions in the batch; each occurs at most once, and both of a pair change.
    public var pairs: [(Int, Int)]
    /// Weight of an image in its own mixture, 0…1.
    public var kept: Float
    /// The rectangle that is swapped; nil when whole images are blended.
    var rectangle: (rows: Range<Int>, columns: Range<Int>)?

    public static func == (a: Plan, b: Plan) -> Bool {
      a.pairs.map(\.0) == b.pairs.map(\.0) && a.pairs.map(\.1) == b.pairs.map(\.1)
        && a.kept == b.kept && a.rectangle?.rows == b.rectangle?.rows
        && a.rectangle?.columns == b.rectangle?.columns
    }
  }

  /// Draws the pairs and λ of a step; a function of its arguments alone.
  ///
  /// - Parameters:
  ///   - seed: Identifies the step.
  ///   - count: Images in the batch; when odd, one stays unmixed.
  ///   - imageSize: Pixels.
  public func plan(seed: UInt64, count: Int, imageSize: Int) -> Plan {
    var generator = SeededGenerator(seed: seed, stream: 0)
    let places = Array(0..<count).shuffled(using: &generator)
    let pairs = stride(from: 0, to: count - 1, by: 2).map { (places[$0], places[$0 + 1]) }
    let cuts = cutmix > 0 && (mixup == 0 || generator.nextUniform() < 0.5)
    let share = generator.nextBeta(cuts ? cutmix : mixup)
    guard cuts else { return Plan(pairs: pairs, kept: Float(share), rectangle: nil) }
    let side = Int(((1 - share).squareRoot() * Double(imageSize)).rounded())
    let top = Int.random(in: 0...imageSize - side, using: &generator)
    let left = Int.random(in: 0...imageSize - side, using: &generator)
    // The fraction that is really swapped, in whole pixels.
    let swapped = Float(side * side) / Float(imageSize * imageSize)
    return Plan(
      pairs: pairs, kept: 1 - swapped, rectangle: (top..<top + side, left..<left + side))
  }
}

extension BatchMixing.Plan {
  /// The same for some images of the batch: the pairs that have one of them.
  public func of(_ images: Range<Int>) -> BatchMixing.Plan {
    var some = self
    some.pairs = pairs.filter { images.contains($0.0) || images.contains($0.1) }
    return some
  }

  /// Mixes a batch in place.
  ///
  /// - Parameter batch: Images of size × size × 3 elements, one after another.
  public func apply(to batch: FloatRegion, imageSize: Int, workers: Workers) {
    let size = imageSize * imageSize * 3
    workers.run(pairs.count) { index in
      let pair = pairs[index]
      let a = batch[pair.0 * size..<(pair.0 + 1) * size]
      let b = batch[pair.1 * size..<(pair.1 + 1) * size]
      guard let rectangle else {
        Kernels.mix(a, b, keeping: kept)
        return
      }
      for row in rectangle.rows {
        let start = (row * imageSize + rectangle.columns.lowerBound) * 3
        let part = start..<start + rectangle.columns.count * 3
        // Keeping nothing is swapping.
        Kernels.mix(a[part], b[part], keeping: 0)
      }
    }
  }
}
