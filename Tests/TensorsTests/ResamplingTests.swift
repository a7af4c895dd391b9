import Tensors
import Testing

/// The resampling kernels against weighted sums in double precision.
@Suite struct ResamplingTests {
  static let sizes = [(1, 1), (3, 5), (4, 7), (5, 16), (6, 17), (9, 40)]

  func bytes(_ count: Int) -> [UInt8] {
    var generator = SeededGenerator(seed: 5)
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  /// Each of `count` results averages `taps` places, moving on by one, beginning at `offset`.
  func weights(count: Int, taps: Int, offset: Int = 0) -> AxisWeights {
    let share = 65536 / taps
    let row = [UInt16](repeating: UInt16(min(share, 65535)), count: taps)
    return AxisWeights(
      starts: (0..<count).map { $0 + offset }, counts: Array(repeating: taps, count: count),
      values: Array((0..<count).map { _ in row }.joined()), stride: taps)
  }

  func mean(_ values: [UInt8]) -> Double {
    values.reduce(0) { $0 + Double($1) } / Double(values.count)
  }

  func isNear(_ result: [UInt8], _ expected: [Double]) -> Bool {
    result.count == expected.count && zip(result, expected).allSatisfy { abs(Double($0) - $1) <= 1 }
  }

  @Test(arguments: sizes)
  func `columns are averaged over rows`(height: Int, width: Int) {
    let image = bytes(height * width * 3)
    for taps in 1...height {
      for first in [0, width / 2] {
        let count = height - taps + 1
        let result = Kernels.resizedVertically(
          image, width: width, columns: first..<width, weights(count: count, taps: taps))
        var expected: [Double] = []
        for y in 0..<count {
          for x in first * 3..<width * 3 {
            expected.append(
              mean((y..<y + taps).map { (row: Int) -> UInt8 in image[row * width * 3 + x] }))
          }
        }
        #expect(isNear(result, expected), "\(taps) taps from \(first)")
      }
    }
  }

  @Test(arguments: sizes)
  func `rows are averaged over columns`(height: Int, width: Int) {
    let image = bytes(height * width * 3)
    for taps in 1...width {
      let count = width - taps + 1
      let result = Kernels.resizedHorizontally(
        image, width: width, offset: 3, weights(count: count, taps: taps, offset: 3))
      var expected: [Double] = []
      for y in 0..<height {
        for x in 0..<count * 3 {
          let first = y * width * 3 + x
          expected.append(mean((0..<taps).map { (tap: Int) -> UInt8 in image[first + 3 * tap] }))
        }
      }
      #expect(isNear(result, expected), "\(taps) taps")
    }
  }

  @Test(arguments: [1, 2, 64, 250])
  func `white stays white and black stays black`(taps: Int) {
    for level: UInt8 in [0, 255] {
      let image = [UInt8](repeating: level, count: taps * 20 * 3)
      let result = Kernels.resizedVertically(
        image, width: 20, columns: 0..<20, weights(count: 1, taps: taps))
      #expect(result.allSatisfy { abs(Int($0) - Int(level)) <= 1 }, "\(taps) taps of \(level)")
    }
  }

  @Test func `weights that lead out of the image trap`() async {
    await #expect(processExitsWith: .failure) {
      let weights = AxisWeights(starts: [1], counts: [2], values: [1, 1], stride: 2)
      _ = Kernels.resizedVertically([1, 2, 3, 4, 5, 6], width: 1, columns: 0..<1, weights)
    }
    await #expect(processExitsWith: .failure) {
      let weights = AxisWeights(starts: [0], counts: [1], values: [1], stride: 1)
      _ = Kernels.resizedHorizontally([1, 2, 3], width: 1, offset: 1, weights)
    }
  }
}
