internal import Support

/// Sizes of training images over a run, growing or not: `64:0.5,96:0.8,128` are 64 pixels for half
/// the run, then 96 until eight tenths of it, then 128; `64,128` are halves.
///
/// - Source: progressive resizing; Howard, 2018, in fast.ai's entry for DAWNBench.
public struct ImageSizes: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Images of one size until a place in the run.
  public struct Stage: Hashable, Sendable {
    /// Rows and columns, pixels.
    public var size: Int
    /// The place in the run where it ends, above 0 to 1.
    public var end: Double
  }

  /// In the order of the run; the last one ends at 1.
  public let stages: [Stage]

  /// Reads sizes.
  ///
  /// - Returns: Nil for a text that is none: sizes of at least a pixel, with places that ascend
  ///   from above 0 to below 1 for all but the last one, or for none of them.
  public init?(_ text: String) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let hasPlaces = text.contains(":")
    var stages: [Stage] = []
    for (index, part) in parts.enumerated() {
      let fields = part.split(separator: ":", omittingEmptySubsequences: false)
        .map(String.init)
      let isLast = index == parts.count - 1
      guard let size = Int(fields[0]),
        ModelDescription.imageSizes.contains(size),
        fields.count == (hasPlaces && !isLast ? 2 : 1)
      else { return nil }
      let end = isLast ? 1 : Double(index + 1) / Double(parts.count)
      guard let end = fields.count == 2 ? Double(fields[1]) : end,
        end > stages.last?.end ?? 0, isLast || end < 1
      else { return nil }
      stages.append(Stage(size: size, end: end))
    }
    self.stages = stages
  }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let sizes = ImageSizes(text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "image_sizes is '\(text)', expected sizes such as 64:0.5,128"))
    }
    self = sizes
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// The text that means the same, with every place but the last.
  public var description: String {
    stages.map { $0.end == 1 ? "\($0.size)" : "\($0.size):\($0.end.text)" }.joined(separator: ",")
  }

  /// The stage of a place in the run, 0 to 1.
  public func stage(at position: Double) -> Stage {
    stages.first { position < $0.end } ?? stages[stages.count - 1]
  }
}
