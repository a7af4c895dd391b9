import Foundation
import Optimization
import TestSupport
import Testing

/// x = 0.7, y = −1.3 in all of them.
private let valid: [(String, Double)] = [
  ("1", 1), (".5", 0.5), ("5.", 5), ("2.5e-3", 0.0025), ("1E2", 100), ("5.e1", 50),
  ("x", 0.7), ("x+y", -0.6), ("x - y - 1", 1), ("2*x/4", 0.35), ("8/4/2", 1),
  ("x^2", 0.49), ("2^3^2", 512), ("-x^2", -0.49), ("(-x)^2", 0.49), ("2^-1", 0.5),
  ("--x", 0.7), ("-+-x", 0.7), ("pi", .pi), ("2*e", 2 * M_E), ("2e0", 2),
  ("abs(y)", 1.3), ("sign(y)", -1), ("min(x, y)", -1.3), ("max(x, y, 3)", 3),
  ("exp(x)", exp(0.7)), ("log(x)", log(0.7)), ("sqrt(x)", 0.7.squareRoot()),
  ("pow(x, 3)", 0.343), ("tanh(y)", tanh(-1.3)), ("sigmoid(y)", 1 / (1 + exp(1.3))),
  ("sin(x)*cos(y)", sin(0.7) * cos(-1.3)), ("tan(x)", tan(0.7)), ("atan(x)", atan(0.7)),
  ("softplus(y)", log(1 + exp(-1.3))), ("relu(y) + relu(x)", 0.7), ("floor(y)", -2),
  ("mod(y, 0.5)", 0.2), ("clamp(y, -1, 1)", -1), ("huber(y, 0.5)", 0.5 * (1.3 - 0.25)),
  ("huber(x, 1)", 0.245), ("smoothl1(y, 0.5)", 1.05), ("logcosh(y)", log(cosh(1.3))),
  ("pinball(y, 0.9)", 0.13), ("if(x > y, 1, 2)", 1), ("if(x <= y, 1, 2)", 2),
  ("x > 0 && y > 0", 0), ("x > 0 || y > 0", 1), ("!(x == y)", 1), ("x != y", 1), ("y >= x", 0),
  ("(x < 1) + (y < 1)", 2), ("3 || 0", 1), ("0 && 3", 0), ("2 && 5", 1),
  ("huber(y-x, 0.5) + 0.1*abs(x)", 0.5 * (2 - 0.25) + 0.07),
]

/// What is wrong, and the character from which on, counted from 0.
private let invalid: [(String, Int, String)] = [
  ("", 0, "empty"), ("   ", 3, "empty"), ("x +", 3, "found the end"), ("* x", 0, "found '*'"),
  ("x + * y", 4, "found '*'"), ("x y", 2, "operator such as *"), ("2x", 1, "operator such as *"),
  ("2(x)", 1, "operator such as *"), ("x(2)", 0, "is no function"),
  ("(x)(y)", 3, "operator such as"),
  ("(x", 2, "closing bracket is missing"), ("((x)", 4, "closing bracket is missing"),
  ("x)", 1, "never opened"), ("()", 1, "found ')'"), ("abs(x", 5, "closing bracket is missing"),
  ("abs x", 0, "write abs(x)"), ("abs()", 0, "0 arguments"), ("abs(x, y)", 0, "2 arguments"),
  ("min(x)", 0, "1 argument"), ("if(x > 0, 1)", 0, "2 arguments"),
  ("huber(x)", 0, "huber(e, delta)"),
  ("pow(x, 2, 3)", 0, "3 arguments"), ("abs(,x)", 4, "found ','"), ("max(x,,y)", 6, "found ','"),
  ("max(x, y,)", 9, "found ')'"), ("hubr(x, 1)", 0, "did you mean 'huber'"),
  ("z", 0, "known are x, y"), ("x + foo(y)", 4, "'foo' is unknown"), ("sqr(x)", 0, "'sqrt'"),
  ("x ** 2", 2, "write ^"), ("x = 2", 2, "write =="), ("x & y", 2, "write &&"), ("x | y", 2, "||"),
  ("x $ 2", 2, "no meaning"), ("x − 1", 2, "minus of the keyboard"), ("2×x", 1, "write *"),
  ("0 < x < 1", 6, "cannot be chained"), ("x == y == 1", 7, "cannot be chained"),
  (".", 0, "beside the point"), ("x + .", 4, "beside the point"), ("1e999", 0, "too large"),
  ("1.2.3", 3, "operator such as *"), ("x, y", 1, "did not expect ','"), ("x^", 2, "found the end"),
  ("^2", 0, "found '^'"), ("pi(2)", 0, "is no function"), ("é + 1", 0, "no meaning"),
  ("x\u{7F}", 1, "no meaning"),
  ("a very long text that goes on and on and never + ends", 0, "unknown"),
]

@Suite struct FormulaTests {
  private let names = ["x", "y"]

  @Test(arguments: valid)
  func `a formula has the value that arithmetic gives`(text: String, expected: Double) throws {
    let value = try Formula(text, variables: names).value(at: [0.7, -1.3])
    #expect(abs(value - expected) < 1e-12, "\(text) = \(value)")
  }

  @Test(arguments: invalid)
  func `an error points at the character and says what to do`(
    text: String, position: Int, part: String
  ) throws {
    let error = try #require(throws: FormulaError.self) { try Formula(text, variables: names) }
    #expect(error.position == position)
    #expect(error.description.contains(part), "\(error)")
    #expect(!error.description.contains("\n"))
  }

  @Test(arguments: ["(", "-", "abs(", "2^"])
  func `endless nesting is an error and no crash`(part: String) throws {
    let text = String(repeating: part, count: 2000) + "x"
    let error = try #require(throws: FormulaError.self) { try Formula(text, variables: names) }
    #expect(error.reason.contains("deep"))
  }

  @Test func `a text longer than anybody writes is refused`() {
    let text = "x" + String(repeating: "+x", count: 5000)
    #expect(throws: FormulaError.self) { try Formula(text, variables: names) }
  }

  private static let smooth =
    valid.map(\.0) + [
      "x^y", "(abs(y) + 0.1)^x", "pow(x^2 + 1, y)", "(x^2+y-11)^2 + (x+y^2-7)^2",
      "log(1 + exp(-x*y))",
      "x*sin(y) + y*sin(x) + x^2 + y^2", "-20*exp(-0.2*sqrt((x^2+y^2)/2)) + 20 + e",
      "tanh(x*y)/sqrt(1 + x^2)", "logcosh(x - y) + sigmoid(x*y)", "max(x*x, y*y, x*y)",
    ]

  @Test(arguments: smooth)
  func `derivatives agree with finite differences at random points`(text: String) throws {
    let formula = try Formula(text, variables: names)
    let points = hashedNumbers(stream: 7, count: 40).map(Double.init)
    for index in stride(from: 0, to: points.count, by: 2) {
      // Bases and logarithms need a positive x.
      let point = [abs(points[index]) + 0.1, points[index + 1]]
      let (value, gradient) = formula.valueAndGradient(at: point)
      #expect(value == formula.value(at: point))
      for axis in 0...1 {
        let step = 1e-5
        var (up, down) = (point, point)
        up[axis] += step
        down[axis] -= step
        let numeric = (formula.value(at: up) - formula.value(at: down)) / (2 * step)
        let difference = abs(gradient[axis] - numeric)
        #expect(difference < 1e-7 * max(1, abs(numeric)), "\(text) at \(point) by \(names[axis])")
      }
    }
  }

  @Test func `second derivatives are derivatives of derivatives`() throws {
    let rosenbrock = try Formula("(1-x)^2 + 100*(y-x^2)^2", variables: names)
    let slope = rosenbrock.derivative(by: "x")
    let (x, y) = (0.3, -0.8)
    #expect(abs(slope.value(at: [x, y]) - (-2 * (1 - x) - 400 * x * (y - x * x))) < 1e-12)
    let second = slope.valueAndGradient(at: [x, y]).gradient
    #expect(abs(second[0] - (2 - 400 * y + 1200 * x * x)) < 1e-12)
    #expect(abs(second[1] - -400 * x) < 1e-12)
  }

  @Test(arguments: [
    ("sigmoid(x)", 0.0), ("softplus(-x)", 0), ("logcosh(x)", 1), ("tanh(x)", 0),
    ("huber(x, 1)", 1), ("log(1 + exp(min(x, 30)))", 0),
  ])
  func `nothing overflows at an argument of ten thousand`(text: String, slope: Double) throws {
    let result = try Formula(text, variables: ["x"]).valueAndGradient(at: [1e4])
    #expect(result.value.isFinite)
    #expect(result.gradient == [slope])
  }

  @Test(arguments: ["abs(x)", "relu(x)", "max(x, -x)", "x^0.5 * 0 + x*x", "sign(x)", "x^x * 0"])
  func `the slope at a corner is a number`(text: String) throws {
    let slope = try Formula(text, variables: ["x"]).valueAndGradient(at: [0]).gradient[0]
    #expect(slope.isFinite)
  }

  @Test func `a branch that is not taken cannot spoil the result`() throws {
    let formula = try Formula("if(x > 0, log(x), x)", variables: ["x"])
    let result = formula.valueAndGradient(at: [-2])
    #expect(result.value == -2)
    #expect(result.gradient == [1])
  }

  @Test(arguments: ["min(log(x), 3)", "min(3, log(x))", "max(log(x), 3)", "max(3, log(x))"])
  func `what is not a number stays so`(text: String) throws {
    #expect(try Formula(text, variables: ["x"]).value(at: [-1]).isNaN)
  }

  @Test func `a variable hides a constant`() throws {
    #expect(try Formula("e + 1", variables: ["e"]).value(at: [2]) == 3)
  }
}
