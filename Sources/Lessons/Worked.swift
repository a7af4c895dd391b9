internal import ConvNet
internal import Foundation
internal import Optimization
internal import Support
internal import Tensors

/// Answers worked out by the code that trains networks and rolls marbles.
enum Worked {
  static func make<Value>(_ value: () throws -> Value) -> Value {
    do {
      return try value()
    } catch {
      preconditionFailure("an exercise asks for what cannot be worked out: \(error)")
    }
  }

  // MARK: Formulas and marbles

  /// The value of a formula of x.
  static func value(_ formula: String, at x: Double) -> Double {
    make { try Formula(formula, variables: ["x"]).value(at: [x]) }
  }

  /// The slope of a formula of x.
  static func slope(_ formula: String, at x: Double) -> Double {
    make { try Formula(formula, variables: ["x"]).valueAndGradient(at: [x]).gradient[0] }
  }

  /// The largest learning rate at which gradient descent does not grow on a parabola: 2/L, L being
  /// its curvature.
  static func largestRate(_ parabola: String) -> Double {
    make {
      let slope = try Formula(parabola, variables: ["x"]).derivative(by: "x")
      return 2 / slope.valueAndGradient(at: [0]).gradient[0]
    }
  }

  /// Where a marble is after each step, from its start on.
  static func places(
    _ optimizer: String = "sgd", on surface: String, rate: Double, from start: [Double]? = nil,
    steps: Int
  ) -> [[Double]] {
    make {
      try Roll(
        MarbleChoice(optimizer), on: Surface(surface), rate: rate, from: start, steps: steps
      ).trajectory.map(\.place)
    }
  }

  /// The first coordinate after the last step.
  static func place(
    _ optimizer: String = "sgd", on surface: String, rate: Double, from start: [Double]? = nil,
    steps: Int
  ) -> Double {
    places(optimizer, on: surface, rate: rate, from: start, steps: steps)[steps][0]
  }

  /// The lowest place of a surface of x.
  static func lowestPlace(of surface: String) -> Double {
    make { try Surface(surface).minima[0][0] }
  }

  // MARK: Objectives

  /// The loss of a regression, and its slope, at an error.
  static func loss(_ objective: String, error: Double) -> ObjectiveCurve.Sample {
    make {
      ObjectiveCurve(
        try ObjectiveChoice(objective), over: .error, reach: abs(error), count: 2
      ).samples[error < 0 ? 0 : 1]
    }
  }

  /// The loss of one sample of the first class, from logits.
  static func loss(_ objective: String, logits: [Float]) -> Double {
    make {
      let objective = try ObjectiveChoice(objective).makeObjective(classCount: logits.count)
      return Double(objective.evaluate(logits: logits, targets: [0]).loss)
    }
  }

  // MARK: Networks

  /// The output of the last layer but the classifying one, for one image.
  static func shape(_ layers: String, imageSize: Int) -> Shape {
    let network = network("\(layers), flatten, dense", imageSize: imageSize)
    return network.shapes[network.layers.count - 2]
  }

  /// Everything that an optimizer changes in a network.
  static func parameters(_ architecture: String, imageSize: Int) -> Int {
    network(architecture, imageSize: imageSize).parameterLayout.count
  }

  /// The parameters of the first layer.
  static func parametersOfFirstLayer(_ layers: String, imageSize: Int) -> Int {
    let network = network("\(layers), flatten, dense", imageSize: imageSize)
    return network.layers[0].parameters(for: network.inputShape).reduce(0) { $0 + $1.count }
  }

  /// The multiply-adds of the first layer for one image, forward.
  static func multiplyAdds(_ layers: String, imageSize: Int) -> Int {
    network("\(layers), flatten, dense", imageSize: imageSize).multiplyAdds(ofLayer: 0)
  }

  private static func network(_ text: String, imageSize: Int) -> Network {
    make {
      let named = NamedModel(rawValue: text)?.architectureText
      return try Network(Architecture(named ?? text), imageSize: imageSize, classCount: 2)
    }
  }
}
