internal import Foundation
internal import Tensors

/// A function of one number, with its derivative.
package enum ScalarFunction: Hashable, Sendable {
  /// max(0, x).
  case rectifier
  case leakyRectifier(slope: Double)
  case gelu, geluByTanh, silu, sigmoid, tanh

  /// The derivative at `x`; `y` is the value there.
  package func derivative(at x: Double, value y: Double) -> Double {
    switch self {
    case .rectifier: x > 0 ? 1 : 0
    case .leakyRectifier(let slope): x > 0 ? 1 : slope
    case .gelu: Self.normal(x) + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    case .geluByTanh: Self.slopeOfGeluByTanh(x)
    case .silu: Self.sigmoid(x) * (1 + x * (1 - Self.sigmoid(x)))
    case .sigmoid: y * (1 - y)
    case .tanh: 1 - y * y
    }
  }

  /// The function of something as it is written.
  package func text(_ x: String) -> String {
    switch self {
    case .rectifier: "max(0, \(x))"
    case .leakyRectifier: "leaky(\(x))"
    case .gelu, .geluByTanh: "gelu(\(x))"
    case .silu: "silu(\(x))"
    case .sigmoid: "σ(\(x))"
    case .tanh: "tanh(\(x))"
    }
  }

  /// The derivative as it is written, with its argument and its value.
  package func derivativeText(_ x: String, value y: String, isPositive: Bool) -> String {
    switch self {
    case .rectifier: isPositive ? "1" : "0"
    case .leakyRectifier(let slope): isPositive ? "1" : "\(slope)"
    case .gelu: "(Φ(\(x)) + \(x)·φ(\(x)))"
    case .geluByTanh: "gelu′(\(x))"
    case .silu: "σ(\(x))·(1 + \(x)·(1 − σ(\(x))))"
    case .sigmoid: "\(y)·(1 − \(y))"
    case .tanh: "(1 − \(y)²)"
    }
  }

  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// The distribution function of the standard normal distribution.
  private static func normal(_ x: Double) -> Double { 0.5 * (1 + erf(x / 2.0.squareRoot())) }

  /// The derivative of ½x(1 + tanh(√(2/π)(x + 0.044715x³))).
  private static func slopeOfGeluByTanh(_ x: Double) -> Double {
    let (scale, cubic) = ((2 / Double.pi).squareRoot(), 0.044715)
    let t = Foundation.tanh(scale * (x + cubic * x * x * x))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * scale * (1 + 3 * cubic * x * x)
  }
}

extension ScalarFunction {
  init(_ function: Kernels.Activation) {
    self =
      switch function {
      case .leakyRectifier(let slope): .leakyRectifier(slope: Double(slope))
      case .gelu: .gelu
      case .geluByTanh: .geluByTanh
      case .silu: .silu
      case .sigmoid: .sigmoid
      case .tanh: .tanh
      }
  }
}
