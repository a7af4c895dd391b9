/// Scales pixel values to mean 0 and variance 1, channel by channel.
public struct Normalization: Codable, Hashable, Sendable {
  /// Red, green, blue, of values in 0…1.
  public var mean: [Float]
  /// Red, green, blue, of values in 0…1; > 0.
  public var standardDeviation: [Float]

  /// Creates a normalization.
  ///
  /// - Precondition: Three channels, positive deviations.
  public init(mean: [Float], standardDeviation: [Float]) {
    precondition(
      mean.count == 3 && standardDeviation.count == 3 && standardDeviation.allSatisfy { $0 > 0 },
      "normalization by \(mean) and \(standardDeviation)")
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// Reads a normalization.
  ///
  /// - Throws: `DecodingError` unless every byte has a normalized value.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    mean = try values.decode([Float].self, forKey: .mean)
    standardDeviation = try values.decode([Float].self, forKey: .standardDeviation)
    let isUsable =
      mean.count == 3 && standardDeviation.count == 3 && standardDeviation.allSatisfy { $0 > 0 }
      && zip(mean, standardDeviation).allSatisfy { mean, deviation in
        [0, 1].allSatisfy { (($0 - mean) / deviation).isFinite } && deviation.isFinite
      }
    guard isUsable else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "expected three means and three standard deviations above 0, found "
            + "\(mean) and \(standardDeviation)"))
    }
  }

  /// Measures mean and standard deviation of some images of a loaded dataset.
  ///
  /// Sums are integers, so the result does not depend on the order.
  public static func measure(_ data: LoadedDataset, indices: [Int]) -> Normalization {
    var total = ChannelSums()
    for index in indices { total.add(data.channelSums[index]) }
    let count = Double(max(1, total.pixelCount))
    let means = total.means
    let deviations = (0..<3).map { channel in
      max(0, Double(total.squares[channel]) / count - means[channel] * means[channel])
        .squareRoot()
    }
    return Normalization(
      mean: means.map { Float($0 / 255) },
      // Images of a single color have no deviation to divide by.
      standardDeviation: deviations.map { $0 < 1 ? 1 : Float($0 / 255) })
  }

  /// Converts normalized values back to bytes: red, green, blue in turn, 0…255.
  public func bytes(of values: [Float]) -> [UInt8] {
    values.enumerated().map { index, value in
      let channel = index % 3
      let level = (value * standardDeviation[channel] + mean[channel]) * 255
      return UInt8(min(max(level.rounded(), 0), 255))
    }
  }

  /// The normalized value of every byte, 256 for each channel.
  var table: [Float] {
    (0..<3).flatMap { channel in
      (0..<256).map { (Float($0) / 255 - mean[channel]) / standardDeviation[channel] }
    }
  }
}
