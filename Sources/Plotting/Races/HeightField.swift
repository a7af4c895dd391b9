internal import Foundation
internal import Support

/// Heights of a surface on a grid over its window.
public struct HeightField: Hashable, Sendable {
  /// What the grid covers, ends included.
  public let x: ClosedRange<Double>, y: ClosedRange<Double>
  /// Grid points along each direction, at least 2.
  public let columns: Int, rows: Int
  /// Row by row from the lowest y; NaN counts as very high.
  public let values: [Double]

  /// Measures a surface.
  ///
  /// - Precondition: There are at least two columns and rows.
  public init(
    x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, rows: Int,
    _ height: (Double, Double) -> Double
  ) {
    precondition(columns > 1 && rows > 1, "a field of \(columns)×\(rows)")
    (self.x, self.y, self.columns, self.rows) = (x, y, columns, rows)
    var values: [Double] = []
    values.reserveCapacity(columns * rows)
    for row in 0..<rows {
      for column in 0..<columns {
        let value = height(
          Self.place(column, of: columns, in: x), Self.place(row, of: rows, in: y))
        values.append(value.isNaN ? .infinity : value)
      }
    }
    self.values = values
  }

  private static func place(_ index: Int, of count: Int, in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(count - 1)
  }

  /// The place of a column or a row.
  func x(_ column: Int) -> Double { Self.place(column, of: columns, in: x) }
  func y(_ row: Int) -> Double { Self.place(row, of: rows, in: y) }

  subscript(column: Int, row: Int) -> Double { values[row * columns + column] }

  /// Heights that cut the window into bands of equal area.
  package func levels(_ count: Int) -> [Double] {
    let sorted = values.filter(\.isFinite).sorted()
    guard let first = sorted.first, let last = sorted.last, first < last else { return [] }
    var levels: [Double] = []
    for index in 1...count {
      let level = sorted[index * (sorted.count - 1) / (count + 1)]
      if level > levels.last ?? first, level < last { levels.append(level) }
    }
    return levels
  }

  /// The lines along which the surface has a height, as segments.
  ///
  /// - Source: Lorensen & Cline, 1987, in two dimensions: square by square; if two lines are
  ///   possible the mean of the corners decides.
  package func contour(at level: Double) -> [(DataPoint, DataPoint)] {
    var pieces: [(DataPoint, DataPoint)] = []
    for row in 0..<rows - 1 {
      for column in 0..<columns - 1 {
        let corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
        let heights = corners.map { self[$0.0, $0.1] - level }
        guard heights.allSatisfy(\.isFinite) else { continue }
        var crossings: [DataPoint] = []
        for side in 0..<4 {
          let next = (side + 1) % 4
          guard (heights[side] < 0) != (heights[next] < 0) else { continue }
          let part = heights[side] / (heights[side] - heights[next])
          let (a, b) = (corners[side], corners[next])
          crossings.append(
            DataPoint(
              x(a.0) + part * (x(b.0) - x(a.0)), y(a.1) + part * (y(b.1) - y(a.1))))
        }
        switch crossings.count {
        case 2: pieces.append((crossings[0], crossings[1]))
        case 4:
          // Sides are crossed in turn; a corner is cut off by the sides before and after it.
          let isLowInside = heights.reduce(0, +) < 0
          let first = (heights[0] < 0) == isLowInside ? 0 : 3
          pieces.append((crossings[first], crossings[(first + 1) % 4]))
          pieces.append((crossings[(first + 2) % 4], crossings[(first + 3) % 4]))
        default: continue
        }
      }
    }
    return pieces
  }

  /// The height between grid points, by bilinear interpolation.
  func interpolated(column: Double, row: Double) -> Double {
    let (i, j) = (min(Int(column), columns - 2), min(Int(row), rows - 2))
    let (s, t) = (column - Double(i), row - Double(j))
    return (1 - t) * ((1 - s) * self[i, j] + s * self[i + 1, j])
      + t * ((1 - s) * self[i, j + 1] + s * self[i + 1, j + 1])
  }

  /// Bands between levels in colors from low to high.
  ///
  /// - Parameter levels: Ascending.
  func bitmap(width: Int, height: Int, levels: [Double], colors: [Color]) -> PixelBuffer {
    let bands = (0...levels.count).map { band in
      let color = colors.color(
        at: levels.isEmpty ? 1 : Double(band) / Double(levels.count))
      return [color.red, color.green, color.blue].map { UInt8(($0 * 255).rounded()) }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(width * height * 3)
    for row in 0..<height {
      let fieldRow = Double(height - 1 - row) / Double(height - 1) * Double(rows - 1)
      for column in 0..<width {
        let fieldColumn = Double(column) / Double(width - 1) * Double(columns - 1)
        bytes += bands[levels.band(of: interpolated(column: fieldColumn, row: fieldRow))]
      }
    }
    return PixelBuffer(width: width, height: height, bytes: bytes)
  }
}

extension [Double] {
  /// The number of levels that are not above a value, by binary search.
  fileprivate func band(of value: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension [Color] {
  /// A color of the ramp at a fraction `0...1`.
  func color(at fraction: Double) -> Color {
    let place = Swift.min(Swift.max(fraction, 0), 1) * Double(count - 1)
    let index = Swift.min(Int(place), count - 2)
    return self[index].mixed(with: self[index + 1], place - Double(index))
  }
}
