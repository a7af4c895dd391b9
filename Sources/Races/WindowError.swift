package import Optimization

/// Why a part of a surface cannot be drawn.
package struct WindowError: Error {
  /// What the ends must be.
  package let expected: String
}

extension Surface {
  /// The farthest place from 0 that is drawn.
  private static let farthest = 1e100

  /// The surface with another window.
  ///
  /// - Parameter ends: The lower and the upper end along each variable.
  /// - Throws: `WindowError` if they are out of order, too far away or too close.
  package func drawn(between ends: [Double]) throws(WindowError) -> Surface {
    guard ends.count == 2 * dimension else {
      throw WindowError(expected: "\(2 * dimension) numbers")
    }
    var surface = self
    var window: [ClosedRange<Double>] = []
    for index in stride(from: 0, to: ends.count, by: 2) {
      let (low, high) = (ends[index], ends[index + 1])
      guard low < high else { throw WindowError(expected: "each lower end first") }
      let size = max(abs(low), abs(high))
      guard size <= Self.farthest, high - low >= size * 1e-9, high - low >= 1 / Self.farthest else {
        throw WindowError(expected: "ends up to \(Self.farthest) that lie apart")
      }
      window.append(low...high)
    }
    surface.window = window
    return surface
  }
}
