/// The optimizers that a text can name, and the wrappers that fit all of them.
///
/// `OptimizerCatalogue.standard.adding(entry)` also knows an optimizer that is defined elsewhere:
/// it can then be named, used for training and rolled like the others.
public struct OptimizerCatalogue: Sendable {
  /// The optimizers, related ones side by side.
  public let optimizers: Catalogue<OptimizerEntry>
  /// The wrappers; each wraps all those before it.
  public let wrappers: Catalogue<OptimizerWrapperEntry>

  /// Creates a catalogue.
  ///
  /// - Precondition: No optimizer has a parameter with the name of a shared one.
  public init(optimizers: [OptimizerEntry], wrappers: [OptimizerWrapperEntry]) {
    self.optimizers = Catalogue(optimizers)
    self.wrappers = Catalogue(wrappers)
    for optimizer in optimizers {
      let names = parameters(of: optimizer).map(\.name)
      precondition(
        Set(names).count == names.count, "a parameter of '\(optimizer.name)' is taken: \(names)")
    }
  }

  /// Marbles' own optimizers and wrappers.
  public static let standard = OptimizerCatalogue(
    optimizers: [
      .sgd, .momentum, .nesterov, .quasiHyperbolicMomentum,
      .resilientPropagation, .adaGrad, .adaDelta, .rmsProp,
      .adam, .adamW, .amsGrad, .nAdam, .rAdam, .adaMax, .adaBelief, .yogi, .adan, .adEMAMix,
      .scheduleFree, .signDescent, .lion, .lamb, .muon,
    ],
    wrappers: [
      .clipNorm, .clipValue, .clipAdaptive, .sharpnessAware, .lookahead, .exponentialAverage,
      .equalAverage,
    ])

  /// This catalogue and one more optimizer.
  public func adding(_ optimizer: OptimizerEntry) -> OptimizerCatalogue {
    OptimizerCatalogue(
      optimizers: optimizers.entries + [optimizer], wrappers: wrappers.entries)
  }

  /// This catalogue and one more wrapper, outside all others.
  public func adding(_ wrapper: OptimizerWrapperEntry) -> OptimizerCatalogue {
    OptimizerCatalogue(
      optimizers: optimizers.entries, wrappers: wrappers.entries + [wrapper])
  }

  /// The names of all optimizers.
  public var allNames: [String] { optimizers.allNames }

  /// Every optimizer with its defaults.
  public var choices: [OptimizerChoice] {
    optimizers.entries.map { OptimizerChoice($0, in: self) }
  }

  /// The parameters of every optimizer: a rate of 0 means the default, the others are off at 0.
  ///
  /// - Parameter decay: The default decay, in which optimizers differ.
  public func sharedParameters(decay: Double = 0) -> [ChoiceParameter] {
    [
      ChoiceParameter("rate", 0, in: 0...1e6, "learning rate; 0 is the default"),
      ChoiceParameter("decay", decay, in: 0...1e3, "pull of weights toward 0"),
      ChoiceParameter(
        "decay-all", .flag, [0], "whether biases and normalizations decay, too"),
    ] + wrappers.entries.flatMap(\.parameters)
  }

  /// The parameters of an optimizer, its own first.
  func parameters(of entry: OptimizerEntry) -> [ChoiceParameter] {
    entry.parameters + sharedParameters(decay: entry.decay)
  }
}
