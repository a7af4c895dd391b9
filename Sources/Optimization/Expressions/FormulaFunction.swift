internal import Foundation

/// A function that a formula can call.
struct FormulaFunction: Sendable {
  /// How it is written, as in `huber(e, delta)`.
  let signature: String
  /// How many arguments it takes.
  let arity: ClosedRange<Int>
  /// Adds a call to a graph.
  let build: @Sendable (inout FormulaGraph, [Int]) -> Int

  private init(
    _ signature: String, _ arity: ClosedRange<Int>,
    _ build: @escaping @Sendable (inout FormulaGraph, [Int]) -> Int
  ) {
    self.signature = signature
    self.arity = arity
    self.build = build
  }

  private static func unary(
    _ signature: String, _ operation: FormulaGraph.Unary
  ) -> FormulaFunction {
    FormulaFunction(signature, 1...1) { $0.unary(operation, $1[0]) }
  }

  private static func fold(
    _ signature: String, _ operation: FormulaGraph.Binary
  ) -> FormulaFunction {
    FormulaFunction(signature, 2...Int.max) { graph, arguments in
      arguments.dropFirst().reduce(arguments[0]) { graph.binary(operation, $0, $1) }
    }
  }

  /// By name.
  static let all: [String: FormulaFunction] = {
    let functions: [FormulaFunction] = [
      unary("abs(x)", .abs), unary("sign(x)", .sign), unary("exp(x)", .exp), unary("log(x)", .log),
      unary("sqrt(x)", .sqrt), unary("sin(x)", .sin), unary("cos(x)", .cos),
      unary("tanh(x)", .tanh), unary("atan(x)", .atan), unary("sigmoid(x)", .sigmoid),
      unary("softplus(x)", .softplus), unary("floor(x)", .floor),
      fold("min(a, b, …)", .minimum), fold("max(a, b, …)", .maximum),
      FormulaFunction("pow(x, exponent)", 2...2) { $0.binary(.power, $1[0], $1[1]) },
      FormulaFunction("if(condition, then, else)", 3...3) { $0.select($1[0], $1[1], $1[2]) },
      FormulaFunction("tan(x)", 1...1) { graph, arguments in
        let (sine, cosine) = (graph.unary(.sin, arguments[0]), graph.unary(.cos, arguments[0]))
        return graph.binary(.divide, sine, cosine)
      },
      FormulaFunction("mod(x, period)", 2...2) { graph, arguments in
        let whole = graph.unary(.floor, graph.binary(.divide, arguments[0], arguments[1]))
        return graph.binary(.subtract, arguments[0], graph.binary(.multiply, whole, arguments[1]))
      },
      FormulaFunction("clamp(x, low, high)", 3...3) { graph, arguments in
        graph.binary(.minimum, graph.binary(.maximum, arguments[0], arguments[1]), arguments[2])
      },
      FormulaFunction("relu(x)", 1...1) { graph, arguments in
        graph.binary(.maximum, graph.constant(0), arguments[0])
      },
      FormulaFunction("huber(e, delta)", 2...2) { graph, arguments in
        huber(&graph, arguments[0], arguments[1])
      },
      FormulaFunction("smoothl1(e, beta)", 2...2) { graph, arguments in
        graph.binary(.divide, huber(&graph, arguments[0], arguments[1]), arguments[1])
      },
      FormulaFunction("logcosh(e)", 1...1) { graph, arguments in
        // |e| + log(1 + exp(−2|e|)) − log 2 does not overflow.
        let size = graph.unary(.abs, arguments[0])
        let rest = graph.unary(.softplus, graph.binary(.multiply, graph.constant(-2), size))
        return graph.binary(
          .add, size, graph.binary(.subtract, rest, graph.constant(Foundation.log(2))))
      },
      FormulaFunction("pinball(e, tau)", 2...2) { graph, arguments in
        let (e, tau) = (arguments[0], arguments[1])
        let below = graph.binary(.subtract, tau, graph.constant(1))
        return graph.binary(
          .maximum, graph.binary(.multiply, tau, e), graph.binary(.multiply, below, e))
      },
    ]
    return Dictionary(
      uniqueKeysWithValues: functions.map { (String($0.signature.prefix { $0 != "(" }), $0) })
  }()

  /// ½e² up to δ, a straight line of slope δ beyond.
  private static func huber(_ graph: inout FormulaGraph, _ e: Int, _ delta: Int) -> Int {
    let (size, half) = (graph.unary(.abs, e), graph.constant(0.5))
    let square = graph.binary(.multiply, half, graph.binary(.multiply, e, e))
    let offset = graph.binary(.subtract, size, graph.binary(.multiply, half, delta))
    return graph.select(
      graph.binary(.lessOrEqual, size, delta), square, graph.binary(.multiply, delta, offset))
  }
}
