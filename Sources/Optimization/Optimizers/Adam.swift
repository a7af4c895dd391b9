internal import Foundation
internal import Tensors

/// 1 − βᵗ, what a moving average that began at 0 still lacks after `steps`.
///
/// In double: at t = 1 it loses most of its digits in float.
func biasCorrection(_ beta: Float, _ steps: Int) -> Double { 1 - pow(Double(beta), Double(steps)) }

/// Adam and its nearest relatives: steps scaled by running moments of the gradient.
///
/// mₜ = β₁mₜ₋₁ + (1−β₁)gₜ;  vₜ = β₂vₜ₋₁ + (1−β₂)gₜ²;
/// θₜ = θₜ₋₁ − η m̂ₜ / (√v̂ₜ + ε),  m̂ₜ = mₜ/(1−β₁ᵗ),  v̂ₜ = vₜ/(1−β₂ᵗ).
/// AMSGrad takes the largest vₜ so far. The decay is added to the gradient (Adam), or taken from
/// the parameters before the step as ηλθₜ₋₁ (AdamW).
///
/// - Note: ε stands outside the root, as in the paper's Algorithm 1 and in PyTorch.
/// - Source: Kingma & Ba, 2015, arXiv:1412.6980; Loshchilov & Hutter, 2019, arXiv:1711.05101; Reddi
///   et al., 2018, "On the convergence of Adam and beyond".
struct Adam: Optimizer {
  /// β₁ and β₂ in `0..<1`, ε > 0.
  var beta1: Float, beta2: Float, epsilon: Float
  var keepsLargest = false
  var isDecoupled = false
  var decay: WeightDecay

  var memoryNames: [String] {
    ["first_moment", "second_moment"] + (keepsLargest ? ["largest_second_moment"] : [])
  }

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let rate = Float(Double(learningRate) / biasCorrection(beta1, state.stepCount))
    let root = Float(1 / biasCorrection(beta2, state.stepCount).squareRoot())
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    for part in decay.parts {
      let added = isDecoupled ? 0 : part.strength
      let kept = isDecoupled ? 1 - learningRate * part.strength : 1
      if keepsLargest {
        Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
          p, g, m, v, most in
          let g = g + added * p
          m = beta1 * m + (1 - beta1) * g
          v = beta2 * v + (1 - beta2) * g * g
          most.replace(with: v, where: .!(most .>= v))
          p = kept * p - rate * m / (most.squareRoot() * root + epsilon)
        }
      } else {
        Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
          p, g, m, v in
          let g = g + added * p
          m = beta1 * m + (1 - beta1) * g
          v = beta2 * v + (1 - beta2) * g * g
          p = kept * p - rate * m / (v.squareRoot() * root + epsilon)
        }
      }
    }
  }
}

/// NAdam: Adam that looks ahead along its first moment.
///
/// With μₜ = β₁(1 − ½·0.96^(tψ)) and Mₜ = μ₁…μₜ:
/// θₜ = θₜ₋₁ − η((1−μₜ)gₜ/(1−Mₜ) + μₜ₊₁mₜ/(1−Mₜμₜ₊₁)) / (√v̂ₜ + ε).
///
/// - Source: Dozat, 2016, "Incorporating Nesterov momentum into Adam"; as in PyTorch.
struct NAdam: Optimizer {
  /// β₁, β₂ in `0..<1`, ε > 0, ψ ≥ 0.
  var beta1: Float, beta2: Float, epsilon: Float, momentumDecay: Float
  var decay: WeightDecay

  let memoryNames = ["first_moment", "second_moment"]
  private static let product = "momentum_product"

  private func momentum(at step: Int) -> Double {
    Double(beta1) * (1 - 0.5 * pow(0.96, Double(step) * Double(momentumDecay)))
  }

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let (now, next) = (momentum(at: state.stepCount), momentum(at: state.stepCount + 1))
    let product = state.numbers[Self.product, default: 1] * now
    state.numbers[Self.product] = product
    let slope = Float(Double(learningRate) * (1 - now) / (1 - product))
    let carried = Float(Double(learningRate) * next / (1 - product * next))
    let root = Float(1 / biasCorrection(beta2, state.stepCount).squareRoot())
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m, v in
        let g = g + strength * p
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        p -= (slope * g + carried * m) / (v.squareRoot() * root + epsilon)
      }
    }
  }
}

/// RAdam: Adam that waits until its second moment can be trusted.
///
/// With ρ∞ = 2/(1−β₂) − 1 and ρₜ = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ): while ρₜ ≤ 5 the step is ηm̂ₜ, then
/// η m̂ₜ r √(1−β₂ᵗ)/(√vₜ + ε) with r = √((ρₜ−4)(ρₜ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρₜ)).
///
/// - Source: Liu et al., 2020, arXiv:1908.03265; as in PyTorch.
struct RAdam: Optimizer {
  /// β₁, β₂ in `0..<1`, ε > 0.
  var beta1: Float, beta2: Float, epsilon: Float
  var decay: WeightDecay

  let memoryNames = ["first_moment", "second_moment"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let lack = biasCorrection(beta2, state.stepCount)
    let limit = 2 / (1 - Double(beta2)) - 1
    let length = limit - 2 * Double(state.stepCount) * (1 - lack) / lack
    var rate = Double(learningRate) / biasCorrection(beta1, state.stepCount)
    let isTrusted = length > 5
    if isTrusted {
      let rectified = (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)
      rate *= (rectified * lack).squareRoot()
    }
    let step = Float(rate)
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m, v in
        let g = g + strength * p
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        p -= isTrusted ? step * m / (v.squareRoot() + epsilon) : step * m
      }
    }
  }
}

/// AdaMax: Adam with the largest recent gradient in place of the second moment.
///
/// uₜ = max(β₂uₜ₋₁, |gₜ| + ε);  θₜ = θₜ₋₁ − η m̂ₜ/uₜ.
///
/// - Source: Kingma & Ba, 2015, section 7.1; as in PyTorch.
struct AdaMax: Optimizer {
  /// β₁, β₂ in `0..<1`, ε > 0.
  var beta1: Float, beta2: Float, epsilon: Float
  var decay: WeightDecay

  let memoryNames = ["first_moment", "largest_gradient"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let rate = Float(Double(learningRate) / biasCorrection(beta1, state.stepCount))
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m, most in
        let g = g + strength * p
        m = beta1 * m + (1 - beta1) * g
        let size = g.replacing(with: -g, where: g .< 0) + epsilon
        most *= beta2
        most.replace(with: size, where: .!(most .>= size))
        p -= rate * m / most
      }
    }
  }
}
