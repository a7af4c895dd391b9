import ArgumentParser
import ConvNet
import Optimization
import Support
import Tensors
import Training

/// A network small enough to be written down, one input for it, and what is minimized.
struct BackpropOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The network, of at most \(Backpropagation.mostParameters) parameters; 'marbles layers' "
        + "lists what there is.", valueName: "layers"))
  var architecture = "dense 2, sigmoid, dense"

  @Option(
    name: .customLong("input"), parsing: .unconditional,
    help: ArgumentHelp(
      "The input, row by row, the channels of a pixel together (default: 1,0.5, or drawn for a "
        + "--shape).", valueName: "numbers"))
  var inputText: String?

  @Option(
    name: .customLong("shape"),
    help: ArgumentHelp(
      "Rows and columns of the input, and its channels if there are several: 4x4 or 4x4x2 "
        + "(default: a list of numbers).", valueName: "size"))
  var shapeText: String?

  @Option(
    name: .customLong("target"), parsing: .unconditional,
    help: ArgumentHelp(
      "What the outputs should be, one number for each: probabilities of the classes, or any "
        + "numbers for an objective like mse.", valueName: "numbers"))
  var targetText = "1,0"

  @Option(
    name: .customLong("parameters"), parsing: .unconditional,
    help: ArgumentHelp(
      "All parameters in their order in a checkpoint (default: drawn, with one decimal).",
      valueName: "numbers"))
  var parameterText: String?

  @Option(
    help: "The objective, such as mse; 'marbles objectives' lists them.",
    completion: .objectives, transform: ObjectiveChoice.init)
  var objective: ObjectiveChoice = .crossEntropy

  @Option(
    help: "The optimizer that takes the step; 'marbles optimizers' lists them.",
    completion: .optimizers, transform: trainingOptimizer)
  var optimizer: OptimizerChoice = .sgd

  @Option(
    help: ArgumentHelp(
      "The learning rate of the step (default: 0.5 for sgd, else the optimizer's).",
      valueName: "rate"))
  var learningRate: Float?

  @Option(help: "Seed of the numbers that are drawn.") var seed: UInt64 = 27

  /// The largest number that is taken.
  private static let largest = 1e6

  /// The learning rate of the step.
  var rate: Float { learningRate ?? (optimizer == .sgd ? 0.5 : optimizer.trainingRate) }

  func validate() throws {
    if let learningRate {
      guard learningRate > 0, learningRate.isFinite else {
        throw ValidationError("--learning-rate is \(learningRate), expected a number above 0")
      }
    }
    let target = try numbers(targetText, "--target")
    if !objective.measuresErrors {
      guard target.count > 1, target.allSatisfy({ $0 >= 0 }),
        abs(target.reduce(0, +) - 1) < 1e-4
      else {
        throw ValidationError(
          "--target is '\(targetText)', expected the probabilities of two classes or more, which "
            + "add up to 1; --objective mse takes any numbers")
      }
    }
    let shape = try shape()
    if let input = try inputText.map({ try numbers($0, "--input") }) {
      guard input.count == shape.count else {
        throw ValidationError(
          "--input has \(input.count.counted("number")), expected \(shape.count) for a --shape of "
            + "\(shape)")
      }
    }
    if parameterText != nil, inputText != nil || shapeText == nil {
      try GivenOptions.refuse("--seed", because: "where nothing is drawn")
    }
  }

  /// Runs it.
  ///
  /// - Throws: `ArchitectureError`, `BackpropagationError`, `ChoiceError` or `ValidationError`.
  func backpropagation() throws -> Backpropagation {
    let target = try numbers(targetText, "--target")
    let network = try Network(
      Architecture(architecture), inputShape: try shape(), classCount: target.count)
    try Backpropagation.check(network)
    let values = network.initialValues(seed: seed)
    return try Backpropagation(
      network, parameters: try parameters(of: network), statistics: values.statistics,
      input: try input(), target: target, objective: objective, optimizer: optimizer,
      learningRate: rate)
  }

  private func parameters(of network: Network) throws -> ParameterVector {
    var parameters = ParameterVector(network.parameterLayout)
    let count = parameters.layout.count
    let given = try parameterText.map { try numbers($0, "--parameters") }
    guard given == nil || given?.count == count else {
      let names = parameters.layout.slots.map { slot in
        "\(slot.name) \(slot.shape.map(String.init).joined(separator: "×"))"
      }
      throw ValidationError(
        "--parameters has \((given ?? []).count.counted("number")), expected \(count): "
          + names.joined(separator: ", "))
    }
    let values = given ?? drawn(count, stream: 0)
    for slot in parameters.layout.slots.indices {
      parameters[slot: slot] = Array(values[parameters.layout.ranges[slot]])
    }
    return parameters
  }

  private func input() throws -> [Float] {
    if let inputText { return try numbers(inputText, "--input") }
    return shapeText == nil ? [1, 0.5] : drawn(try shape().count, stream: 1)
  }

  /// Numbers of one decimal from −1 to 1, none of them 0.
  private func drawn(_ count: Int, stream: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed, stream: stream)
    return (0..<count).map { _ in
      let size = Float(Int.random(in: 1...10, using: &generator)) / 10
      return Bool.random(using: &generator) ? size : -size
    }
  }

  /// Of a list of numbers, or as given.
  private func shape() throws -> Shape {
    guard let shapeText else {
      let count = try inputText.map { try numbers($0, "--input").count } ?? 2
      return Shape(height: 1, width: 1, channels: count)
    }
    let parts = shapeText.split(separator: "x", omittingEmptySubsequences: false)
    let extents = parts.compactMap { Int($0) }.filter { (1...100).contains($0) }
    guard extents.count == parts.count, (2...3).contains(parts.count) else {
      throw ValidationError(
        "--shape is '\(shapeText)', expected rows x columns, as in 4x4 or 4x4x2")
    }
    return Shape(
      height: extents[0], width: extents[1], channels: extents.count > 2 ? extents[2] : 1)
  }

  private func numbers(_ text: String, _ option: String) throws -> [Float] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { Float($0) }.filter {
      $0.isFinite && abs(Double($0)) <= Self.largest
    }
    guard values.count == parts.count else {
      throw ValidationError(
        "\(option) is '\(text.fitted(40))', expected numbers up to 1e6 separated by commas")
    }
    return values
  }
}
