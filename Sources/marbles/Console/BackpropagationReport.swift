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

  var passes: Bool { backpropagation.passes }
  var verdict: String { backpropagation.verdict }

  func name(_ place: Int) -> String { graph.nodes[place].name }
}
