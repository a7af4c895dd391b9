/// A formula written by a user, with its exact derivatives.
///
///     let bowl = try Formula("x^2 + 10*y^2", variables: ["x", "y"])
///     bowl.value(at: [1, 2])                // 41
///     bowl.valueAndGradient(at: [1, 2])     // (41, [2, 40])
///
/// It may contain numbers (`2.5e-3`), the constants `pi` and `e`, `+ - * / ^`, brackets,
/// comparisons (1 where they hold, otherwise 0), `&& || !`, and the functions of
/// `functionSignatures`. Angles are in radians; `log` is the natural logarithm. A point outside the
/// domain of a function, as in `log(-1)`, gives NaN; 0 times a logarithm is 0, also at `log(0)`. A
/// variable hides a constant of the same name.
public struct Formula: Sendable, CustomStringConvertible {
  /// The formula as written.
  public let description: String
  /// The names of the variables, in the order of their values.
  public let variables: [String]

  private let graph: FormulaGraph
  private let root: Int
  private let valueProgram: FormulaProgram
  private let gradientProgram: FormulaProgram

  /// Reads a formula.
  ///
  /// - Parameter variables: The names that it may use.
  /// - Throws: `FormulaError` that points at the wrong character.
  /// - Precondition: No variable has the name of a function.
  public init(_ text: String, variables: [String]) throws(FormulaError) {
    var parser = try FormulaParser(text, variables: variables)
    let root = try parser.parse()
    self.init(text, variables, parser.graph, root)
  }

  private init(_ text: String, _ variables: [String], _ graph: FormulaGraph, _ root: Int) {
    description = text
    self.variables = variables
    self.graph = graph
    self.root = root
    var graph = graph
    let slopes = variables.indices.map { graph.derivative(of: root, byVariable: $0) }
    valueProgram = FormulaProgram(graph, outputs: [root])
    gradientProgram = FormulaProgram(graph, outputs: [root] + slopes)
  }

  /// The value at a point.
  ///
  /// - Parameter values: One per variable.
  public func value(at values: [Double]) -> Double {
    precondition(values.count == variables.count, "\(values) for \(variables)")
    return valueProgram.run(values).first
  }

  /// The value at a point and its derivatives with respect to all variables.
  ///
  /// At a corner, such as that of `abs` at 0, the slope is that of one side or 0.
  ///
  /// - Parameter values: One per variable.
  public func valueAndGradient(at values: [Double]) -> (value: Double, gradient: [Double]) {
    precondition(values.count == variables.count, "\(values) for \(variables)")
    let results = gradientProgram.run(values)
    return (results.first, results.rest)
  }

  /// The exact derivative with respect to a variable, itself a formula; apply twice for second
  /// derivatives.
  ///
  /// - Precondition: The variable is one of this formula's.
  public func derivative(by variable: String) -> Formula {
    guard let index = variables.firstIndex(of: variable) else {
      preconditionFailure("\(variable) of \(variables)")
    }
    var graph = graph
    let slope = graph.derivative(of: root, byVariable: index)
    return Formula("d(\(description))/d\(variable)", variables, graph, slope)
  }

  /// Every function and how it is called, in alphabetical order.
  public static var functionSignatures: [String] {
    FormulaFunction.all.values.map(\.signature).sorted()
  }
}

extension Formula: Hashable {
  public static func == (a: Formula, b: Formula) -> Bool {
    a.description == b.description && a.variables == b.variables
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(description)
    hasher.combine(variables)
  }
}

extension Formula {
  /// The formula of a choice that begins with `expr:`; nil for any other choice.
  init?(choice text: String, variables: [String]) throws(ChoiceError) {
    let prefix = "expr:"
    guard text.hasPrefix(prefix) else { return nil }
    let body = text.dropFirst(prefix.count).drop { $0 == " " }
    do {
      try self.init(String(body), variables: variables)
    } catch {
      throw .formula(error)
    }
  }
}
