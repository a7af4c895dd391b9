internal import Tensors

/// Which source pixels make up each result pixel of one axis, and with what weights.
///
/// A triangle as wide as the scale, so that shrinking averages and growing interpolates. Weights
/// are 22-bit fixed point like Pillow's, whose results these are meant to equal.
struct ResampleWeights {
  /// Fractional bits of a weight: 8 for the sample and 2 for overshoot leave 22 of 32.
  static let precision: Int32 = 22

  /// For each result pixel, the first source pixel.
  private(set) var starts: [Int] = []
  /// For each result pixel, how many source pixels count.
  private(set) var counts: [Int] = []
  /// `stride` weights for each result pixel, zero beyond its count.
  private(set) var values: [Int32] = []
  /// Weights kept for each result pixel.
  let stride: Int

  /// Weights that bring `length` pixels from `start` of an axis with `available` to `count`.
  init(available: Int, start: Int, length: Int, count: Int) {
    let scale = Double(length) / Double(count)
    let support = max(scale, 1)
    stride = Int(support.rounded(.up)) * 2 + 1
    for index in 0..<count {
      let center = Double(start) + (Double(index) + 0.5) * scale
      let first = max(Int(center - support + 0.5), 0)
      let last = min(Int(center + support + 0.5), available)
      let weights = (first..<last).map { position in
        max(0, 1 - abs((Double(position) - center + 0.5) / support))
      }
      let sum = weights.reduce(0, +)
      starts.append(first)
      counts.append(weights.count)
      values += weights.map { Int32(0.5 + $0 / sum * Double(1 << Self.precision)) }
      values += repeatElement(0, count: stride - weights.count)
    }
  }

  /// In the form the kernels take.
  var kernel: AxisWeights {
    AxisWeights(starts: starts, counts: counts, values: values, stride: stride)
  }

  /// The source pixels any result pixel needs.
  var sourceRange: Range<Int> {
    let ends = zip(starts, counts).map { $0 + $1 }
    return (starts.first ?? 0)..<(ends.last ?? 0)
  }
}
