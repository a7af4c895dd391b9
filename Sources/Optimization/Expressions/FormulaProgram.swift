/// The part of a graph that some results need, in order of evaluation.
struct FormulaProgram: Sendable {
  private let nodes: [FormulaGraph.Node]
  private let outputs: [Int]

  init(_ graph: FormulaGraph, outputs: [Int]) {
    var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
    for output in outputs { isNeeded[output] = true }
    for index in graph.nodes.indices.reversed() where isNeeded[index] {
      for operand in graph.nodes[index].operands { isNeeded[operand] = true }
    }
    var places = [Int](repeating: 0, count: graph.nodes.count)
    var nodes: [FormulaGraph.Node] = []
    for index in graph.nodes.indices where isNeeded[index] {
      places[index] = nodes.count
      nodes.append(graph.nodes[index].moved { places[$0] })
    }
    self.nodes = nodes
    self.outputs = outputs.map { places[$0] }
  }

  /// The results at one place.
  ///
  /// - Complexity: One operation per node, one allocation.
  func run(_ variables: [Double]) -> (first: Double, rest: [Double]) {
    var values = [Double](repeating: 0, count: nodes.count)
    for index in nodes.indices {
      switch nodes[index] {
      case .constant(let value): values[index] = value
      case .variable(let variable): values[index] = variables[variable]
      case .unary(let operation, let a): values[index] = operation(values[a])
      case .binary(let operation, let a, let b): values[index] = operation(values[a], values[b])
      case .select(let condition, let a, let b):
        values[index] = values[condition] != 0 ? values[a] : values[b]
      }
    }
    return (values[outputs[0]], outputs.dropFirst().map { values[$0] })
  }
}

extension FormulaGraph.Node {
  var operands: [Int] {
    switch self {
    case .constant, .variable: []
    case .unary(_, let a): [a]
    case .binary(_, let a, let b): [a, b]
    case .select(let condition, let a, let b): [condition, a, b]
    }
  }

  func moved(_ place: (Int) -> Int) -> Self {
    switch self {
    case .constant, .variable: self
    case .unary(let operation, let a): .unary(operation, place(a))
    case .binary(let operation, let a, let b): .binary(operation, place(a), place(b))
    case .select(let condition, let a, let b): .select(place(condition), place(a), place(b))
    }
  }
}
