internal import Foundation
public import Support

/// A fingerprint of an image's appearance: 128 bits to search by, and a small image to compare.
///
/// It finds copies that were saved again, resized or slightly retouched, although their bytes
/// differ. The gray image is averaged down to 9×9; the bits of one word mark where it gets brighter
/// from left to right, those of the other where it gets brighter downward. Images whose words agree
/// are compared as 16×16 grays and 8×8 colors, so that a mark on one of two equal parts, or a
/// color, tells them apart.
///
/// - Source: the difference hash of N. Krawetz, "Kind of like that", 2013, in both directions.
public struct PerceptualHash: Hashable, Sendable {
  /// One bit for each of 8×8 neighbors: the right one is brighter than the left one.
  public let across: UInt64
  /// One bit for each of 8×8 neighbors: the lower one is brighter than the upper one.
  public let down: UInt64
  /// 16×16 grays, then 8×8 differences of blue and of red from them, halved around 128; empty if
  /// only the words are known.
  let detail: [UInt8]
  /// The sum of the grays, from which a common shift follows.
  private let graySum: Int

  /// Largest number of different bits in each word of near copies.
  public static let reach = 4

  /// The side that a JPEG is decoded for at least: copies in other formats and sizes stay near.
  static let sourceSide = 64

  /// Pixels per side of the averaged image.
  private static let side = 9
  /// Pixels per side of the image that the others are averaged from; a multiple of 16.
  private static let middleSide = 48
  private static let graySide = 16, colorSide = 8
  /// From the middle size to the smallest.
  private static let reduction = ResampleWeights(
    available: middleSide, start: 0, length: middleSide, count: side)
  /// Levels by which a gray of near copies may differ, after a common shift of at most as many.
  private static let grayReach = 12
  /// Halved levels by which a color of near copies may differ.
  private static let colorReach = 4
  /// Gray levels a neighbor must be brighter by: less is noise of the codec.
  private static let margin = 2
  /// A word with fewer or more set bits than these is too common: plain walls all look the same.
  private static let tellingBits = 8...56

  /// Creates a hash from its words.
  package init(across: UInt64, down: UInt64) {
    self.across = across
    self.down = down
    detail = []
    graySum = 0
  }

  /// Hashes an image; nil for an image so flat that most others like it would hash the same.
  public init?(_ image: PixelBuffer) {
    let side = Self.side
    let middle = Resampler.resample(image, image.bounds, Self.middleSide, Self.middleSide)
    let small = Resampler.resample(middle, across: Self.reduction, down: Self.reduction)
    let gray = Self.grays(small)
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
    self.across = across
    self.down = down
    detail = Self.detail(middle)
    graySum = Self.graySum(detail)
  }

  /// The words tell enough apart; the small image is long.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(across)
    hasher.combine(down)
  }

  /// Whether both words agree but for a few bits, and the small images nearly.
  public func isNear(_ other: PerceptualHash) -> Bool {
    (across ^ other.across).nonzeroBitCount <= Self.reach
      && (down ^ other.down).nonzeroBitCount <= Self.reach && looksLike(other)
  }

  private func looksLike(_ other: PerceptualHash) -> Bool {
    guard detail.count == other.detail.count, !detail.isEmpty else { return true }
    let grayCount = Self.graySide * Self.graySide
    let mean = (graySum - other.graySum) / grayCount
    let shift = min(max(mean, -Self.grayReach), Self.grayReach)
    return detail.indices.allSatisfy { place in
      let difference = Int(detail[place]) - Int(other.detail[place])
      return place < grayCount
        ? abs(difference - shift) <= Self.grayReach : abs(difference) <= Self.colorReach
    }
  }

  private static func graySum(_ detail: [UInt8]) -> Int {
    detail.prefix(graySide * graySide).reduce(0) { $0 + Int($1) }
  }

  private static func grays(_ image: PixelBuffer) -> [Int] {
    let bytes = image.bytes
    return (0..<bytes.count / 3).map { pixel in
      Luma.fast(bytes[pixel * 3], bytes[pixel * 3 + 1], bytes[pixel * 3 + 2])
    }
  }

  /// The means of squares of an image of the middle size: of its grays, and of its colors.
  private static func detail(_ middle: PixelBuffer) -> [UInt8] {
    let step = middleSide / graySide, colorStep = graySide / colorSide
    var sums = [UInt16](repeating: 0, count: graySide * graySide * 3)
    for row in 0..<middleSide {
      for square in 0..<graySide {
        let place = (row / step * graySide + square) * 3
        for column in square * step..<(square + 1) * step {
          let pixel = (row * middleSide + column) * 3
          for channel in 0..<3 { sums[place + channel] &+= UInt16(middle.bytes[pixel + channel]) }
        }
      }
    }
    let means = sums.map { UInt8($0 / UInt16(step * step)) }
    var blues = [Int](repeating: 0, count: colorSide * colorSide)
    var reds = blues
    let grays = (0..<graySide * graySide).map { square in
      let (red, blue) = (means[square * 3], means[square * 3 + 2])
      let gray = Luma.fast(red, means[square * 3 + 1], blue)
      let place = square / graySide / colorStep * colorSide + square % graySide / colorStep
      reds[place] += Int(red) - gray
      blues[place] += Int(blue) - gray
      return UInt8(clamping: gray)
    }
    return grays
      + (blues + reds).map { UInt8(clamping: $0 / (colorStep * colorStep) / 2 + 128) }
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

extension PerceptualHash: Codable {
  private enum CodingKeys: CodingKey { case across, down, detail }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    across = try values.decode(UInt64.self, forKey: .across)
    down = try values.decode(UInt64.self, forKey: .down)
    detail = [UInt8](try values.decode(Data.self, forKey: .detail))
    graySum = Self.graySum(detail)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(across, forKey: .across)
    try values.encode(down, forKey: .down)
    try values.encode(Data(detail), forKey: .detail)
  }
}
