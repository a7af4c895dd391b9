internal import ConvNet
internal import LocalServer
internal import Optimization
internal import PageFrame
internal import Tensors
internal import Training

/// One backpropagation of the page's network, number by number.
struct Ledger: Encodable {
  /// A layer on the way forward or back.
  struct Step: Encodable {
    var title: String
    /// Whether values are computed, and not gradients.
    var isForward: Bool
    /// What is new: a value or a gradient with its arithmetic.
    var equations: [String]
    /// The places of layers, from 0, whose numbers are known after it.
    var layer: Int
  }

  struct Check: Encodable {
    var name: String, value: Double, gradient: Double, finiteDifference: Double
    /// right, wrong, or kink.
    var verdict: String
  }

  /// What went in, its class and the loss, and whether the gradients are right.
  var words: String
  var steps: [Step]
  var checks: [Check]
  /// For each column of neurons, what they put out, and the gradient of that.
  var values: [[Double]], gradients: [[Double]]

  /// The most parameters of a network of the page.
  static let mostParameters = 300

  /// - Throws: `FieldError` if the network cannot be written down there.
  init(
    _ plan: NetworkPlan, _ subject: PointSubject, _ snapshot: NetworkSnapshot, sample: Int
  ) throws(FieldError) {
    let points = subject.training + subject.validation
    try FieldError.check(sample: sample, of: points.count)
    let point = points[sample]
    let training = plan.training(from: snapshot.place)
    let work: Backpropagation
    do {
      work = try Backpropagation(
        plan.network, parameters: training.evaluationParameters,
        statistics: training.place.model.statistics, input: [point.x, point.y],
        target: point.label == 0 ? [1, 0] : [0, 1], objective: plan.objectiveChoice,
        optimizer: plan.optimizer, learningRate: plan.state.rate(ofStep: snapshot.step),
        mostParameters: Self.mostParameters)
    } catch {
      throw FieldError(field: "sample", message: "\(error)")
    }
    let graph = work.graph
    let last = graph.stages.count - 1
    func title(_ stage: Int, _ way: String) -> String {
      "\(way) through \(graph.stages[stage].name)"
    }
    steps =
      (1...last).map { stage in
        Step(
          title: title(stage, "forward"), isForward: true,
          equations: graph.stages[stage].outputs.map { graph.forward($0).oneLine }, layer: stage)
      }
      + (1...last).reversed().map { stage in
        Step(
          title: title(stage, "backward"), isForward: false,
          equations: graph.backwardPlaces(of: stage).map { graph.backward($0).oneLine },
          layer: stage)
      }
    checks = work.checks.map { check in
      Check(
        name: graph.nodes[check.place].name, value: graph.nodes[check.place].value,
        gradient: check.gradient, finiteDifference: check.finiteDifference,
        verdict: check.hasKink ? "kink" : check.passes ? "right" : "wrong")
    }
    let verdict = work.verdict
    words =
      "The point (\(Double(point.x).spoken), \(Double(point.y).spoken)) is of class "
      + "\(point.label); loss \(graph.loss.value.spoken). "
      + "\(verdict.prefix(1).uppercased())\(verdict.dropFirst())."
    // The input, hidden layers after their activation, and the logits.
    let layers = plan.network.layers.count
    let columns = (0...layers).filter { $0 % 2 == 0 || $0 == layers }
    values = columns.map { graph.stages[$0].outputs.map { graph.nodes[$0].value } }
    gradients = columns.map { graph.stages[$0].outputs.map { graph.nodes[$0].gradient } }
  }
}
