internal import Tensors

/// A function of one or two variables with exact derivatives, on which marbles roll.
public struct Surface: CatalogueEntry {
  public static let kind = "surface"

  public let name: String, summary: String
  public let parameters: [ChoiceParameter] = []
  /// Its height over x, or over x and y.
  public let formula: Formula
  /// The part of the plane that is drawn, one range per variable.
  public var window: [ClosedRange<Double>]
  /// Where marbles start unless told otherwise.
  public let start: [Double]
  /// Where it is lowest; empty if that is unknown or nowhere.
  public let minima: [[Double]]
  /// A learning rate at which plain gradient descent rolls well.
  public let slopeRate: Double
  private let slopes: [Formula]

  /// Creates a surface.
  ///
  /// - Parameters:
  ///   - name: The name in text.
  ///   - summary: What is special about it, in one line.
  ///   - formula: Its height over x, or over x and y.
  ///   - window: The part of the plane that is drawn, one range per variable.
  ///   - start: Where marbles start, one value per variable.
  ///   - minima: Where it is lowest; empty if that is unknown or nowhere.
  ///   - slopeRate: A learning rate at which plain gradient descent rolls well, > 0.
  /// - Precondition: There are one or two variables, and as many values everywhere.
  public init(
    _ name: String, _ summary: String, _ formula: Formula, window: [ClosedRange<Double>],
    start: [Double], minima: [[Double]], slopeRate: Double
  ) {
    let count = formula.variables.count
    precondition(
      (1...2).contains(count) && window.count == count && start.count == count
        && minima.allSatisfy { $0.count == count },
      "\(name) has \(count) variables, but ranges \(window), start \(start), minima \(minima)")
    self.name = name
    self.summary = summary
    self.formula = formula
    self.window = window
    self.start = start
    self.minima = minima
    self.slopeRate = slopeRate
    slopes = formula.variables.map(formula.derivative(by:))
  }

  /// Reads a choice from the standard catalogue.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  public init(_ text: String) throws(ChoiceError) {
    try self.init(text, in: .standard)
  }

  /// Reads a choice: the name of a surface, or `expr:` and a formula in x, or in x and y.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  public init(_ text: String, in catalogue: SurfaceCatalogue) throws(ChoiceError) {
    // A formula without y is a curve; any other error is reported with both variables known.
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
    self = try catalogue.entry(named: text)
  }

  /// 1 or 2.
  public var dimension: Int { formula.variables.count }

  /// Its height at a place.
  public func value(at place: [Double]) -> Double { formula.value(at: place) }

  /// Height and gradient at a place.
  public func valueAndGradient(at place: [Double]) -> (value: Double, gradient: [Double]) {
    formula.valueAndGradient(at: place)
  }

  /// Second derivatives at a place, row by row.
  public func hessian(at place: [Double]) -> [[Double]] {
    slopes.map { $0.valueAndGradient(at: place).gradient }
  }

  /// The curvature along each main direction at a place, and that direction, of unit length.
  func curvatures(at place: [Double]) -> [(value: Double, vector: [Double])] {
    symmetricEigenvectors(hessian(at: place).flatMap(\.self), size: dimension)
  }

  /// The lowest known height.
  public var lowest: Double? { minima.map(value).min() }

  /// The longest side of the window.
  public var extent: Double {
    window.map { $0.upperBound - $0.lowerBound }.max() ?? 1
  }
}
