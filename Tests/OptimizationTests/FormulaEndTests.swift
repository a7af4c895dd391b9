import Foundation
import Optimization
import TestSupport
import Testing

@Suite struct FormulaEndTests {
  @Test(arguments: [
    ("x*log(x)", [0.0], 0.0), ("-x*log(x)", [0], 0), ("log(x)*x", [0], 0), ("-log(x)*x", [0], 0),
    ("x*2*log(x)", [0], 0), ("x*log(x)/log(2)", [0], 0), ("(1-x)*log(1-x)", [1], 0),
    ("x*(log(x)-1)", [0], 0), ("x*(log(x)-log(3))", [0], 0), ("x*-log(x)", [0], 0),
  ])
  func `0 times log 0 is 0`(formula: String, place: [Double], value: Double) throws {
    #expect(try Formula(formula, variables: ["x"]).value(at: place) == value)
  }

  @Test(arguments: ["x*(1/x)", "x*log(-1)", "0/x", "x*log(x-1)"])
  func `what has no value at 0 still has none`(formula: String) throws {
    let value = try Formula(formula, variables: ["x"]).value(at: [0])
    #expect(value.isNaN || formula == "0/x")
  }

  @Test(arguments: [
    "expr:-(y*log(p)+(1-y)*log(1-p))", "expr:-y*log(p)", "expr:y*log(y/p)",
    "expr:y*(log(y)-logp)", "expr:-p*log(p)-(1-p)*log(1-p)", "expr:-log(p)*y",
  ])
  func `a formula of logarithms is finite however sure the network is`(text: String) throws {
    let objective = try ObjectiveChoice(text).makeObjective(classCount: 2)
    for gap in [Float(0), 1, 30, 36.8, 40, 100, 745, 800, 1e4, 1e30] {
      for logits in [[gap, 0], [0, gap]] {
        let (loss, gradient) = objective.evaluate(logits: logits, targets: [0])
        #expect(loss.isFinite, "\(logits)")
        #expect(gradient.allSatisfy { $0.isFinite }, "\(logits) \(gradient)")
      }
    }
  }

  @Test func `a sure and right network has no loss`() throws {
    let objective = try ObjectiveChoice("expr:-(y*log(p)+(1-y)*log(1-p))")
      .makeObjective(classCount: 2)
    let (loss, gradient) = objective.evaluate(logits: [800, 0], targets: [0])
    #expect(abs(loss) < 1e-15 && gradient.allSatisfy { abs($0) < 1e-12 })
  }

  @Test func `a derivative follows the product rule where it is finite`() throws {
    let formula = try Formula("x*log(y) + log(x)*y", variables: ["x", "y"])
    let (value, gradient) = formula.valueAndGradient(at: [2, 3])
    #expect(abs(value - (2 * log(3) + 3 * log(2))) < 1e-14)
    #expect(abs(gradient[0] - (log(3) + 1.5)) < 1e-14)
    #expect(abs(gradient[1] - (2.0 / 3 + log(2))) < 1e-14)
    #expect(try Formula("x*log(x)", variables: ["x"]).derivative(by: "x").value(at: [1]) == 1)
  }
}
