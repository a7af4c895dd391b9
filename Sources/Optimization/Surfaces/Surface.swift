/// A landscape that marbles roll on: a function of one or two numbers with exact derivatives.
public struct Surface: Sendable {
  /// How it is called on the command line.
  public let name: String
  /// What is special about it, in a line.
  public let summary: String
  /// Its height over x, or over x and y.
  public let formula: Formula
  /// The part of the plane that is drawn, one range per variable.
  public var window: [ClosedRange<Double>]
  /// Where marbles start unless told otherwise.
  public let start: [Double]
  /// Where it is lowest; empty when that is not known or nowhere.
  public let minima: [[Double]]
  /// A learning rate at which plain gradient descent rolls well.
  public let slopeRate: Double
  private let slopes: [Formula]

  init(
    _ name: String, _ summary: String, _ formula: Formula, window: [ClosedRange<Double>],
    start: [Double], minima: [[Double]], slopeRate: Double
  ) {
    self.name = name
    self.summary = summary
    self.formula = formula
    self.window = window
    self.start = start
    self.minima = minima
    self.slopeRate = slopeRate
    slopes = formula.variables.map(formula.derivative(by:))
  }

  /// Reads a choice: the name of a built-in surface, or `expr:` and a formula in x, or in x and y.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  public init(_ text: String) throws(ChoiceError) {
    // A formula without y is a curve; any other error is told with both variables known.
    let curve = try? Formula(choice: text, variables: ["x"])
    let formula: Formula?
    if let curve {
      formula = curve
    } else {
      formula = try Formula(choice: text, variables: ["x", "y"])
    }
    if let formula {
      let count = formula.variables.count
      self.init(
        text, "your own", formula, window: Array(repeating: -3...3, count: count),
        start: count == 1 ? [2.4] : [-2.4, 1.8], minima: [], slopeRate: 0.01)
      return
    }
    guard let surface = Self.all.first(where: { $0.name == text }) else {
      throw .unknown(kind: "surface", name: text, known: Self.all.map(\.name))
    }
    self = surface
  }

  /// 1 or 2.
  public var dimension: Int { formula.variables.count }

  /// Its height at a place.
  public func value(at place: [Double]) -> Double { formula.value(at: place) }

  /// Height and slope at a place.
  public func valueAndGradient(at place: [Double]) -> (value: Double, gradient: [Double]) {
    formula.valueAndGradient(at: place)
  }

  /// Second derivatives at a place, row by row.
  public func hessian(at place: [Double]) -> [[Double]] {
    slopes.map { $0.valueAndGradient(at: place).gradient }
  }

  /// The lowest known height.
  public var lowest: Double? { minima.map(value).min() }

  /// The longest side of the window.
  public var extent: Double {
    window.map { $0.upperBound - $0.lowerBound }.max() ?? 1
  }
}
