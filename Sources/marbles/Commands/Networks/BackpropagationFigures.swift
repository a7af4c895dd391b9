import ConvNet
import Optimization
import Plotting
import Support
import Training

/// The figures of a small network: all of it, and every step.
struct BackpropagationFigures {
  let report: BackpropagationReport
  let theme: Theme
  /// The boxes, and the place of each in the graph; nil for a list of shared parameters.
  private let boxes: [(place: Int?, box: GraphFigure.Box)]
  /// What the rows of each box show.
  private let rows: [[GraphBoxes.Entry]]
  private let arrows: [GraphFigure.Arrow]

  init(_ report: BackpropagationReport, theme: Theme) {
    self.report = report
    self.theme = theme
    let builder = GraphBoxes(report)
    boxes = builder.boxes
    rows = builder.rows
    arrows = builder.arrows
  }

  private var graph: ScalarGraph { report.graph }
  private var stageCount: Int { graph.stages.count - 1 }

  /// Everything, forward and backward.
  var whole: GraphFigure {
    let loss = graph.loss.value.significant(4)
    return figure(
      "Backpropagation", "loss \(loss) · at each arrow's end, what its number is multiplied by",
      known: stageCount, gradients: 0)
  }

  /// Forward through every stage, backward through every stage, and the update.
  var steps: [GraphFigure] {
    let count = 2 * stageCount + 1
    let forward = (1...stageCount).map { stage in
      figure(
        "Step \(stage) of \(count): forward, \(graph.stages[stage].name)",
        equations(graph.stages[stage].outputs.map { graph.forward($0) }), known: stage,
        gradients: nil, forward: stage)
    }
    let backward = (1...stageCount).reversed().map { stage in
      figure(
        "Step \(count - stage) of \(count): backward, \(graph.stages[stage].name)",
        equations(graph.backwardPlaces(of: stage).map { graph.backward($0) }),
        known: stageCount, gradients: stage, backward: stage)
    }
    return forward + backward + [update(count)]
  }

  /// As many whole equations as have room in a line, and how many more there are.
  private func equations(_ equations: [Equation]) -> String {
    let texts = equations.map(\.oneLine)
    let room = Int((whole.size.width - 56) / 7.2)
    func line(_ count: Int) -> String {
      let more = texts.count - count
      let shown = texts.prefix(count).joined(separator: "  ·  ")
      return more == 0 ? shown : "\(shown)  ·  and \(more) more"
    }
    return (1...texts.count).map(line).last { $0.count <= room } ?? line(1)
  }

  /// The network with its new parameters, whose other numbers are not computed yet.
  private func update(_ count: Int) -> GraphFigure {
    let before = graph.loss.value.significant(4)
    let after = report.backpropagation.lossAfter.significant(4)
    var figure = figure(
      "Step \(count) of \(count): update by \(report.optimizer.name)",
      "all parameters move at once; the loss of the same input was \(before), and is \(after) then",
      known: 0, gradients: nil)
    let first = graph.nodes.indices.filter { graph.nodes[$0].kind == .parameter }
    let updated = Dictionary(
      uniqueKeysWithValues: zip(first, report.backpropagation.updated))
    for box in boxes.indices {
      for row in rows[box].indices {
        guard let place = rows[box][row].place, let value = updated[place] else { continue }
        figure.boxes[box].rows[row].value = value.significant(3)
        figure.boxes[box].rows[row].showsValue = true
      }
      if rows[box].contains(where: { $0.place.map { updated[$0] != nil } ?? false }) {
        figure.boxes[box].activity = .forward
      }
    }
    return figure
  }

  /// - Parameters:
  ///   - known: The last stage whose values are shown.
  ///   - gradients: The stage through which gradients have passed last; nil for none.
  ///   - forward: The stage that is computed.
  ///   - backward: The stage that gradients pass through.
  private func figure(
    _ title: String, _ subtitle: String, known: Int, gradients: Int?, forward: Int? = nil,
    backward: Int? = nil
  ) -> GraphFigure {
    func hasGradient(_ place: Int) -> Bool {
      guard let gradients else { return false }
      let node = graph.nodes[place]
      let stage = node.kind == .parameter ? node.stage : node.stage + 1
      return stage >= max(gradients, 1)
    }
    var shown = boxes.map(\.box)
    for index in boxes.indices {
      let stage = shown[index].column
      if let place = boxes[index].place {
        shown[index].head?.showsValue = stage <= known
        shown[index].head?.showsGradient = hasGradient(place)
      }
      for row in rows[index].indices {
        // Parameters are known from the beginning, factors once their box is.
        let place = rows[index][row].place
        shown[index].rows[row].showsValue = place != nil || stage <= known
        shown[index].rows[row].showsGradient = place.map(hasGradient) ?? false
      }
      shown[index].activity =
        stage == forward
        ? .forward
        : stage == backward || stage + 1 == backward
          ? .backward
          : stage <= known ? .idle : .pending
    }
    let drawn = arrows.map { arrow in
      var arrow = arrow
      let stage = shown[arrow.target].column
      arrow.activity =
        stage == forward
        ? .forward
        : stage == backward ? .backward : stage <= known ? .idle : .pending
      return arrow
    }
    return GraphFigure(
      title: title, subtitle: subtitle, footer: footer, columns: graph.stages.map(\.name),
      boxes: shown, arrows: drawn, theme: theme)
  }

  private var footer: String {
    "\(report.backpropagation.network.architecture) · "
      + "a gradient is the sum, over the arrows that leave a number, of the gradient at the end "
      + "times the factor there"
  }
}
