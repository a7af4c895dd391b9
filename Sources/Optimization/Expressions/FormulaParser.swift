internal import Support

/// Reads a formula from left to right, one method per level of precedence.
///
/// From low to high precedence: `||`, `&&`, comparisons, `+ -`, `* /`, signs and `!`, `^` (to the
/// right), then numbers, names, calls and brackets. So −x^2 is −(x^2), and 2^−x needs no brackets.
struct FormulaParser {
  private(set) var graph = FormulaGraph()
  private let text: String
  private let variables: [String]
  private let tokens: [FormulaToken]
  private var next = 0
  private var depth = 0

  /// Limits nesting of brackets, powers and signs, which would overflow the stack.
  private static let deepest = 100
  private static let longest = 10_000
  private static let constants = ["pi": Double.pi, "e": 2.718_281_828_459_045]

  /// - Precondition: No variable has the name of a function.
  init(_ text: String, variables: [String]) throws(FormulaError) {
    self.text = text
    self.variables = variables
    precondition(variables.allSatisfy { FormulaFunction.all[$0] == nil }, "\(variables)")
    guard text.count <= Self.longest else {
      throw FormulaError(
        text: text, position: Self.longest,
        reason: "a formula has at most \(Self.longest) characters")
    }
    tokens = try FormulaToken.tokens(of: text)
  }

  /// The node of the whole formula.
  mutating func parse() throws(FormulaError) -> Int {
    if token.kind == .end { throw error("the formula is empty") }
    let root = try expression()
    guard token.kind == .end else {
      throw error(unexpected(token))
    }
    return root
  }

  // MARK: Levels of precedence

  private mutating func expression() throws(FormulaError) -> Int {
    var left = try conjunction()
    while take("||") != nil {
      let right = try conjunction()
      left = graph.select(left, graph.constant(1), condition(right))
    }
    return left
  }

  private mutating func conjunction() throws(FormulaError) -> Int {
    var left = try comparison()
    while take("&&") != nil {
      let right = try comparison()
      left = graph.select(left, condition(right), graph.constant(0))
    }
    return left
  }

  private mutating func comparison() throws(FormulaError) -> Int {
    let left = try sum()
    guard let symbol = take("<", "<=", ">", ">=", "==", "!=") else { return left }
    let right = try sum()
    if ["<", "<=", ">", ">=", "==", "!="].contains(where: { token.kind == .symbol($0) }) {
      throw error("comparisons cannot be chained; join two of them with &&")
    }
    switch symbol {
    case "<": return graph.binary(.less, left, right)
    case "<=": return graph.binary(.lessOrEqual, left, right)
    case ">": return graph.binary(.less, right, left)
    case ">=": return graph.binary(.lessOrEqual, right, left)
    case "==": return graph.binary(.equal, left, right)
    default: return negation(graph.binary(.equal, left, right))
    }
  }

  private mutating func sum() throws(FormulaError) -> Int {
    var left = try product()
    while let symbol = take("+", "-") {
      let right = try product()
      left = graph.binary(symbol == "+" ? .add : .subtract, left, right)
    }
    return left
  }

  private mutating func product() throws(FormulaError) -> Int {
    var left = try signed()
    while let symbol = take("*", "/") {
      let right = try signed()
      left = graph.binary(symbol == "*" ? .multiply : .divide, left, right)
    }
    return left
  }

  private mutating func signed() throws(FormulaError) -> Int {
    // Every recursion to an outer level passes through here.
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw error("this is nested more than \(Self.deepest) deep")
    }
    guard let symbol = take("-", "+", "!") else { return try power() }
    let operand = try signed()
    switch symbol {
    case "-": return graph.unary(.negate, operand)
    case "!": return negation(operand)
    default: return operand
    }
  }

  private mutating func power() throws(FormulaError) -> Int {
    let base = try primary()
    guard take("^") != nil else { return base }
    return graph.binary(.power, base, try signed())
  }

  private mutating func primary() throws(FormulaError) -> Int {
    let word = token
    next += 1
    switch word.kind {
    case .number(let value): return graph.constant(value)
    case .name(let name):
      if token.kind == .symbol("(") { return try call(name, at: word) }
      if let index = variables.firstIndex(of: name) { return graph.variable(index) }
      if let value = Self.constants[name] { return graph.constant(value) }
      throw error(unknown(name), at: word)
    case .symbol("("):
      let inside = try expression()
      guard take(")") != nil else {
        throw error(token.kind == .end ? "a closing bracket is missing" : unexpected(token))
      }
      return inside
    default: throw error("expected a number, a name or '(' but found \(word.words)", at: word)
    }
  }

  private mutating func call(_ name: String, at word: FormulaToken) throws(FormulaError) -> Int {
    guard let function = FormulaFunction.all[name] else { throw error(unknown(name), at: word) }
    _ = take("(")
    var arguments: [Int] = []
    if token.kind != .symbol(")") {
      repeat { arguments.append(try expression()) } while take(",") != nil
    }
    guard take(")") != nil else {
      throw error(token.kind == .end ? "a closing bracket is missing" : unexpected(token))
    }
    guard function.arity.contains(arguments.count) else {
      throw error(
        "\(function.signature) cannot take \(arguments.count) argument"
          + (arguments.count == 1 ? "" : "s"), at: word)
    }
    return function.build(&graph, arguments)
  }

  // MARK: Words

  private var token: FormulaToken { tokens[min(next, tokens.count - 1)] }

  private mutating func take(_ symbols: String...) -> String? {
    guard case .symbol(let symbol) = token.kind, symbols.contains(symbol) else { return nil }
    next += 1
    return symbol
  }

  /// A node that is 1 where the given one is not 0.
  private mutating func condition(_ node: Int) -> Int {
    graph.select(node, graph.constant(1), graph.constant(0))
  }

  private mutating func negation(_ node: Int) -> Int {
    graph.select(node, graph.constant(0), graph.constant(1))
  }

  // MARK: Errors

  private func error(_ reason: String, at word: FormulaToken? = nil) -> FormulaError {
    FormulaError(text: text, position: (word ?? token).position, reason: reason)
  }

  private func unexpected(_ word: FormulaToken) -> String {
    switch word.kind {
    case .number, .name, .symbol("("): "an operator such as * is missing before \(word.words)"
    case .symbol(")"): "this closing bracket was never opened"
    default: "did not expect \(word.words)"
    }
  }

  private func unknown(_ name: String) -> String {
    if let function = FormulaFunction.all[name] {
      return "'\(name)' is a function; write \(function.signature)"
    }
    if variables.contains(name) || Self.constants[name] != nil {
      return "'\(name)' is no function; write \(name)*(…)"
    }
    let known = variables + Self.constants.keys.sorted() + FormulaFunction.all.keys.sorted()
    let hint = closest(to: name, in: known).map { "; did you mean '\($0)'?" }
    return "'\(name)' is unknown" + (hint ?? "; known are \(variables.joined(separator: ", "))")
  }
}
