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

/// Gradient descent along a mixture of the gradient and its average.
///
/// With gₜ the gradient plus λθₜ₋₁:  mₜ = βmₜ₋₁ + (1−β)gₜ;  θₜ = θₜ₋₁ − η((1−ν)gₜ + νmₜ).
///
/// - Source: Ma & Yarats, 2019, "Quasi-hyperbolic momentum and Adam for deep learning".
struct QuasiHyperbolicMomentum: Optimizer {
  /// ν and β in `0...1`.
  var nu: Float, beta: Float
  var decay: WeightDecay

  let memoryNames = ["average"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let (nu, beta) = (nu, beta)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m in
        let g = g + strength * p
        m = beta * m + (1 - beta) * g
        p -= learningRate * ((1 - nu) * g + nu * m)
      }
    }
  }
}
