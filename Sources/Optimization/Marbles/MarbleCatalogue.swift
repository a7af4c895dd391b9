/// A method for surfaces only, because it needs heights or curvature.
public struct MarbleEntry: CatalogueEntry {
  public static let kind = "method"

  public let name: String, summary: String
  public let parameters: [ChoiceParameter]
  /// The first length it tries on a surface if none is given.
  let firstLength: @Sendable (Surface) -> Double
  /// Makes the marble.
  let make: @Sendable (MarbleSettings) -> any Marble

  /// Creates an entry.
  ///
  /// - Parameters:
  ///   - firstLength: The first length it tries on a surface; nil is the surface's rate.
  ///   - make: Makes the marble.
  public init(
    _ name: String, _ summary: String, _ parameters: [ChoiceParameter] = [],
    firstLength: (@Sendable (Surface) -> Double)? = nil,
    make: @escaping @Sendable (MarbleSettings) -> any Marble
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.firstLength = firstLength ?? { $0.slopeRate }
    self.make = make
  }
}

/// What the factory of a marble receives.
public struct MarbleSettings: Sendable {
  /// The values of all parameters.
  public let values: ChoiceValues
  /// Where the marble starts.
  public let start: [Double]
  /// The first length it tries, or its learning rate.
  public let rate: Double
  /// The surface it rolls on.
  public let surface: Surface
}

/// All that a text can name to move a marble: optimizers, and methods for surfaces only.
public struct MarbleCatalogue: Sendable {
  /// The optimizers, which also train networks.
  public let optimizers: OptimizerCatalogue
  /// The methods for surfaces only.
  public let methods: Catalogue<MarbleEntry>

  /// Creates a catalogue.
  ///
  /// - Precondition: Optimizers and methods have different names.
  public init(
    optimizers: OptimizerCatalogue = .standard, methods: [MarbleEntry] = MarbleEntry.standard
  ) {
    self.optimizers = optimizers
    self.methods = Catalogue(methods)
    precondition(
      Set(allNames).count == allNames.count, "a method has the name of an optimizer: \(allNames)")
  }

  /// Marbles' own optimizers and methods.
  public static let standard = MarbleCatalogue()

  /// The names of all optimizers, then those of all methods.
  public var allNames: [String] { optimizers.allNames + methods.allNames }
}

extension MarbleEntry {
  /// Marbles' own methods.
  public static var standard: [MarbleEntry] {
    LineSearchCatalogue.standard.entries.map(MarbleEntry.descent)
      + [.conjugateGradient, .newton, .limitedMemory, .nelderMead]
  }

  /// Gradient descent with a line search.
  static func descent(with search: LineSearchEntry) -> MarbleEntry {
    MarbleEntry(
      search.name, search.summary, [.firstLength] + search.parameters,
      firstLength: search.firstLength
    ) { DescentMarble(place: $0.start, search: search.make($0.values), rate: $0.rate) }
  }
}

extension ChoiceParameter {
  static let firstLength = ChoiceParameter(
    "rate", 0, in: 0...1e6, "first length tried; 0 is the default")
}
