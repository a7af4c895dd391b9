internal import CKernels

// One optimizer step over all parameters: the inner loops of Optimization.
extension Kernels {
  /// θ ← θ − rate·(g + decay·θ).
  ///
  /// - Precondition: All vectors have one length.
  public static func descend(
    _ parameters: inout [Float], gradients: [Float], rate: Float, decay: Float
  ) {
    precondition(parameters.count == gradients.count, lengths(parameters, gradients))
    let count = parameters.count
    unsafe parameters.withUnsafeMutableBufferPointer { p in
      unsafe gradients.withUnsafeBufferPointer { g in
        guard let p = p.baseAddress, let g = g.baseAddress else { return }
        unsafe mrb_descend(p, g, count, rate, decay)
      }
    }
  }

  /// v ← momentum·v + g + decay·θ; θ ← θ − rate·v, or with Nesterov's look ahead.
  ///
  /// - Precondition: All vectors have one length.
  public static func momentumStep(
    _ parameters: inout [Float], velocity: inout [Float], gradients: [Float], rate: Float,
    decay: Float, momentum: Float, nesterov: Bool
  ) {
    precondition(parameters.count == gradients.count, lengths(parameters, gradients))
    precondition(velocity.count == gradients.count, lengths(velocity, gradients))
    let count = parameters.count
    unsafe parameters.withUnsafeMutableBufferPointer { p in
      unsafe velocity.withUnsafeMutableBufferPointer { v in
        unsafe gradients.withUnsafeBufferPointer { g in
          guard let p = p.baseAddress, let v = v.baseAddress, let g = g.baseAddress else { return }
          unsafe mrb_momentum_step(p, v, g, count, rate, decay, momentum, nesterov ? 1 : 0)
        }
      }
    }
  }

  /// The constants of one step of Adam.
  public struct AdamConstants: Sendable {
    /// Learning rate divided by the first bias correction.
    public var rate: Float
    /// Decay of the first and second moment.
    public var beta1: Float, beta2: Float
    /// Added outside the root.
    public var epsilon: Float
    /// 1/√(second bias correction).
    public var rootCorrection: Float
    /// Added to the gradient, times θ.
    public var decay: Float

    /// Creates the constants.
    public init(
      rate: Float, beta1: Float, beta2: Float, epsilon: Float, rootCorrection: Float, decay: Float
    ) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.rootCorrection = rootCorrection
      self.decay = decay
    }
  }

  /// m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − rate·m/(√v·rootCorrection + ε).
  ///
  /// - Parameter moments: First and second moments one after the other, twice the parameters' length.
  /// - Precondition: The lengths agree.
  public static func adamStep(
    _ parameters: inout [Float], moments: inout [Float], gradients: [Float],
    _ constants: AdamConstants
  ) {
    precondition(parameters.count == gradients.count, lengths(parameters, gradients))
    precondition(moments.count == 2 * gradients.count, lengths(moments, gradients))
    let count = parameters.count
    let adam = mrb_adam(
      rate: constants.rate, beta1: constants.beta1, beta2: constants.beta2,
      epsilon: constants.epsilon, root_correction: constants.rootCorrection, decay: constants.decay)
    unsafe parameters.withUnsafeMutableBufferPointer { p in
      unsafe moments.withUnsafeMutableBufferPointer { m in
        unsafe gradients.withUnsafeBufferPointer { g in
          guard let p = p.baseAddress, let m = m.baseAddress, let g = g.baseAddress else { return }
          unsafe mrb_adam_step(p, m, m + count, g, count, adam)
        }
      }
    }
  }

  private static func lengths(_ a: [Float], _ b: [Float]) -> String {
    "vectors of \(a.count) and \(b.count) numbers"
  }
}
