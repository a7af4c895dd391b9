import Optimization
import Support
import Training

/// What `marbles backprop` says: every step in numbers, the checks, and the way of one gradient.
struct BackpropagationReport {
  let backpropagation: Backpropagation
  let optimizer: OptimizerChoice
  let rate: Float
  /// The place of the number whose ways to the loss are listed.
  let traced: Int

  var graph: ScalarGraph { backpropagation.graph }

  /// - Parameter path: The name of the number whose ways are listed; nil for the first parameter.
  /// - Throws: `Failure` for wrong usage if nothing has that name.
  init(
    _ backpropagation: Backpropagation, optimizer: OptimizerChoice, rate: Float, path: String?
  ) throws {
    self.backpropagation = backpropagation
    self.optimizer = optimizer
    self.rate = rate
    let nodes = backpropagation.graph.nodes
    let wanted = path.map(Self.plain)
    let found = nodes.firstIndex { node in
      wanted.map { $0 == Self.plain(node.name) } ?? (node.kind == .parameter)
    }
    guard let found else {
      let names = nodes.map { Self.plain($0.name) }
      let hint = closest(to: wanted ?? "", in: names).map { "did you mean '\($0)'?" }
      throw Failure(
        .usage,
        "--path: no number is called '\((path ?? "").fitted(20))'; "
          + (hint ?? "there are \(names.prefix(8).joined(separator: ", ")) and others"))
    }
    traced = found
  }

  /// A name with plain digits.
  static func plain(_ name: String) -> String {
    String(name.map { $0.wholeNumberValue.map { Character("\($0)") } ?? $0 })
  }

  /// Whether every gradient agrees with its finite difference.
  var passes: Bool { backpropagation.checks.allSatisfy(\.passes) }

  var verdict: String {
    let checks = backpropagation.checks
    let smooth = checks.filter { !$0.hasKink }
    let worst = smooth.map(\.difference).max() ?? 0
    guard let wrong = checks.first(where: { !$0.passes }) else {
      let kinks = checks.count - smooth.count
      return "gradients are right: \(smooth.count) checked, largest difference \(worst.short)"
        + (kinks > 0 ? "; \(kinks) at a kink" : "")
    }
    return "gradients are wrong: \(graph.nodes[wrong.place].name), difference "
      + wrong.difference.short
  }

  // MARK: Names and numbers

  /// Digits of numbers in formulas.
  private static let digits = 4

  func name(_ place: Int) -> String { graph.nodes[place].name }

  func value(_ place: Int) -> String { graph.nodes[place].value.factor(Self.digits) }

  /// ∂L/∂ a number.
  func slope(_ place: Int) -> String { "∂L/∂\(name(place))" }

  /// How a number is computed: with names, with numbers, and what it is.
  func forward(_ place: Int) -> Equation {
    let node = graph.nodes[place]
    let constant = { (number: Double) in number.factor(Self.digits) }
    let sides = node.formula.map { formula in
      [formula.text(name, number: constant), formula.text(value, number: constant)]
    }
    return Equation(
      left: node.name, sides: (sides ?? []) + [[node.value.significant(Self.digits)]])
  }

  /// How a gradient follows from those after it: along the arrows, with names, with numbers.
  func backward(_ place: Int) -> Equation {
    let arrows = graph.arrows(from: place)
    let value = [graph.nodes[place].gradient.significant(Self.digits)]
    let constant = { (number: Double) in number.factor(Self.digits) }
    func factor(_ arrow: ScalarGraph.Arrow, _ text: (Int) -> String) -> String {
      graph.nodes[arrow.target].formula?.derivativeText(
        by: place, own: arrow.target, graph.nodes.map(\.value), text, number: constant) ?? ""
    }
    let last = graph.nodes.count - 1
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
          graph.nodes[arrow.target].gradient.factor(Self.digits) + "·"
            + arrow.derivative.factor(Self.digits)
        }, value,
      ])
  }

  /// The places whose gradients a step backward through a stage gives: its parameters, and what
  /// it was given.
  func backwardPlaces(of stage: Int) -> [Int] {
    Array(graph.stages[stage].parameters) + Array(graph.stages[stage - 1].outputs)
  }
}
