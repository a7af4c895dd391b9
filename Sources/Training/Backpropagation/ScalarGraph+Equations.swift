// How the numbers of a graph follow from each other, as equations.
extension ScalarGraph {
  /// Digits of numbers in formulas.
  private static let digits = 4

  func name(_ place: Int) -> String { nodes[place].name }

  private func value(_ place: Int) -> String { nodes[place].value.factor(Self.digits) }

  /// ∂L/∂ a number.
  package func slope(_ place: Int) -> String { "∂L/∂\(name(place))" }

  /// How a number is computed: with names, with numbers, and what it is.
  package func forward(_ place: Int) -> Equation {
    let node = nodes[place]
    let constant = { (number: Double) in number.factor(Self.digits) }
    let sides = node.formula.map { formula in
      [formula.text(name, number: constant), formula.text(value, number: constant)]
    }
    return Equation(
      left: node.name, sides: (sides ?? []) + [[node.value.significant(Self.digits)]])
  }

  /// How a gradient follows from those after it: along the arrows, with names, with numbers.
  package func backward(_ place: Int) -> Equation {
    let arrows = arrows(from: place)
    let value = [nodes[place].gradient.significant(Self.digits)]
    let values = nodes.map(\.value)
    let constant = { (number: Double) in number.factor(Self.digits) }
    func factor(_ arrow: Arrow, _ text: (Int) -> String) -> String {
      nodes[arrow.target].formula?.derivativeText(
        by: place, own: arrow.target, values, text, number: constant) ?? ""
    }
    let last = nodes.count - 1
    guard arrows.allSatisfy({ $0.target != last }) else {
      let texts = arrows.flatMap { arrow in [factor(arrow, name), factor(arrow, self.value)] }
      return Equation(left: slope(place), sides: texts.map { [$0] } + [value])
    }
    return Equation(
      left: slope(place),
      sides: [
        arrows.map { "\(slope($0.target))·∂\(name($0.target))/∂\(name(place))" },
        arrows.map { "\(slope($0.target))·\(factor($0, name))" },
        arrows.map { arrow in
          nodes[arrow.target].gradient.factor(Self.digits) + "·"
            + arrow.derivative.factor(Self.digits)
        }, value,
      ])
  }

  /// The places whose gradients a step backward through a stage gives: its parameters, and what
  /// it was given.
  package func backwardPlaces(of stage: Int) -> [Int] {
    Array(stages[stage].parameters) + Array(stages[stage - 1].outputs)
  }
}
