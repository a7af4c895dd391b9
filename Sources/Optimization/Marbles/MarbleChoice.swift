/// What moves a marble: an optimizer, or a method for surfaces only.
public enum MarbleChoice: Hashable, Sendable, CustomStringConvertible {
  case optimizer(OptimizerChoice)
  case method(Choice<MarbleEntry>)

  /// Reads a choice.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  public init(_ text: String, in catalogue: MarbleCatalogue = .standard) throws(ChoiceError) {
    let name = ChoiceText(text).name
    guard catalogue.allNames.contains(name) else {
      throw .unknown(kind: OptimizerEntry.kind, name: name, known: catalogue.allNames)
    }
    if catalogue.methods[name] != nil {
      self = .method(try Choice(text, in: catalogue.methods))
    } else {
      self = .optimizer(try OptimizerChoice(text, in: catalogue.optimizers))
    }
  }

  /// The same choice without a learning rate that was given.
  public var withoutRate: MarbleChoice {
    switch self {
    case .optimizer(let choice): .optimizer(choice.withoutRate)
    case .method: self
    }
  }

  /// The values of all parameters.
  package var values: ChoiceValues {
    switch self {
    case .optimizer(let choice): choice.values
    case .method(let choice): choice.values
    }
  }

  /// The name without parameters.
  public var name: String { values.name }

  public var description: String { values.description }

  /// The family it belongs to.
  public var family: OptimizerFamily {
    switch self {
    case .optimizer(let choice): choice.family
    case .method: .search
    }
  }

  /// The learning rate that was given.
  public var rate: Double? {
    switch self {
    case .optimizer(let choice): choice.rate.map { Double("\($0)") ?? Double($0) }
    case .method(let choice):
      choice.entry.parameters.contains { $0.name == "rate" } && choice.values["rate"] > 0
        ? choice.values["rate"] : nil
    }
  }

  /// Whether it has a learning rate.
  public var hasRate: Bool {
    switch self {
    case .optimizer: true
    case .method: false
    }
  }

  /// The rate at which it rolls on a surface if none is given.
  public func defaultRate(on surface: Surface) -> Double {
    func rounded(_ rate: Double) -> Double { Double(shortText(rate)) ?? rate }
    switch self {
    case .method(let choice): return choice.entry.firstLength(surface)
    case .optimizer(let choice):
      return switch choice.entry.stepLength {
      case .slope: rounded(surface.slopeRate)
      case .velocity: rounded(surface.slopeRate * 0.3)
      case .length: rounded(surface.extent * 0.01)
      case .shrinkingLength: rounded(surface.extent * 0.06)
      case .relative: 0.02
      case .none: rounded(surface.extent * 2)
      }
    }
  }

  func makeMarble(at start: [Double], rate: Double, on surface: Surface) -> any Marble {
    switch self {
    case .optimizer(let choice):
      OptimizerMarble(choice, learningRate: Float(rate), start: start)
    case .method(let choice):
      choice.entry.make(
        MarbleSettings(values: choice.values, start: start, rate: rate, surface: surface))
    }
  }
}
