internal import Foundation
internal import Tensors

/// 1 − βᵗ: the sum of the weights in a moving average that began at 0, after `steps` steps.
///
/// In double precision, because at t = 1 most digits cancel in single precision.
func biasCorrection(_ beta: Float, _ steps: Int) -> Double { 1 - pow(Double(beta), Double(steps)) }

/// −1, 0 or 1 for each element; NaN stays, so that divergence is noticed.
func signs(_ x: Lanes) -> Lanes {
  var sign = x
  sign.replace(with: 1, where: x .> 0)
  sign.replace(with: -1, where: x .< 0)
  return sign
}
