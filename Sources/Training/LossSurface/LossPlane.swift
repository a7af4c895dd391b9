internal import Foundation
public import Tensors

/// The learnable parameters of a network and its running statistics: a point in the space in which
/// its loss is a surface.
public struct NetworkValues: Equatable, Sendable {
  /// What an optimizer changes.
  public var parameters: ParameterVector
  /// What normalizations measure.
  public var statistics: ParameterVector

  /// Creates a point.
  public init(parameters: ParameterVector, statistics: ParameterVector) {
    self.parameters = parameters
    self.statistics = statistics
  }

  /// The places of variances among the statistics.
  fileprivate var variances: [Int] {
    zip(statistics.layout.slots, statistics.layout.ranges)
      .filter { $0.0.name.hasSuffix("running_var") }.flatMap { Array($0.1) }
  }

  /// The point of a checkpoint.
  public init(_ checkpoint: Checkpoint) {
    self.init(parameters: checkpoint.parameters, statistics: checkpoint.statistics)
  }
}

/// A plane in the space of a network's values: origin + x · first + y · second.
///
/// Parameters and running statistics move together, so that the network at every snapshot that lies
/// in the plane is the one that was trained. Variances move by equal ratios: they stay positive.
public struct LossPlane: Sendable {
  /// Where x and y are 0.
  public let origin: NetworkValues
  /// The directions.
  let first: Direction, second: Direction
  /// Their inner products: of the first with itself, of both, of the second with itself.
  private let products: (first: Double, both: Double, second: Double)
  /// The places of variances among the statistics.
  private let variances: [Int]

  init(origin: NetworkValues, first: Direction, second: Direction) {
    self.origin = origin
    self.first = first
    self.second = second
    products = (first.product(first), first.product(second), second.product(second))
    variances = origin.variances
  }

  /// A way from one point to another.
  struct Direction: Sendable {
    /// Differences; of variances, logarithms of ratios.
    var parameters: [Float], statistics: [Float]

    /// The way between two points.
    init(from start: NetworkValues, to end: NetworkValues) {
      parameters = zip(end.parameters.scalars, start.parameters.scalars).map { $0 - $1 }
      statistics = zip(end.statistics.scalars, start.statistics.scalars).map { $0 - $1 }
      for index in start.variances {
        statistics[index] = log(
          max(end.statistics.scalars[index], Self.leastVariance)
            / max(start.statistics.scalars[index], Self.leastVariance))
      }
    }

    /// That of a channel that is always the same has no logarithm.
    private static let leastVariance: Float = 1e-12

    /// A direction that leaves statistics as they are.
    init(parameters: ParameterVector, statisticCount: Int) {
      self.parameters = parameters.scalars
      statistics = [Float](repeating: 0, count: statisticCount)
    }

    /// A weighted sum.
    init(_ directions: [Direction], weights: [Double]) {
      func sum(_ part: KeyPath<Direction, [Float]>) -> [Float] {
        var sums = [Double](repeating: 0, count: directions[0][keyPath: part].count)
        for (direction, weight) in zip(directions, weights) {
          for (index, value) in direction[keyPath: part].enumerated() {
            sums[index] += weight * Double(value)
          }
        }
        return sums.map(Float.init)
      }
      (parameters, statistics) = (sum(\.parameters), sum(\.statistics))
    }

    /// The inner product of the parameters.
    func product(_ other: Direction) -> Double {
      zip(parameters, other.parameters).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
  }

  /// The cosine of the angle between the directions.
  public var cosine: Double {
    products.both / (products.first * products.second).squareRoot()
  }

  /// Moves to a place of the plane.
  ///
  /// - Parameter values: Has the layout of the origin; nothing is allocated.
  package func move(_ values: inout NetworkValues, toX x: Double, y: Double) {
    Self.move(
      &values.parameters.scalars, from: origin.parameters.scalars, first.parameters,
      second.parameters, Float(x), Float(y))
    Self.move(
      &values.statistics.scalars, from: origin.statistics.scalars, first.statistics,
      second.statistics, Float(x), Float(y))
    for index in variances {
      let ratio = exp(Float(x) * first.statistics[index] + Float(y) * second.statistics[index])
      values.statistics.scalars[index] = origin.statistics.scalars[index] * ratio
    }
  }

  private static func move(
    _ target: inout [Float], from origin: [Float], _ first: [Float], _ second: [Float],
    _ x: Float, _ y: Float
  ) {
    for index in target.indices {
      target[index] = origin[index] + x * first[index] + y * second[index]
    }
  }

  /// The place of the plane that is nearest to the parameters of a point, and their distance from
  /// the plane.
  public func place(of values: NetworkValues) -> (x: Double, y: Double, distance: Double) {
    let offset = Direction(from: origin, to: values)
    let (aa, ab, bb) = products
    let (a, b) = (offset.product(first), offset.product(second))
    let determinant = aa * bb - ab * ab
    // On a line there is only one direction.
    let (x, y) =
      bb == 0 ? (a / aa, 0) : ((a * bb - b * ab) / determinant, (b * aa - a * ab) / determinant)
    let outside = offset.product(offset) - x * a - y * b
    return (x, y, max(0, outside).squareRoot())
  }
}

// MARK: - Planes

extension LossPlane {
  /// A plane along two random directions, each filter of which has the length of the network's.
  ///
  /// So a step of 1 changes every filter by its own size, and planes of different networks can be
  /// compared. Biases and normalizations stay as they are.
  ///
  /// - Source: Li et al., 2018, "Visualizing the loss landscape of neural nets", section 4.
  public static func random(around values: NetworkValues, seed: UInt64) -> LossPlane {
    func direction(_ number: UInt64) -> Direction {
      var generator = SeededGenerator(
        seed: seed, stream: RandomStream.direction.rawValue, number)
      var noise = ParameterVector(values.parameters.layout)
      for (index, slot) in noise.layout.slots.enumerated() where slot.shape.count > 1 {
        let weights = values.parameters[slot: index]
        noise[slot: index] = Self.normalized(
          (0..<weights.count).map { _ in generator.nextNormal() }, like: weights,
          filters: slot.shape[0])
      }
      return Direction(parameters: noise, statisticCount: values.statistics.scalars.count)
    }
    return LossPlane(origin: values, first: direction(1), second: direction(2))
  }

  /// The plane through three points: at (0, 0), (1, 0) and (0, 1).
  ///
  /// - Returns: Nil if they lie on a line.
  public static func through(
    _ origin: NetworkValues, _ first: NetworkValues, _ second: NetworkValues
  ) -> LossPlane? {
    let plane = LossPlane(
      origin: origin, first: Direction(from: origin, to: first),
      second: Direction(from: origin, to: second))
    return abs(plane.cosine) < 1 - 1e-9 ? plane : nil
  }

  /// The line through two points, at x = 0 and x = 1; nothing changes along y.
  ///
  /// - Returns: Nil if they are one point.
  public static func line(from origin: NetworkValues, to end: NetworkValues) -> LossPlane? {
    let direction = Direction(from: origin, to: end)
    guard direction.product(direction) > 0 else { return nil }
    return LossPlane(
      origin: origin, first: direction, second: Direction([direction], weights: [0]))
  }

  /// The plane in which paths differ most: through the end of the first one, along the two first
  /// principal components of all snapshots.
  ///
  /// - Parameter paths: The snapshots of each path, in order.
  /// - Returns: The plane, with directions of unit length, and for each the fraction of the
  ///   variance that it explains; nil if the snapshots lie on a line.
  /// - Source: Li et al., 2018, section 7.
  public static func principal(
    of paths: [[NetworkValues]]
  ) -> (plane: LossPlane, explained: [Double])? {
    guard let origin = paths.first?.last else { return nil }
    let directions = paths.flatMap(\.self).map { Direction(from: origin, to: $0) }
    let count = directions.count
    guard count > 2 else { return nil }
    // The eigenvectors of the small matrix of inner products give those of the covariance.
    let products = products(of: directions)
    let means = (0..<count).map { row in
      products[row * count..<(row + 1) * count].reduce(0, +) / Double(count)
    }
    let mean = means.reduce(0, +) / Double(count)
    let centered = (0..<count * count).map { index in
      products[index] - means[index / count] - means[index % count] + mean
    }
    let found = symmetricEigenvectors(centered, size: count).sorted { $0.value > $1.value }
    let total = found.reduce(0) { $0 + max(0, $1.value) }
    guard found[1].value > total * 1e-12 else { return nil }
    let components = found.prefix(2).map { value, vector in
      // Of the centered snapshots; toward the start of the first path is positive.
      let middle = vector.reduce(0, +) / Double(count)
      let weights = vector.map { ($0 - middle) / value.squareRoot() }
      let direction = Direction(directions, weights: weights)
      return direction.product(directions[0]) < 0
        ? Direction(directions, weights: weights.map { -$0 }) : direction
    }
    return (
      LossPlane(origin: origin, first: components[0], second: components[1]),
      found.prefix(2).map { $0.value / total }
    )
  }
}

extension LossPlane {
  /// The inner products of the parameters of all pairs.
  ///
  /// Matrix products have single precision, so that parts of them are added up in double.
  private static func products(of directions: [Direction]) -> [Double] {
    let (count, part) = (directions.count, 1 << 14)
    let arena = Arena(pieces: [count * part, count * count])
    let (rows, gram) = (arena.piece(count * part), arena.piece(count * count))
    var products = [Double](repeating: 0, count: count * count)
    let total = directions[0].parameters.count
    for start in stride(from: 0, to: total, by: part) {
      let width = min(part, total - start)
      for (row, direction) in directions.enumerated() {
        rows[row * width..<(row + 1) * width]
          .copy(from: Array(direction.parameters[start..<start + width]))
      }
      Matrix(gram, rows: count, columns: count)
        .setGram(of: Matrix(rows, rows: count, columns: width))
      for (index, product) in gram.array.enumerated() { products[index] += Double(product) }
    }
    return products
  }

  /// Noise whose filters have the lengths of those of `weights`; both in file order.
  package static func normalized(_ noise: [Float], like weights: [Float], filters: Int) -> [Float] {
    let size = noise.count / filters
    var result = noise
    for start in stride(from: 0, to: noise.count, by: size) {
      func length(_ values: [Float]) -> Double {
        values[start..<start + size].reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      }
      let scale = Float(length(weights) / (length(noise) + 1e-10))
      for index in start..<start + size { result[index] *= scale }
    }
    return result
  }
}
