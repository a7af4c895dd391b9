package import LocalServer
internal import Optimization
internal import Support

/// The page on which a small network trains: its files, and what it asks for.
///
/// The address of the page holds the whole state, and every number follows from it and the step.
package final class NetworkPage: Sendable {
  /// Layers without parameters, and the rectifier that learns its slope.
  package static let activations = [
    "relu", "leaky-relu", "prelu", "gelu", "silu", "sigmoid", "tanh",
  ]

  private let kept = KeptTrainings()
  private let practice = PracticeSet()

  /// Creates the page; nothing is prepared before it is asked for.
  package init() {}

  /// Trainings that are kept at the moment.
  package var keptCount: Int { kept.count }

  /// Everything that is served.
  package var routes: [Route] {
    Self.assets
      + [
        Route(.get, "/network/catalogue") { _ in Response(json: NetworkCatalogue()) },
        Route.question("/network/step") { [self] (question: Question) throws(FieldError) in
          let (plan, snapshot) = try reached(question)
          let sample = question.sample ?? 0
          if let subject = plan.subject as? SketchSubject {
            try FieldError.check(sample: sample, of: subject.sampleCount)
          }
          return Response(
            json: NetworkAnswer(
              plan, snapshot, side: question.isCoarse ?? false ? 24 : 64, sample: sample,
              withPoints: question.withPoints ?? false))
        },
        Route.question("/network/ledger") { [self] (question: Question) throws(FieldError) in
          let (plan, snapshot) = try reached(question)
          guard let subject = plan.subject as? PointSubject else {
            throw FieldError(
              field: "data", message: "too many numbers to write down; choose points")
          }
          guard snapshot.step == question.step || snapshot.end != nil else {
            throw FieldError(
              field: "step",
              message: "only \(snapshot.step) steps are taken yet; ask for steps first")
          }
          return Response(
            json: try Ledger(plan, subject, snapshot, sample: question.sample ?? 0))
        },
      ]
  }

  /// What the page asks about a training.
  private struct Question: Codable {
    var state: NetworkState
    /// The step that is wanted.
    var step: Int
    /// A point or a sketch, from 0.
    var sample: Int?
    /// Whether small pictures are enough.
    var isCoarse: Bool?
    var withPoints: Bool?
  }

  /// A training as near to a step as one question brings it.
  private func reached(
    _ question: Question
  ) throws(FieldError) -> (NetworkPlan, NetworkSnapshot) {
    guard NetworkPlan.Limits.steps.contains(question.step) else {
      throw FieldError(
        field: "step",
        message: "\(question.step), expected 0 to \(NetworkPlan.Limits.steps.upperBound)")
    }
    let plan = try NetworkPlan(question.state, sketches: practice)
    var snapshot = kept.snapshot(of: question.state, before: question.step)
    plan.advance(&snapshot, toward: question.step)
    kept.keep(snapshot, of: question.state)
    return (plan, snapshot)
  }
}

/// All that the page lets one choose.
private struct NetworkCatalogue: Encodable {
  struct Optimizer: Encodable { var name: String, rate: Float }

  let data = PointSet.Form.allCases.map(\.rawValue) + [PracticeSet.name]
  let activations = NetworkPage.activations
  let objectives = ObjectiveCatalogue.standard.allNames
  let optimizers = OptimizerChoice.all.map { Optimizer(name: $0.name, rate: $0.trainingRate) }
}
