internal import Tensors

/// The source pixels of each result pixel along one axis, and their weights.
///
/// The filter is a triangle as wide as the scale, so that shrinking averages and enlarging
/// interpolates. Weights are 16-bit fixed point; results equal Pillow's within one level.
struct ResampleWeights {
  /// For each result pixel, the first source pixel.
  private(set) var starts: [Int] = []
  /// For each result pixel, how many source pixels count.
  private(set) var counts: [Int] = []
  /// `stride` weights for each result pixel, zero beyond its count.
  private(set) var values: [UInt16] = []
  /// Weights stored for each result pixel.
  let stride: Int

  /// Creates weights that resample `length` pixels from `start`, of `available`, to `count`.
  init(available: Int, start: Int, length: Int, count: Int) {
    let scale = Double(length) / Double(count)
    let support = max(scale, 1)
    stride = Int(support.rounded(.up)) * 2 + 1
    starts.reserveCapacity(count)
    counts.reserveCapacity(count)
    values = [UInt16](repeating: 0, count: count * stride)
    var weights: [Double] = []
    weights.reserveCapacity(stride)
    for index in 0..<count {
      let center = Double(start) + (Double(index) + 0.5) * scale
      let first = max(Int(center - support + 0.5), 0)
      let last = min(Int(center + support + 0.5), available)
      weights.removeAll(keepingCapacity: true)
      for position in first..<last {
        weights.append(max(0, 1 - abs((Double(position) - center + 0.5) / support)))
      }
      let sum = weights.reduce(0, +)
      starts.append(first)
      counts.append(weights.count)
      // Rounding the running sum keeps the whole at 65536, however many and small the weights are.
      var running = 0.0
      var given = 0
      for (offset, weight) in weights.enumerated() {
        running += weight / sum * 65536
        let rounded = Int(running + 0.5)
        values[index * stride + offset] = UInt16(min(rounded - given, 65535))
        given = rounded
      }
    }
  }

  /// The weights in the form the kernels take.
  var kernel: AxisWeights {
    AxisWeights(starts: starts, counts: counts, values: values, stride: stride)
  }

  /// The range of source pixels that result pixels need.
  var sourceRange: Range<Int> {
    let ends = zip(starts, counts).map { $0 + $1 }
    return (starts.first ?? 0)..<(ends.last ?? 0)
  }
}
