public import Support

/// A fingerprint of an image's appearance in 128 bits.
///
/// It finds copies that were saved again, resized or slightly retouched, although their bytes
/// differ. The gray image is averaged down to 9×9; the bits of one word mark where it gets brighter
/// from left to right, those of the other where it gets brighter downward.
///
/// - Source: the difference hash of N. Krawetz, "Kind of like that", 2013, in both directions.
public struct PerceptualHash: Hashable, Codable, Sendable {
  /// One bit for each of 8×8 neighbors: the right one is brighter than the left one.
  public let across: UInt64
  /// One bit for each of 8×8 neighbors: the lower one is brighter than the upper one.
  public let down: UInt64

  /// Largest number of different bits in each word of near copies.
  public static let reach = 4

  /// Pixels per side of the averaged image.
  private static let side = 9
  /// Gray levels a neighbor must be brighter by: less is noise of the codec.
  private static let margin = 2
  /// A word with fewer or more set bits than these is too common: plain walls all look the same.
  private static let tellingBits = 8...56

  /// Creates a hash from its words.
  package init(across: UInt64, down: UInt64) {
    self.across = across
    self.down = down
  }

  /// Hashes an image; nil for an image so flat that most others like it would hash the same.
  public init?(_ image: PixelBuffer) {
    let side = Self.side
    let small = Resampler.resample(image, image.bounds, side, side)
    let gray = stride(from: 0, to: small.bytes.count, by: 3).map { position in
      Luma.fast(small.bytes[position], small.bytes[position + 1], small.bytes[position + 2])
    }
    var across: UInt64 = 0
    var down: UInt64 = 0
    for row in 0..<side - 1 {
      for column in 0..<side - 1 {
        let here = gray[row * side + column] + Self.margin
        across = across << 1 | (gray[row * side + column + 1] > here ? 1 : 0)
        down = down << 1 | (gray[(row + 1) * side + column] > here ? 1 : 0)
      }
    }
    guard
      [across, down].allSatisfy({ Self.tellingBits.contains($0.nonzeroBitCount) })
    else { return nil }
    self.init(across: across, down: down)
  }

  /// Whether both words agree but for a few bits.
  public func isNear(_ other: PerceptualHash) -> Bool {
    (across ^ other.across).nonzeroBitCount <= Self.reach
      && (down ^ other.down).nonzeroBitCount <= Self.reach
  }

  /// Keys below 2³¹ of which two near hashes share at least one.
  ///
  /// Each word is cut into one piece more than bits may differ, so at least one piece agrees.
  var bandKeys: [UInt64] {
    let count = Self.reach + 1
    func band(_ word: UInt64, _ index: Int) -> UInt64 {
      let first = index * 64 / count
      return word >> UInt64(first) & (1 << UInt64((index + 1) * 64 / count - first) - 1)
    }
    return (0..<count * count).map { pair in
      let (i, j) = (pair / count, pair % count)
      return UInt64(pair) << 26 | band(across, i) << 13 | band(down, j)
    }
  }
}
