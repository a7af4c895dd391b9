internal import Foundation
public import ImageLoading
internal import Statistics

/// How well images can be classified without looking at what they show.
public struct ShortcutReport: Codable, Equatable, Sendable {
  /// What a classifier was given, and its accuracy.
  public struct Row: Codable, Equatable, Sendable {
    /// What it was given.
    public let seen: String
    /// Fraction classified correctly, 0…1, and its 95% interval by Wilson's method.
    public let accuracy: Double, lower: Double, upper: Double

    init(seen: String, hits: Int, count: Int) {
      let interval = Proportion(hits: hits, of: count).interval
      self.seen = seen
      accuracy = Double(hits) / Double(max(1, count))
      (lower, upper) = (interval.lowerBound, interval.upperBound)
    }
  }

  /// From a classifier that is given nothing and always predicts the most frequent class, to one
  /// that is given everything.
  public let rows: [Row]

  /// Measures images that were decoded whole, without cropping.
  ///
  /// - Parameter colors: The mean color of each image.
  public init(_ data: LoadedDataset, colors: [[Double]], seed: UInt64) {
    let classes = data.images.map(\.classIndex)
    // As logarithms, so that equal differences are equal ratios.
    let sizes = data.images.map { [log(Double($0.width * $0.height))] }
    let aspects = data.images.map { [log(Double($0.width) / Double($0.height))] }
    let all = data.images.indices.map { colors[$0] + sizes[$0] + aspects[$0] }
    let most = data.classNames.indices.map { index in classes.count { $0 == index } }.max() ?? 0
    let seen = [
      ("mean color", colors), ("size in pixels", sizes), ("width to height", aspects),
      ("all three", all),
    ]
    rows =
      [Row(seen: "nothing", hits: most, count: classes.count)]
      + seen.map { name, features in
        let hits = ShortcutClassifier.crossValidatedHits(
          features: features, classes: classes, classCount: data.classNames.count, seed: seed)
        return Row(seen: name, hits: hits, count: classes.count)
      }
  }
}
