public import Tensors

/// An optimizer by the text of the command line: `adam`, `rmsprop:momentum=0.9,rate=0.002`.
public struct OptimizerChoice: Hashable, Sendable, WrittenChoice {
  /// What the length of a step goes by, which decides what learning rates mean.
  public enum StepLength: String, Codable, Sendable {
    /// The rate times the slope.
    case slope
    /// About the rate.
    case length
    /// About the rate at first, less and less later.
    case shrinkingLength = "shrinking length"
    /// The rate times the distance from 0.
    case relative
    /// Found by itself.
    case none = "found by itself"
  }

  /// The name and all parameters.
  public let choice: Choice

  /// Reads a choice.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  public init(_ text: String) throws(ChoiceError) {
    choice = try Choice(text, from: OptimizerEntry.all.map(\.choice), kind: "optimizer")
  }

  private init(_ entry: OptimizerEntry) { choice = Choice(entry.choice) }

  /// Every optimizer with its defaults.
  public static let all = OptimizerEntry.all.map(OptimizerChoice.init)

  /// Steps scaled by running moments of the gradient.
  public static let adam = named("adam")
  /// Gradient descent.
  public static let sgd = named("sgd")

  private static func named(_ name: String) -> OptimizerChoice {
    guard let choice = all.first(where: { $0.name == name }) else {
      preconditionFailure("no optimizer \(name)")
    }
    return choice
  }

  private var entry: OptimizerEntry {
    guard let entry = OptimizerEntry.all.first(where: { $0.choice.name == name }) else {
      preconditionFailure("no optimizer \(name)")
    }
    return entry
  }

  /// The name without parameters.
  public var name: String { choice.name }

  /// The shortest text that means the same.
  public var description: String { choice.description }

  /// What it does, in a line.
  public var summary: String { choice.entry.summary }

  /// The parameters of its own, and those every optimizer has.
  public var parameters: (own: [ChoiceParameter], shared: [ChoiceParameter]) {
    let all = choice.entry.parameters
    let own = all.count - OptimizerEntry.sharedCount
    return (Array(all.prefix(own)), Array(all.suffix(from: own)))
  }

  /// What it derives from.
  public var family: OptimizerFamily { entry.family }

  /// What the length of a step goes by.
  public var stepLength: StepLength { entry.stepLength }

  /// The learning rate of its authors or of PyTorch.
  public var usualRate: Float { Float(entry.usualRate) }

  /// The rate that was given, or one that trains a small conv net with batch normalization at batch
  /// size 32.
  public var trainingRate: Float { rate ?? Float(entry.trainingRate) }

  /// The rate that was given.
  public var rate: Float? { choice["rate"] > 0 ? choice.float("rate") : nil }

  /// The optimizer for parameters that lie like this.
  public func makeOptimizer(layout: ParameterLayout) -> any Optimizer {
    let decay = WeightDecay(
      choice.float("decay"), layout: layout, sparesVectors: choice["decay-all"] == 0)
    var optimizer = entry.make(choice, decay, layout)
    let limits: [(String, (Float) -> GradientClipping.Limit)] = [
      ("clip-norm", { .norm($0) }), ("clip-value", { .value($0) }),
      ("clip-adaptive", { .adaptive($0) }),
    ]
    for (name, limit) in limits where choice[name] > 0 {
      optimizer = Clipped(
        inner: optimizer,
        clipping: GradientClipping(limit: limit(choice.float(name)), layout: layout))
    }
    if choice["lookahead"] > 0 {
      optimizer = Lookahead(
        inner: optimizer, period: Int(choice["lookahead"]), part: choice.float("lookahead-part"))
    }
    if choice["ema"] > 0 {
      optimizer = PathAverage(inner: optimizer, kind: .exponential(decay: choice.float("ema")))
    }
    if choice["swa"] > 0 {
      optimizer = PathAverage(inner: optimizer, kind: .equal(fromStep: Int(choice["swa"])))
    }
    return choice["sam"] > 0
      ? SharpnessAware(inner: optimizer, radius: choice.float("sam")) : optimizer
  }

  /// The same optimizer with more parameters, written as in the text.
  ///
  /// - Throws: `ChoiceError` when it has no such parameter, or it is there already.
  public func adding(_ parameters: [String]) throws(ChoiceError) -> OptimizerChoice {
    guard !parameters.isEmpty else { return self }
    let text = description
    return try OptimizerChoice(
      text + (text.contains(":") ? "," : ":") + parameters.joined(separator: ","))
  }
}
