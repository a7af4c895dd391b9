internal import Foundation

/// The arithmetic of one step in words.
struct StepExplanation {
  let choice: OptimizerChoice
  let learningRate: Float
  let before: [Float], gradient: [Float], after: [Float]
  let oldMemory: [[Float]], memory: [[Float]]
  let memoryNames: [String]
  let step: Int

  /// One line for each thing that is calculated.
  var text: String { (arithmetic + [move]).joined(separator: "\n") }

  private func vector(_ values: [Float]) -> String {
    let texts = values.map { shortNumber(Double($0)) }
    return values.count == 1 ? texts[0] : "(\(texts.joined(separator: ", ")))"
  }

  private func parameter(_ name: String) -> String { shortNumber(choice.choice[name]) }

  private var rate: String { shortNumber(Double(learningRate)) }

  private var move: String {
    let change = zip(after, before).map { $0 - $1 }
    return "place    \(vector(before)) + \(vector(change)) = \(vector(after))"
  }

  /// Only where the optimizer stands alone: wrappers do more than its formula says.
  private var isPlain: Bool {
    choice.parameters.shared.allSatisfy {
      $0.name == "rate" || choice.choice.list($0.name) == $0.defaultValues
    }
  }

  private var arithmetic: [String] {
    let slope = "slope    \(vector(gradient))"
    guard isPlain else { return [slope] + remembered }
    switch choice.name {
    case "sgd" where memory.isEmpty:
      return [slope, "step     −\(rate) · \(vector(gradient))"]
    case "sgd", "momentum", "nesterov":
      guard let velocity = memory.first, let old = oldMemory.first else { return [slope] }
      let isAhead = choice.choice["nesterov"] == 1
      return [
        slope,
        "velocity \(parameter("momentum")) · \(vector(old)) + \(vector(gradient)) = \(vector(velocity))",
        isAhead
          ? "step     −\(rate) · (\(vector(gradient)) + \(parameter("momentum")) · \(vector(velocity)))"
          : "step     −\(rate) · \(vector(velocity))",
      ]
    case "adagrad":
      return [
        slope, "squares  \(vector(oldMemory[0])) + slope² = \(vector(memory[0]))",
        "step     −\(rate) · \(vector(gradient)) / √\(vector(memory[0]))",
      ]
    case "rmsprop" where memory.count == 1:
      return [
        slope,
        "squares  \(parameter("alpha")) · \(vector(oldMemory[0])) + \(shortNumber(1 - choice.choice["alpha"])) · slope² = \(vector(memory[0]))",
        "step     −\(rate) · \(vector(gradient)) / √\(vector(memory[0]))",
      ]
    case "adam":
      let (beta1, beta2) = (choice.choice["beta1"], choice.choice["beta2"])
      let (lack1, lack2) = (1 - pow(beta1, Double(step)), 1 - pow(beta2, Double(step)))
      return [
        slope,
        "mean     \(shortNumber(beta1)) · \(vector(oldMemory[0])) + \(shortNumber(1 - beta1)) · slope = \(vector(memory[0]))",
        "squares  \(shortNumber(beta2)) · \(vector(oldMemory[1])) + \(shortNumber(1 - beta2)) · slope² = \(vector(memory[1]))",
        "step     −\(rate) · \(vector(memory[0].map { $0 / Float(lack1) })) / √\(vector(memory[1].map { $0 / Float(lack2) }))",
      ]
    default: return [slope] + remembered
    }
  }

  private var remembered: [String] {
    zip(memoryNames, memory).map { name, values in
      "\(name.replacing("_", with: " ")) is now \(vector(values))"
    }
  }
}

/// A few digits, with the minus sign of print.
func shortNumber(_ value: Double) -> String {
  String(format: "%.4g", value == 0 ? 0 : value).replacing("-", with: "−")
}
