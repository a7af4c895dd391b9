internal import ConvNet
internal import ImageLoading
internal import LocalServer
internal import Optimization
internal import Tensors
internal import Training

/// Points of the plane: those that are trained on, held out, and drawn anew for a test.
struct PointSubject: Subject {
  /// Points of the test, which are the same for every share held out.
  static let testCount = 500

  let training: [PointSet.Point], validation: [PointSet.Point], test: [PointSet.Point]
  let source: any SampleSource
  let inputShape = Shape(height: 1, width: 1, channels: 2)

  init(_ state: NetworkState) throws(FieldError) {
    guard let form = PointSet.Form(rawValue: state.data) else {
      let known = PointSet.Form.allCases.map(\.rawValue) + [PracticeSet.name]
      throw FieldError(field: "data", message: "expected \(known.joined(separator: ", "))")
    }
    let points = PointSet.points(
      form, count: state.count, noise: state.noise, seed: state.seed, stream: 0)
    let held = Int((Double(state.count) * state.validation).rounded())
    validation = Array(points.suffix(held))
    training = points.dropLast(held) + (try Self.added(state.points ?? []))
    test = PointSet.points(
      form, count: Self.testCount, noise: state.noise, seed: state.seed, stream: 1)
    source = VectorSamples(
      training.map { [$0.x, $0.y] }, labels: training.map(\.label), classCount: 2,
      batchSize: state.batch, seed: state.seed)
  }

  private static func added(_ points: [[Double]]) throws(FieldError) -> [PointSet.Point] {
    let reach = PointSet.reach
    guard points.count <= NetworkPlan.Limits.added,
      points.allSatisfy({ point in
        point.count == 3 && point.prefix(2).allSatisfy { abs($0) <= reach }
          && (point[2] == 0 || point[2] == 1)
      })
    else {
      throw FieldError(
        field: "points",
        message: "expected at most \(NetworkPlan.Limits.added) points: x and y from "
          + "−\(Int(reach)) to \(Int(reach)), and 0 or 1")
    }
    return points.map { PointSet.Point(x: Float($0[0]), y: Float($0[1]), label: Int($0[2])) }
  }

  func points(of part: Split.Part) -> [PointSet.Point] {
    switch part {
    case .train: training
    case .validation: validation
    case .test: test
    }
  }

  func count(of part: Split.Part) -> Int { points(of: part).count }

  func architecture(_ state: NetworkState) -> String {
    (state.layers.map { "dense \($0), \(state.activation)" } + ["dense"]).joined(separator: ", ")
  }

  func evaluate(
    _ part: Split.Part, _ network: Network, _ values: NetworkValues, _ objective: any Objective
  ) -> Evaluation {
    let points = points(of: part)
    let execution = Execution(
      network: network, batchSize: points.count, workers: Workers(count: 1), trains: false)
    execution.input.copy(from: points.flatMap { [$0.x, $0.y] })
    var statistics = values.statistics
    let logits = execution.forward(
      count: points.count, parameters: values.parameters, statistics: &statistics,
      phase: .inference)
    return Evaluation(
      logits: logits, targets: points.map(\.label), classes: ["0", "1"], objective: objective)
  }
}
