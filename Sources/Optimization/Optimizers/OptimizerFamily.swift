/// Families of optimizers: figures give optimizers of one family related colors.
public enum OptimizerFamily: String, CaseIterable, Codable, Sendable {
  /// Steps along the gradient itself.
  case gradientDescent = "gradient descent"
  /// Steps along an average of gradients.
  case momentum
  /// Steps divided by all gradients so far.
  case adaGrad = "AdaGrad"
  /// Steps divided by recent gradients.
  case rmsProp = "RMSProp"
  /// Momentum divided by recent gradients.
  case adam = "Adam"
  /// Steps along signs alone.
  case sign
  /// Steps scaled or rotated layer by layer.
  case layerwise = "layer-wise"
  /// Methods for surfaces that need heights or curvature.
  case search
}
