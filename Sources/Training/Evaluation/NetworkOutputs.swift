internal import Support

/// What a network puts out for some images.
public struct NetworkOutputs: Sendable {
  /// Count × classes.
  public let logits: [Float]
  /// What the last layer was given, count × features; empty where it was not asked for.
  public let features: [Float]
  /// Numbers of each image.
  let classCount: Int, featureCount: Int

  /// Joins what was put out for images.
  ///
  /// - Parameters:
  ///   - logits: Count × classes.
  ///   - features: Count × features, or none.
  public init(logits: [Float], features: [Float], classCount: Int, featureCount: Int) {
    self.logits = logits
    self.features = features
    self.classCount = classCount
    self.featureCount = featureCount
  }

  /// Images.
  var count: Int { logits.count / classCount }

  /// For each image, whether its most probable class is its label.
  public func hits(_ labels: [Int]) -> [Bool] {
    labels.enumerated().map { logits(of: $0).offsetOfLargest == $1 }
  }

  func logits(of index: Int) -> ArraySlice<Float> {
    logits[index * classCount..<(index + 1) * classCount]
  }

  func features(of index: Int) -> ArraySlice<Float> {
    features[index * featureCount..<(index + 1) * featureCount]
  }
}
