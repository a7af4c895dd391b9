extension FormulaGraph {
  /// Adds the exact derivative of a node with respect to a variable.
  ///
  /// At a corner the slope of one side is taken, for `abs` and `sign` 0; comparisons and `floor`
  /// count as flat.
  ///
  /// - Returns: The node of the derivative.
  mutating func derivative(of node: Int, byVariable variable: Int) -> Int {
    // In order of the nodes: the slopes of everything a node needs are known already.
    var slopes: [Int] = []
    for index in 0...node { slopes.append(slope(of: nodes[index], at: index, variable, slopes)) }
    return slopes[node]
  }

  private mutating func slope(
    of node: Node, at index: Int, _ variable: Int, _ slopes: [Int]
  ) -> Int {
    switch node {
    case .constant: return constant(0)
    case .variable(let other): return constant(other == variable ? 1 : 0)
    case .unary(let operation, let a):
      if value(of: slopes[a]) == 0 { return slopes[a] }
      // Part by part, since the slope of the quotient itself may be too large for a number.
      if operation == .log, case .binary(.divide, let u, let v) = nodes[a] {
        return binary(
          .subtract, binary(.divide, slopes[u], u), binary(.divide, slopes[v], v))
      }
      let outer = outerSlope(operation, a, result: index)
      return binary(.multiply, outer, slopes[a])
    case .binary(let operation, let a, let b):
      return slope(operation, a, b, slopes[a], slopes[b], result: index)
    case .select(let condition, let a, let b): return select(condition, slopes[a], slopes[b])
    }
  }

  private mutating func outerSlope(_ operation: Unary, _ a: Int, result: Int) -> Int {
    let one = constant(1)
    switch operation {
    case .negate: return constant(-1)
    case .abs: return unary(.sign, a)
    case .sign, .floor: return constant(0)
    case .exp: return result
    case .log: return binary(.divide, one, a)
    case .sqrt: return binary(.divide, constant(0.5), result)
    case .sin: return unary(.cos, a)
    case .cos: return unary(.negate, unary(.sin, a))
    case .tanh: return binary(.subtract, one, binary(.multiply, result, result))
    case .atan: return binary(.divide, one, binary(.add, one, binary(.multiply, a, a)))
    // Not s(1 − s), which underflows to 0 for large arguments.
    case .sigmoid: return binary(.multiply, result, unary(.sigmoid, unary(.negate, a)))
    case .softplus: return unary(.sigmoid, a)
    }
  }

  private mutating func slope(
    _ operation: Binary, _ a: Int, _ b: Int, _ slopeA: Int, _ slopeB: Int, result: Int
  ) -> Int {
    switch operation {
    case .add, .subtract: return binary(operation, slopeA, slopeB)
    case .multiply:
      return binary(
        .add, binary(.multiply, slopeA, b), binary(.multiply, a, slopeB))
    case .weigh:
      // A logarithm without weight may also be without a slope, as log(y/p) at y = 0.
      let inner = select(
        binary(.equal, a, constant(0)), constant(0), binary(.multiply, a, slopeB))
      return binary(.add, binary(.weigh, slopeA, b), inner)
    case .divide:
      return binary(
        .divide, binary(.subtract, slopeA, binary(.multiply, result, slopeB)), b)
    case .power:
      let lowered = binary(.power, a, binary(.subtract, b, constant(1)))
      let byBase = binary(.multiply, binary(.multiply, b, lowered), slopeA)
      if value(of: slopeB) == 0 { return byBase }
      // 0 to the power of b stays 0 whatever b does.
      let logarithm = select(
        binary(.equal, a, constant(0)), constant(0), unary(.log, a))
      let byExponent = binary(.multiply, binary(.multiply, result, logarithm), slopeB)
      return binary(.add, byBase, byExponent)
    case .minimum: return select(binary(.lessOrEqual, a, b), slopeA, slopeB)
    case .maximum: return select(binary(.lessOrEqual, b, a), slopeA, slopeB)
    case .less, .lessOrEqual, .equal: return constant(0)
    }
  }
}
