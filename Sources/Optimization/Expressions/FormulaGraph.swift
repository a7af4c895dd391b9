internal import Foundation

/// Formulas as a graph in which equal subexpressions exist once.
///
/// Nodes refer only to earlier ones, so the order of the array is an order of evaluation. Sharing
/// keeps derivatives about as short as the formulas themselves.
struct FormulaGraph: Sendable {
  enum Unary: Hashable, Sendable {
    case negate, abs, sign, exp, log, sqrt, sin, cos, tanh, atan, sigmoid, softplus, floor
  }

  enum Binary: Hashable, Sendable {
    case add, subtract, multiply, divide, power, minimum, maximum
    /// A product that is 0 where the first factor is, also when the second is infinite.
    case weigh
    case less, lessOrEqual, equal
  }

  enum Node: Hashable, Sendable {
    case constant(Double)
    case variable(Int)
    case unary(Unary, Int)
    case binary(Binary, Int, Int)
    /// The second where the first is not 0, otherwise the third.
    case select(Int, Int, Int)
  }

  private(set) var nodes: [Node] = []
  private var places: [Node: Int] = [:]

  // MARK: Building, simplifying on the way

  mutating func constant(_ value: Double) -> Int { place(.constant(value)) }

  mutating func variable(_ index: Int) -> Int { place(.variable(index)) }

  mutating func unary(_ operation: Unary, _ a: Int) -> Int {
    if let value = value(of: a) { return constant(operation(value)) }
    if operation == .negate, case .unary(.negate, let inner) = nodes[a] { return inner }
    return place(.unary(operation, a))
  }

  mutating func binary(_ operation: Binary, _ a: Int, _ b: Int) -> Int {
    let (left, right) = (value(of: a), value(of: b))
    if let left, let right { return constant(operation(left, right)) }
    switch operation {
    case .add where left == 0: return b
    case .add where right == 0, .subtract where right == 0: return a
    case .subtract where left == 0: return unary(.negate, b)
    // Derivatives are full of exact zeros, whose product with ∞ must be 0.
    case .multiply where left == 0 || right == 0, .divide where left == 0: return constant(0)
    case .multiply where left == 1: return b
    case .multiply where right == 1, .divide where right == 1, .power where right == 1: return a
    case .multiply where left == -1: return unary(.negate, b)
    case .multiply where right == -1: return unary(.negate, a)
    case .weigh where left == 0: return constant(0)
    case .weigh where left == 1: return b
    // 0 · log 0 is 0, the limit of x · log x.
    case .multiply where isLogarithmic(b): return binary(.weigh, a, b)
    case .multiply where isLogarithmic(a): return binary(.weigh, b, a)
    case .power where right == 0: return constant(1)
    case .power where right == 2: return binary(.multiply, a, a)
    default: return place(.binary(operation, a, b))
    }
  }

  mutating func select(_ condition: Int, _ a: Int, _ b: Int) -> Int {
    if let value = value(of: condition) { return value != 0 ? a : b }
    return a == b ? a : place(.select(condition, a, b))
  }

  /// Whether a node grows like a logarithm where it is infinite, so that a factor of 0 outweighs
  /// it: sums, differences and multiples of logarithms.
  private func isLogarithmic(_ node: Int) -> Bool {
    switch nodes[node] {
    case .unary(.log, _): return true
    case .unary(.negate, let a): return isLogarithmic(a)
    case .binary(.add, let a, let b), .binary(.subtract, let a, let b):
      return (isLogarithmic(a) && (isLogarithmic(b) || isFinite(b)))
        || (isFinite(a) && isLogarithmic(b))
    case .binary(.divide, let a, let b): return isLogarithmic(a) && value(of: b) != nil
    case .binary(.weigh, let a, let b): return value(of: a) != nil && isLogarithmic(b)
    default: return false
    }
  }

  private func isFinite(_ node: Int) -> Bool {
    switch nodes[node] {
    case .constant(let value): value.isFinite
    case .variable: true
    default: false
    }
  }

  /// The constant value of a node; nil if it varies.
  func value(of node: Int) -> Double? {
    guard case .constant(let value) = nodes[node] else { return nil }
    return value
  }

  private mutating func place(_ node: Node) -> Int {
    if let place = places[node] { return place }
    nodes.append(node)
    places[node] = nodes.count - 1
    return nodes.count - 1
  }
}

extension FormulaGraph.Unary {
  func callAsFunction(_ a: Double) -> Double {
    switch self {
    case .negate: -a
    case .abs: Swift.abs(a)
    case .sign: a > 0 ? 1 : a < 0 ? -1 : a
    case .exp: Foundation.exp(a)
    case .log: Foundation.log(a)
    case .sqrt: a.squareRoot()
    case .sin: Foundation.sin(a)
    case .cos: Foundation.cos(a)
    case .tanh: Foundation.tanh(a)
    case .atan: Foundation.atan(a)
    // Neither branch takes the exponential of a large number.
    case .sigmoid:
      a >= 0 ? 1 / (1 + Foundation.exp(-a)) : Foundation.exp(a) / (1 + Foundation.exp(a))
    case .softplus: max(a, 0) + log1p(Foundation.exp(-Swift.abs(a)))
    case .floor: a.rounded(.down)
    }
  }
}

extension FormulaGraph.Binary {
  func callAsFunction(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .weigh: a == 0 && !b.isNaN ? 0 : a * b
    case .power: pow(a, b)
    // NaN stays NaN.
    case .minimum: a <= b || a.isNaN ? a : b
    case .maximum: a >= b || a.isNaN ? a : b
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .equal: a == b ? 1 : 0
    }
  }
}
