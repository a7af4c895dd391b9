internal import Foundation
internal import Support

/// How much each place of an image speaks for a class; below zero, against it.
public struct AttributionMap: Hashable, Sendable {
  /// Rows and columns.
  public let height: Int, width: Int
  /// Row by row from the top, height × width.
  public let values: [Float]

  /// Creates a map.
  ///
  /// - Precondition: There is a value for each place, and at least one.
  public init(height: Int, width: Int, values: [Float]) {
    precondition(
      !values.isEmpty && values.count == height * width,
      "\(values.count) values for \(height)×\(width) places")
    (self.height, self.width, self.values) = (height, width, values)
  }

  /// The map at another size, by bilinear interpolation between the centers of pixels.
  ///
  /// The same as PyTorch's `interpolate` with `mode="bilinear"` and `align_corners=False`.
  public func resized(height newHeight: Int, width newWidth: Int) -> AttributionMap {
    let rows = Self.samples(of: height, count: newHeight)
    let columns = Self.samples(of: width, count: newWidth)
    var result: [Float] = []
    result.reserveCapacity(newHeight * newWidth)
    for row in rows {
      for column in columns {
        func mixed(_ row: Int) -> Float {
          let start = row * width
          return values[start + column.first] * (1 - column.part)
            + values[start + column.second] * column.part
        }
        result.append(mixed(row.first) * (1 - row.part) + mixed(row.second) * row.part)
      }
    }
    return AttributionMap(height: newHeight, width: newWidth, values: result)
  }

  /// The two neighbors of each new place, and how much of the second one.
  private static func samples(
    of extent: Int, count: Int
  ) -> [(first: Int, second: Int, part: Float)] {
    (0..<count).map { index in
      let place = max(0, (Float(index) + 0.5) * Float(extent) / Float(count) - 0.5)
      let first = min(Int(place), extent - 1)
      return (first, min(first + 1, extent - 1), place - Float(first))
    }
  }

  /// Of the positive values, the fraction (0…1) at places of a mask; nil if there are none.
  ///
  /// - Parameter mask: Row by row, one for each place.
  public func fraction(inside mask: [Bool]) -> Double? {
    precondition(mask.count == values.count, "\(mask.count) places for \(values.count) values")
    var (inside, total) = (0.0, 0.0)
    for (value, isInside) in zip(values, mask) where value > 0 {
      total += Double(value)
      if isInside { inside += Double(value) }
    }
    return total > 0 ? inside / total : nil
  }

  /// Of the positive values, the fraction in the central rectangle of half the area.
  ///
  /// A map that is the same everywhere has about 0.5; nil without positive values.
  public var centralFraction: Double? {
    func isCentral(_ index: Int, of extent: Int) -> Bool {
      abs((Double(index) + 0.5) / Double(extent) - 0.5) < 0.5 / 2.0.squareRoot()
    }
    let columns = (0..<width).map { isCentral($0, of: width) }
    return fraction(
      inside: (0..<height).flatMap { row in
        isCentral(row, of: height) ? columns : columns.map { _ in false }
      })
  }

  /// Where the positive values lie on average.
  ///
  /// - Returns: 0…1 from the left and from the top edge; nil without positive values.
  public var centerOfMass: (x: Double, y: Double)? {
    var (x, y, total) = (0.0, 0.0, 0.0)
    for (index, value) in values.enumerated() where value > 0 {
      x += Double(value) * (Double(index % width) + 0.5)
      y += Double(value) * (Double(index / width) + 0.5)
      total += Double(value)
    }
    return total > 0 ? (x / total / Double(width), y / total / Double(height)) : nil
  }

  /// Spearman's rank correlation with a map of the same size, -1…1; equal values share a rank.
  ///
  /// - Returns: Nil if one of the maps is the same everywhere.
  public func rankCorrelation(with other: AttributionMap) -> Double? {
    precondition(
      height == other.height && width == other.width,
      "maps of \(height)×\(width) and \(other.height)×\(other.width)")
    let (own, others) = (Self.ranks(values), Self.ranks(other.values))
    let mean = Double(values.count - 1) / 2
    var (product, ownSquares, otherSquares) = (0.0, 0.0, 0.0)
    for (a, b) in zip(own, others) {
      product += (a - mean) * (b - mean)
      ownSquares += (a - mean) * (a - mean)
      otherSquares += (b - mean) * (b - mean)
    }
    guard ownSquares > 0, otherSquares > 0 else { return nil }
    return product / (ownSquares * otherSquares).squareRoot()
  }

  /// The rank of each value from 0; equal values have the mean of their ranks.
  private static func ranks(_ values: [Float]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for index in order[start..<end] { ranks[index] = Double(start + end - 1) / 2 }
      start = end
    }
    return ranks
  }
}
