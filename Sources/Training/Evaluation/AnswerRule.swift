internal import Foundation
internal import Optimization
internal import Support

/// When a classifier gives its label as an answer, and when it says that it does not know.
///
/// What the last layer is given for an image, its features, are compared by their direction with
/// the mean direction of the predicted class: the cosine between both is the similarity. An image
/// that is too little similar is of none of the classes; one that is similar enough, but whose
/// label is not probable enough, is unsure. Both limits are chosen on images that the network was
/// not trained on, so that a stated fraction of them is answered.
///
/// - Source: after Lee et al., 2018, "A simple unified framework for detecting out-of-distribution
///   samples", with cosines instead of Mahalanobis distances, and Chow, 1970, "On optimum
///   recognition error and reject tradeoff".
public struct AnswerRule: Codable, Equatable, Sendable {
  /// What is answered.
  public enum Verdict: String, Codable, Sendable {
    /// The label.
    case answered
    /// One of the classes, but which is not sure.
    case unsure
    /// Probably none of the classes.
    case none
  }

  /// For each class, the direction of its features: of length 1, to four digits.
  public let directions: [[Float]]
  /// Less similar images are of none of the classes; -1...1.
  public let leastSimilarity: Float
  /// Less probable labels are unsure, 0…1.
  public let leastProbability: Float
  /// The fraction of the images it was chosen on that are answered, 0…1.
  public let coverage: Double
  /// The images it was chosen on.
  public let imageCount: Int

  /// The fraction of images that is meant to be answered.
  public static let usualCoverage = 0.95
  /// Of the images that are not answered, those that are of none of the classes.
  private static let shareOfNone = 0.8
  /// On fewer images, a limit that one in twenty does not reach is chance.
  public static let fewestImages = 40
  /// Fewer images of a class do not tell its direction.
  public static let fewestOfClass = 5
  /// Networks without layers before the last one see pixels, whose direction says nothing.
  static let mostFeatures = 4096

  /// Chooses a rule.
  ///
  /// - Parameters:
  ///   - outputs: Of images that the network was not trained on.
  ///   - targets: Their labels.
  ///   - temperature: Logits are divided by it before they become probabilities, > 0.
  ///   - coverage: The fraction of them that is to be answered, 0…1.
  /// - Returns: Nil if there are too few images, or too few of a class, or their features have no
  ///   direction.
  public init?(
    _ outputs: NetworkOutputs, targets: [Int], classCount: Int, temperature: Float = 1,
    coverage: Double = AnswerRule.usualCoverage
  ) {
    let count = targets.count
    guard count >= Self.fewestImages, (1...Self.mostFeatures).contains(outputs.featureCount)
    else { return nil }
    var sums = [[Float]](
      repeating: [Float](repeating: 0, count: outputs.featureCount), count: classCount)
    var counts = [Int](repeating: 0, count: classCount)
    for (index, target) in targets.enumerated() {
      guard let direction = Self.direction(outputs.features(of: index)) else { continue }
      for (place, value) in direction.enumerated() { sums[target][place] += value }
      counts[target] += 1
    }
    let directions = sums.compactMap(Self.direction)
    guard counts.allSatisfy({ $0 >= Self.fewestOfClass }), directions.count == classCount
    else { return nil }
    // Few digits make the file smaller, and change no answer.
    let rounded = directions.map { $0.map { ($0 * 10_000).rounded() / 10_000 } }
    self.directions = rounded
    imageCount = count
    let measured = targets.indices.map { index in
      let logits = outputs.logits(of: index)
      return (
        similarity: Self.cosine(
          outputs.features(of: index), rounded[logits.offsetOfLargest]),
        probability: softmax(logits.map { $0 / temperature }).max() ?? 0
      )
    }
    guard measured.allSatisfy({ $0.similarity.isFinite && $0.probability.isFinite }) else {
      return nil
    }
    let rejected = Int(Double(count + 1) * (1 - coverage))
    let strangers = Int(Double(rejected) * Self.shareOfNone)
    let least = measured.map(\.similarity).sorted()[strangers]
    let similar = measured.filter { $0.similarity >= least }.map(\.probability).sorted()
    let sure = similar[min(max(0, rejected - strangers), similar.count - 1)]
    (leastSimilarity, leastProbability) = (least, sure)
    self.coverage = Double(similar.count { $0 >= sure }) / Double(count)
  }

  /// Answers for an image.
  ///
  /// - Parameters:
  ///   - features: What the last layer was given.
  ///   - probabilities: One for each class.
  public func verdict(features: some Collection<Float>, probabilities: [Float]) -> Verdict {
    let index = probabilities.offsetOfLargest
    // Not smaller: what is no number is of no class.
    guard similarity(features: features, toClass: index) >= leastSimilarity else { return .none }
    return probabilities[index] >= leastProbability ? .answered : .unsure
  }

  /// The cosine between features and the mean direction of a class, -1...1.
  func similarity(features: some Collection<Float>, toClass index: Int) -> Float {
    Self.cosine(features, directions[index])
  }

  /// What cannot be so for a network with some classes; nil if it can be used.
  func problem(classCount: Int) -> String? {
    let length = directions.first?.count ?? 0
    guard directions.count == classCount, length > 0,
      directions.allSatisfy({ $0.count == length && $0.allSatisfy { abs($0) <= 1.001 } }),
      directions.allSatisfy({ $0.contains { $0 != 0 } })
    else { return "answering.directions do not fit \(classCount) classes" }
    return Problem.first([
      Problem.of("answering.least_similarity", leastSimilarity, in: -1...1),
      Problem.of("answering.least_probability", leastProbability, in: 0...1),
      Problem.of("answering.coverage", coverage, in: 0...1),
      Problem.of("answering.image_count", imageCount, in: 1...Int(Int32.max)),
    ])
  }

  /// Features as a direction; nil if all are 0.
  private static func direction(_ features: some Collection<Float>) -> [Float]? {
    let length = features.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0, length.isFinite else { return nil }
    return features.map { $0 / length }
  }

  /// The cosine between features and a direction; -1 for features without one.
  private static func cosine(_ features: some Collection<Float>, _ direction: [Float]) -> Float {
    var (product, square, own) = (Float(0), Float(0), Float(0))
    for (feature, value) in zip(features, direction) {
      product += feature * value
      square += feature * feature
      own += value * value
    }
    return square > 0 && features.count == direction.count
      ? product / (square * own).squareRoot() : -1
  }
}
