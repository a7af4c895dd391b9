internal import ConvNet
internal import Foundation
internal import ImageLoading
internal import PageFrame
internal import Support
internal import Tensors
internal import Training

/// What the page is told of a training at a step.
struct NetworkAnswer: Encodable {
  /// How some of the samples are judged.
  struct Part: Encodable {
    var count: Int, correct: Int
    var loss: Double?
  }

  /// Steps taken, which may be fewer than were asked for: then it asks again.
  var step: Int, epoch: Int, stepsPerEpoch: Int, stepsAtOnce: Int
  var training: Part, validation: Part?, test: Part
  /// Step, loss of training and of validation.
  var curve: [[Double?]]
  /// Why it cannot go on.
  var end: String?
  /// How good the network is, and what it is.
  var words: String, network: String
  var plane: PlaneView?
  var sketch: SketchView?

  /// - Parameters:
  ///   - side: Rows and columns of the pictures of neurons.
  ///   - sample: The sketch to look at, by its place among all of them.
  init(
    _ plan: NetworkPlan, _ snapshot: NetworkSnapshot, side: Int, sample: Int,
    withPoints: Bool
  ) {
    let training = plan.training(from: snapshot.place)
    let values = NetworkValues(
      parameters: training.evaluationParameters, statistics: training.place.model.statistics)
    func part(_ part: Split.Part) -> Part? {
      plan.evaluation(of: part, values).map {
        Part(count: $0.count, correct: $0.correct, loss: $0.loss.finite)
      }
    }
    (step, epoch) = (training.place.step, training.epoch)
    (stepsPerEpoch, stepsAtOnce) = (plan.subject.source.stepsPerEpoch, plan.stepsAtOnce)
    let none = Part(count: 0, correct: 0)
    (self.training, test) = (part(.train) ?? none, part(.test) ?? none)
    validation = part(.validation)
    curve = snapshot.curve.points
    end = snapshot.end
    words = Self.words(
      step, epoch, self.training, validation, test,
      kind: plan.subject is SketchSubject ? "sketches" : "points")
    network =
      "\(plan.network.architecture) · \(plan.network.parameterLayout.count) parameters"
    switch plan.subject {
    case let points as PointSubject:
      plane = PlaneView(plan.network, values, points, side: side, withPoints: withPoints)
    case let sketches as SketchSubject:
      sketch = SketchView(plan.network, values, sketches, index: sample)
    default: break
    }
  }

  private static func words(
    _ step: Int, _ epoch: Int, _ training: Part, _ validation: Part?, _ test: Part, kind: String
  ) -> String {
    let part = Double(test.correct) / Double(max(1, test.count))
    let held = validation.map { ", \($0.lossWords) on \($0.count) held out" } ?? ""
    return
      "Step \(step), epoch \(epoch): it gets \(test.correct) of \(test.count) new \(kind) right "
      + "(\(part.percentage())). Loss \(training.lossWords) on the \(training.count) it trains on"
      + "\(held)."
  }
}

extension NetworkAnswer.Part {
  fileprivate var lossWords: String { loss?.spoken ?? "–" }
}

/// A network of points as the page draws it.
struct PlaneView: Encodable {
  /// The window is from −reach to reach.
  var reach = PointSet.reach
  /// The weights of each layer, a row for each neuron, and the biases.
  var weights: [[[Float?]]] = [], biases: [[Float?]] = []
  /// What the neurons are called, layer by layer.
  var names: [String]
  /// What the network is, for those who do not see it.
  var words: String
  /// Rows and columns of the pictures.
  var side: Int
  /// Signed bytes plus 128 of every neuron, layer by layer, then of the answer, as Base64.
  ///
  /// Row by row from the top; each neuron on its own scale, and of the answer twice the probability
  /// of class 1, less 1.
  var pictures: String
  /// Where both classes are equally probable: segments of four numbers, in ten-thousandths of the
  /// window from its lower left corner.
  var boundary: [Int]
  /// x, y and class, first those of training, then those held out; only where asked for.
  var points: [[Float]]?

  init(
    _ network: Network, _ values: NetworkValues, _ subject: PointSubject, side: Int,
    withPoints: Bool
  ) {
    let parameters = values.parameters
    for (slot, layout) in parameters.layout.slots.enumerated() {
      let numbers = parameters[slot: slot].map { $0.isFinite ? $0 : nil }
      if layout.shape.count > 1 {
        weights.append(numbers.rows(of: layout.shape[1]))
      } else if layout.name.hasSuffix("bias") {
        biases.append(numbers)
      }
    }
    let neurons = NeuronNames(biases.map(\.count))
    names = neurons.all
    words = neurons.words(weights)
    self.side = side
    let field = NeuronFields(network, values, side: side)
    pictures = Data(field.neurons.flatMap(NeuronFields.bytes) + field.answerBytes)
      .base64EncodedString()
    boundary = field.boundary
    if withPoints {
      points = (subject.training + subject.validation).map { [$0.x, $0.y, Float($0.label)] }
    }
  }
}

extension Array {
  /// Cut into rows.
  fileprivate func rows(of width: Int) -> [[Element]] {
    stride(from: 0, to: count, by: width).map { Array(self[$0..<$0 + width]) }
  }
}
