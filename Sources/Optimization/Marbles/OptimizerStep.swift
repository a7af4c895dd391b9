internal import Foundation

/// One step of an optimizer, to be explained in words.
struct OptimizerStep {
  let learningRate: Float
  let gradient: [Float], before: [Float], after: [Float]
  let oldState: OptimizerState, state: OptimizerState

  /// One line for each quantity that is computed.
  func explanation(by optimizer: any Optimizer) -> String {
    let change = zip(after, before).map { $0 - $1 }
    let lines =
      (optimizer as? any ExplainedOptimizer)?.arithmetic(of: self)
      ?? zip(optimizer.memoryNames, state.memory).map { name, values in
        "\(name.replacing("_", with: " ")) is now \(text(values))"
      }
    return
      (["slope    \(text(gradient))"] + lines
      + ["place    \(text(before)) + \(text(change)) = \(text(after))"])
      .joined(separator: "\n")
  }

  /// A vector with a few digits.
  func text(_ values: [Float]) -> String {
    let texts = values.map { text(Double($0)) }
    return values.count == 1 ? texts[0] : "(\(texts.joined(separator: ", ")))"
  }

  /// A number with a few digits and a true minus sign.
  func text(_ value: Double) -> String {
    String(format: "%.4g", value == 0 ? 0 : value).replacing("-", with: "−")
  }

  /// A parameter as it was written, without the digits that single precision adds.
  func text(_ value: Float) -> String { text(Double("\(value)") ?? Double(value)) }

  /// The learning rate as text.
  var rate: String { text(Double(learningRate)) }
}

/// An optimizer that can explain the arithmetic of a step.
protocol ExplainedOptimizer: Optimizer {
  /// One line for each quantity computed between the slope and the new place; nil for settings that
  /// these lines would not explain.
  func arithmetic(of step: OptimizerStep) -> [String]?
}

extension GradientDescent: ExplainedOptimizer {
  func arithmetic(of step: OptimizerStep) -> [String]? {
    guard decay.strength == 0, dampening == 0 else { return nil }
    let slope = step.text(step.gradient)
    guard let velocity = step.state.memory.first, let old = step.oldState.memory.first else {
      return ["step     −\(step.rate) · \(slope)"]
    }
    let (kept, next) = (step.text(momentum), step.text(velocity))
    return [
      "velocity \(kept) · \(step.text(old)) + \(slope) = \(next)",
      "step     −\(step.rate) · " + (nesterov ? "(\(slope) + \(kept) · \(next))" : next),
    ]
  }
}

extension AdaGrad: ExplainedOptimizer {
  func arithmetic(of step: OptimizerStep) -> [String]? {
    guard decay.strength == 0, rateDecay == 0, initial == 0 else { return nil }
    let (old, squares) = (step.oldState.memory[0], step.text(step.state.memory[0]))
    return [
      "squares  \(step.text(old)) + slope² = \(squares)",
      "step     −\(step.rate) · \(step.text(step.gradient)) / √\(squares)",
    ]
  }
}

extension RMSProp: ExplainedOptimizer {
  func arithmetic(of step: OptimizerStep) -> [String]? {
    guard decay.strength == 0, step.state.memory.count == 1 else { return nil }
    let squares = step.text(step.state.memory[0])
    return [
      "squares  " + step.average(0, keeping: alpha) + "slope² = \(squares)",
      "step     −\(step.rate) · \(step.text(step.gradient)) / √\(squares)",
    ]
  }
}

extension Adam: ExplainedOptimizer {
  func arithmetic(of step: OptimizerStep) -> [String]? {
    guard decay.strength == 0, !keepsLargest else { return nil }
    func corrected(_ index: Int, _ beta: Float) -> String {
      let lack = Float(biasCorrection(beta, step.state.stepCount))
      return step.text(step.state.memory[index].map { $0 / lack })
    }
    return [
      "mean     " + step.average(0, keeping: beta1)
        + "slope = \(step.text(step.state.memory[0]))",
      "squares  " + step.average(1, keeping: beta2)
        + "slope² = \(step.text(step.state.memory[1]))",
      "step     −\(step.rate) · \(corrected(0, beta1)) / √\(corrected(1, beta2))",
    ]
  }
}

extension OptimizerStep {
  /// The beginning of a moving average, as in "0.9 · 6 + 0.1 · ".
  fileprivate func average(_ index: Int, keeping kept: Float) -> String {
    let kept = Double("\(kept)") ?? Double(kept)
    return "\(text(kept)) · \(text(oldState.memory[index])) + \(text(1 - kept)) · "
  }
}
