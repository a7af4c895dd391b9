/// What moves a marble: an optimizer, or a method for surfaces alone.
public enum MarbleChoice: Hashable, Sendable, CustomStringConvertible {
  case optimizer(OptimizerChoice)
  case method(Choice)

  /// The methods that need more than the slope at one place.
  public static let methods: [ChoiceEntry] = {
    let rate = ChoiceParameter("rate", 0, in: 0...1e6, "first length tried; 0 is the default")
    return [
      ChoiceEntry(
        "backtracking", "gradient descent, its step halved until it is low enough", [rate]),
      ChoiceEntry("wolfe", "gradient descent with a line search to a flat place", [rate]),
      ChoiceEntry("conjugate-gradient", "directions that do not spoil each other", [rate]),
      ChoiceEntry("newton", "to the bottom of the touching paraboloid"),
      ChoiceEntry("l-bfgs", "Newton's method with a curvature guessed from the last steps"),
      ChoiceEntry("nelder-mead", "a triangle that tumbles downhill without any slope"),
    ]
  }()

  /// Reads a choice.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  public init(_ text: String) throws(ChoiceError) {
    let name = String(text.prefix { $0 != ":" })
    if Self.methods.contains(where: { $0.name == name }) {
      self = .method(try Choice(text, from: Self.methods, kind: "method"))
      return
    }
    guard OptimizerChoice.all.contains(where: { $0.name == name }) else {
      throw .unknown(
        kind: "optimizer", name: name,
        known: OptimizerChoice.all.map(\.name) + Self.methods.map(\.name))
    }
    self = .optimizer(try OptimizerChoice(text))
  }

  /// The name without parameters.
  public var name: String {
    switch self {
    case .optimizer(let choice): choice.name
    case .method(let choice): choice.name
    }
  }

  public var description: String {
    switch self {
    case .optimizer(let choice): choice.description
    case .method(let choice): choice.description
    }
  }

  /// What it derives from.
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
      choice.entry.parameters.isEmpty || choice["rate"] == 0 ? nil : choice["rate"]
    }
  }

  /// Whether a learning rate matters to it.
  public var hasRate: Bool {
    switch self {
    case .optimizer: true
    case .method: false
    }
  }

  /// A learning rate that rolls on a surface when none is given.
  public func defaultRate(on surface: Surface) -> Double {
    guard case .optimizer(let choice) = self else { return surface.slopeRate }
    func rounded(_ rate: Double) -> Double { Double(shortText(rate)) ?? rate }
    return switch choice.stepLength {
    // A velocity adds up ten slopes.
    case .slope:
      rounded(surface.slopeRate * (["momentum", "nesterov"].contains(choice.name) ? 0.3 : 1))
    case .length: rounded(surface.extent * 0.01)
    case .shrinkingLength: rounded(surface.extent * 0.06)
    case .relative: 0.02
    case .none: rounded(surface.extent * 2)
    }
  }

  func makeMarble(at start: [Double], rate: Double, on surface: Surface) -> any Marble {
    switch self {
    case .optimizer(let choice):
      return OptimizerMarble(choice, learningRate: Float(rate), start: start)
    case .method(let choice):
      switch choice.name {
      case "backtracking": return DescentMarble(place: start, isBacktracking: true, rate: 1)
      case "wolfe": return DescentMarble(place: start, isBacktracking: false, rate: rate)
      case "conjugate-gradient": return ConjugateGradientMarble(place: start, rate: rate)
      case "newton": return NewtonMarble(place: start)
      case "l-bfgs": return LimitedMemoryMarble(place: start)
      default: return NelderMeadMarble(place: start, size: surface.extent / 20)
      }
    }
  }
}
