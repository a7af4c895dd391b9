internal import Tensors

/// Gradient descent, with or without a velocity.
///
/// With gₜ the gradient plus λθₜ₋₁:  vₜ = μvₜ₋₁ + (1−d)gₜ, but v₁ = g₁;  θₜ = θₜ₋₁ − ηvₜ.
/// With Nesterov's correction the step is along gₜ + μvₜ, without momentum along gₜ.
///
/// - Note: η multiplies the velocity, as in PyTorch; other texts put it inside.
/// - Source: Polyak, 1964; Sutskever et al., 2013, "On the importance of initialization and
///   momentum in deep learning".
struct GradientDescent: Optimizer {
  /// μ in `0..<1`, d in `0...1`.
  var momentum: Float, dampening: Float
  var nesterov: Bool
  var decay: WeightDecay

  var memoryNames: [String] { momentum == 0 ? [] : ["velocity"] }

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let (momentum, nesterov) = (momentum, nesterov)
    let fresh = state.stepCount == 1 ? 1 : 1 - dampening
    for part in decay.parts {
      let strength = part.strength
      if momentum == 0 {
        Kernels.update(&parameters, gradients, in: part.range, workers: workers) { p, g in
          p -= learningRate * (g + strength * p)
        }
      } else {
        Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
          p, g, v in
          let g = g + strength * p
          v = momentum * v + fresh * g
          p -= learningRate * (nesterov ? g + momentum * v : v)
        }
      }
    }
  }
}

extension OptimizerEntry {
  static let sgd = gradientDescent(
    "sgd", "gradient descent: straight downhill", .gradientDescent, .slope, momentum: 0,
    trainingRate: 0.1)

  static let momentum = gradientDescent(
    "momentum", "gradient descent with a velocity that builds up", .momentum, .velocity,
    momentum: 0.9, trainingRate: 0.05)

  static let nesterov = gradientDescent(
    "nesterov", "momentum that looks ahead along its velocity", .momentum, .velocity,
    momentum: 0.9, nesterov: true, trainingRate: 0.05)

  private static func gradientDescent(
    _ name: String, _ summary: String, _ family: OptimizerFamily, _ stepLength: StepLength,
    momentum: Double, nesterov: Bool = false, trainingRate: Double
  ) -> OptimizerEntry {
    OptimizerEntry(
      name, summary, family, stepLength, usualRate: 0.001, trainingRate: trainingRate,
      parameters: [
        .momentum(momentum),
        ChoiceParameter("dampening", 0, in: 0...1, "fraction of the gradient left out"),
        .nesterov(nesterov),
      ]
    ) {
      GradientDescent(
        momentum: $0["momentum"], dampening: $0["dampening"],
        nesterov: $0.values.flag("nesterov"), decay: $0.decay)
    }
  }
}
