public import Tensors

/// An optimizer as text: `adam`, `rmsprop:momentum=0.9,rate=0.002`.
public struct OptimizerChoice: Hashable, Sendable, WrittenChoice {
  /// The optimizer that was chosen.
  public let entry: OptimizerEntry
  /// The values of all parameters: its own and those of every optimizer.
  public let values: ChoiceValues
  /// The catalogue the text is looked up in.
  private let catalogue: OptimizerCatalogue

  public static var standardCatalogue: OptimizerCatalogue { .standard }

  /// Reads a choice.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  public init(_ text: String, in catalogue: OptimizerCatalogue) throws(ChoiceError) {
    let text = ChoiceText(text)
    entry = try catalogue.optimizers.entry(named: text.name)
    values = try ChoiceValues(text, parameters: catalogue.parameters(of: entry))
    self.catalogue = catalogue
  }

  /// An optimizer with its defaults.
  public init(_ entry: OptimizerEntry, in catalogue: OptimizerCatalogue = .standard) {
    self.entry = entry
    values = ChoiceValues(of: entry.name, parameters: catalogue.parameters(of: entry))
    self.catalogue = catalogue
  }

  /// The same choice without its learning rate.
  var withoutRate: OptimizerChoice {
    OptimizerChoice(entry: entry, values: values.resetting("rate"), catalogue: catalogue)
  }

  private init(entry: OptimizerEntry, values: ChoiceValues, catalogue: OptimizerCatalogue) {
    (self.entry, self.values, self.catalogue) = (entry, values, catalogue)
  }

  /// Every standard optimizer with its defaults.
  public static var all: [OptimizerChoice] { OptimizerCatalogue.standard.choices }

  /// Steps scaled by running moments of the gradient.
  public static let adam = OptimizerChoice(.adam)
  /// Gradient descent.
  public static let sgd = OptimizerChoice(.sgd)

  /// The name without parameters.
  public var name: String { entry.name }

  /// The shortest text that means the same.
  public var description: String { values.description }

  /// The family it belongs to.
  public var family: OptimizerFamily { entry.family }

  /// The rate that was given, or one that trains a small convolutional network.
  public var trainingRate: Float { rate ?? Float(entry.trainingRate) }

  /// The rate that was given.
  public var rate: Float? { values["rate"] > 0 ? values.float("rate") : nil }

  /// Makes the optimizer, wrapped in the wrappers that are switched on.
  ///
  /// - Parameter layout: Where the arrays lie in the vector of parameters.
  public func makeOptimizer(layout: ParameterLayout) -> any Optimizer {
    let settings = OptimizerSettings(values, layout: layout)
    return catalogue.wrappers.entries.filter { values[$0.name] != 0 }
      .reduce(entry.make(settings)) { inner, wrapper in wrapper.make(inner, settings) }
  }

  /// The same optimizer with more parameters, each as `key=value`.
  ///
  /// - Throws: `ChoiceError` when it has no such parameter, or it is given already.
  public func adding(_ parameters: [String]) throws(ChoiceError) -> OptimizerChoice {
    guard !parameters.isEmpty else { return self }
    let text = description
    return try OptimizerChoice(
      text + (text.contains(":") ? "," : ":") + parameters.joined(separator: ","), in: catalogue)
  }

  public static func == (a: OptimizerChoice, b: OptimizerChoice) -> Bool { a.values == b.values }

  public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}
