internal import Tensors

/// The accuracies of several methods, if the images had been others, and the networks too.
///
/// Each resample draws as many images as there are, with replacement and the same for all methods,
/// and of each method as many of its networks. So differences of methods are paired.
///
/// - Source: Efron & Tibshirani, 1993, "An Introduction to the Bootstrap", chapters 8 and 13.
public struct PairedBootstrap: Sendable {
  /// Samples that are usually drawn.
  public static let usualCount = 10_000

  /// Of each method the accuracy in each resample, 0…1.
  private let accuracies: [[Double]]

  /// Draws the resamples.
  ///
  /// - Parameters:
  ///   - hits: For each method, for each of its networks, whether each image is right.
  ///   - count: How many resamples, at least 40.
  /// - Precondition: There is an image, each method has a network, and all have the same images.
  public init(_ hits: [[[Bool]]], count: Int = usualCount, seed: UInt64 = 1) {
    let imageCount = hits.first?.first?.count ?? 0
    precondition(
      imageCount > 0 && count >= 40
        && hits.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.count == imageCount } },
      "\(count) resamples of \(imageCount) images")
    // All bits set where an image is right, to be counted without a branch.
    let masks = hits.map { $0.map { $0.map { $0 ? Int32(-1) : 0 } } }
    var generator = SeededGenerator(seed: seed)
    var accuracies = hits.map { _ in [Double]() }
    for _ in 0..<count {
      let repeats = Self.repeats(imageCount, &generator)
      for (method, networks) in masks.enumerated() {
        let right = networks.map { Self.sum(repeats, $0) }
        // One network is always drawn.
        let drawn =
          right.count == 1
          ? right[0]
          : right.indices.reduce(0) { sum, _ in
            sum + right[Int.random(in: right.indices, using: &generator)]
          }
        accuracies[method].append(Double(drawn) / Double(imageCount * right.count))
      }
    }
    self.accuracies = accuracies
  }

  /// How often each of some images is drawn, when as many are.
  private static func repeats(_ count: Int, _ generator: inout SeededGenerator) -> [Int32] {
    var repeats = [Int32](repeating: 0, count: count)
    for _ in 0..<count {
      repeats[Int(generator.next().multipliedFullWidth(by: UInt64(count)).high)] &+= 1
    }
    return repeats
  }

  private static func sum(_ repeats: [Int32], _ masks: [Int32]) -> Int {
    var sum = Int32(0)
    for (repeats, mask) in zip(repeats, masks) { sum &+= repeats & mask }
    return Int(sum)
  }

  /// The 95% interval of the accuracy of a method.
  public func interval(of method: Int) -> ClosedRange<Double> {
    Self.middle(accuracies[method])
  }

  /// The 95% interval of how much higher the accuracy of one method is than that of another.
  public func interval(of first: Int, minus second: Int) -> ClosedRange<Double> {
    Self.middle(zip(accuracies[first], accuracies[second]).map { $0 - $1 })
  }

  /// The middle 95% of some numbers.
  private static func middle(_ values: [Double]) -> ClosedRange<Double> {
    let sorted = values.sorted()
    let cut = sorted.count / 40
    return sorted[cut]...sorted[sorted.count - 1 - cut]
  }
}
