import ConvNet
import Support
import Training

extension BackpropagationReport {
  /// Everything in lines of 80 columns.
  var text: String {
    (heading + forwardLines + backwardLines + updateLines + pathLines + closing)
      .joined(separator: "\n")
  }

  private var heading: [String] {
    let network = backpropagation.network
    let parameters = graph.nodes.count { $0.kind == .parameter }
    let inputs = graph.stages[0].outputs
    return [
      "network    \(network.architecture)".fitted(80),
      "           \(parameters.counted("parameter")), \(inputs.count.counted("input")), "
        + network.classCount.counted("output"),
    ]
      + inputs.map { "\(name($0)) = \(graph.nodes[$0].value.significant(4))" }
      .lines(width: 69, separator: ", ", end: ",").enumerated()
      .map { ($0 == 0 ? "input      " : "           ") + $1 }
      + backpropagation.target.map { Double($0).significant(4) }
      .lines(width: 69, separator: ", ", end: ",").enumerated()
      .map { ($0 == 0 ? "target     " : "           ") + $1 }
  }

  private var forwardLines: [String] {
    ["", "FORWARD: every number from those before it"]
      + graph.stages.indices.dropFirst().flatMap { stage in
        ["", "\(stage)  \(graph.stages[stage].name)"]
          + graph.stages[stage].outputs.flatMap { graph.forward($0).lines }
      }
  }

  private var backwardLines: [String] {
    let count = graph.stages.count - 1
    return ["", "BACKWARD: the chain rule, from the loss to every number"]
      + graph.stages.indices.dropFirst().reversed().flatMap { stage in
        ["", "\(2 * count + 1 - stage)  \(graph.stages[stage].name)"]
          + graph.backwardPlaces(of: stage).flatMap { graph.backward($0).lines }
      }
  }

  /// Whether a step is θ − η∂L/∂θ.
  private var isPlain: Bool { "\(optimizer)" == "sgd" }

  private var updateLines: [String] {
    let number = 2 * graph.stages.count - 1
    let rule =
      isPlain
      ? "w ← w − η·∂L/∂w with η = \(Double(rate).significant(4))"
      : "\(optimizer) at a rate of \(Double(rate).significant(4))"
    let header =
      "   " + "number".left(8) + "value".right(10) + "backpropagation".right(17)
      + "finite difference".right(19) + "difference".right(12) + "after".right(11)
    let rows = backpropagation.checks.enumerated().map { index, check in
      let node = graph.nodes[check.place]
      let after =
        node.kind == .parameter ? backpropagation.updated[index].significant(4) : ""
      let note = check.hasKink ? "kink" : check.passes ? check.difference.short : "wrong"
      let row =
        "   " + node.name.left(8) + node.value.significant(4).right(10)
        + check.gradient.significant(4).right(17)
        + check.finiteDifference.significant(4).right(19) + note.right(12)
      return after.isEmpty ? row : row + after.right(11)
    }
    return ["", "UPDATE", "", "\(number)  \(rule)", header] + rows
      + [
        "",
        "   The loss falls from \(graph.loss.value.significant(4)) to "
          + "\(backpropagation.lossAfter.significant(4)).",
      ].map {
        backpropagation.lossAfter < graph.loss.value
          ? $0 : $0.replacing("The loss falls", with: "The loss goes")
      }
  }

  /// Ways that are listed.
  private static let mostPaths = 12

  private var pathLines: [String] {
    let paths = graph.paths(from: traced, atMost: Self.mostPaths + 1)
    let shown = paths.prefix(Self.mostPaths)
    let gradient = graph.nodes[traced].gradient
    guard !paths.isEmpty else {
      return ["", "No way leads from \(name(traced)) to the loss without a factor of 0."]
    }
    let lines = shown.flatMap { path in
      let way = ([traced] + path.map(\.target)).map(name).joined(separator: " → ")
      let product = path.reduce(1) { $0 * $1.derivative }
      let factors = path.map { $0.derivative.factor(3) }.joined(separator: "·")
      let result = "\(factors) = \(product.significant(4))"
      let whole = "   \(way)   \(result)"
      return whole.count <= 80 ? [whole] : ["   \(way)", "      \(result)"]
    }
    let more = paths.count > shown.count
    return ["", "THE WAYS FROM \(name(traced)) TO THE LOSS, with the factors on them", ""] + lines
      + [
        more
          ? "   and more; all together \(graph.slope(traced)) = \(gradient.significant(4))"
          : "   together \(graph.slope(traced)) = \(gradient.significant(4))"
      ]
  }

  private var closing: [String] {
    [
      "",
      "Numbers were moved by \(backpropagation.reach.short) for the finite differences; the sums",
      "of products along the arrows differ from the gradients of the layers by",
      "\(graph.largestChainError.short) at most.",
    ] + (passes ? [verdict] : [])
  }
}
