import ConvNet
import Support
import Training

extension BackpropagationReport {
  /// What `--json` prints.
  struct Record: Encodable {
    struct Number: Encodable {
      var name: String, kind: String, stage: Int
      var value: Double, gradient: Double
      var alongArrows: Double
      var finiteDifference: Double?, hasKink: Bool?
      var after: Double?
    }

    struct Arrow: Encodable {
      var from: String, to: String, derivative: Double
    }

    var architecture: String, optimizer: String, learningRate: Float
    var stages: [String], numbers: [Number], arrows: [Arrow]
    var loss: Double, lossAfter: Double
    var reach: Double, passes: Bool, verdict: String
    var figures: [String]
  }

  func record(files: [String]) -> Record {
    let checks = Dictionary(
      uniqueKeysWithValues: backpropagation.checks.map { ($0.place, $0) })
    var updated = backpropagation.updated[...]
    let numbers = graph.nodes.enumerated().map { place, node in
      Record.Number(
        name: Self.plain(node.name), kind: node.kind.rawValue, stage: node.stage,
        value: node.value, gradient: node.gradient, alongArrows: graph.chainGradient(of: place),
        finiteDifference: checks[place]?.finiteDifference, hasKink: checks[place]?.hasKink,
        after: node.kind == .parameter ? updated.popFirst() : nil)
    }
    return Record(
      architecture: "\(backpropagation.network.architecture)", optimizer: "\(optimizer)",
      learningRate: rate, stages: graph.stages.map(\.name), numbers: numbers,
      arrows: graph.arrows.map {
        .init(
          from: Self.plain(name($0.source)), to: Self.plain(name($0.target)),
          derivative: $0.derivative)
      }, loss: graph.loss.value, lossAfter: backpropagation.lossAfter,
      reach: backpropagation.reach, passes: passes, verdict: verdict, figures: files)
  }

  /// The table beside the figures: a row for each arrow.
  var csv: [[String]] {
    [["from", "to", "value", "derivative", "gradient_of_target", "product"]]
      + graph.arrows.map { arrow in
        let gradient = graph.nodes[arrow.target].gradient
        return [
          Self.plain(name(arrow.source)), Self.plain(name(arrow.target)),
          graph.nodes[arrow.source].value.text, arrow.derivative.text, gradient.text,
          (gradient * arrow.derivative).text,
        ]
      }
  }
}
