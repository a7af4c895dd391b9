import ArgumentParser
import Optimization
import Support
import Training

/// The optimizer of a text; what only rolls marbles is not mistaken for a misspelling.
///
/// - Throws: `ChoiceError`, or `ValidationError` for a method for surfaces.
func trainingOptimizer(_ text: String) throws -> OptimizerChoice {
  let name = String(text.prefix { $0 != ":" && $0 != "," })
  guard !MarbleCatalogue.standard.methods.allNames.contains(name) else {
    throw ValidationError(
      "'\(name)' is for surfaces only (marbles roll); 'marbles optimizers' lists what trains")
  }
  return try OptimizerChoice(text)
}

/// The optimizer.
struct OptimizerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The optimizer, such as rmsprop:momentum=0.9,ema=0.99; 'marbles optimizers' lists them."),
    completion: .optimizers, transform: trainingOptimizer)
  var optimizer: OptimizerChoice = .adam

  @Option(
    help: ArgumentHelp("The same as the optimizer's parameter momentum.", valueName: "fraction"))
  var momentum: Double?

  @Flag(help: "The same as the optimizer's parameter nesterov.") var nesterov = false

  @Option(
    help: ArgumentHelp(
      "The same as the optimizer's parameter decay: pull of weights toward 0, but not of "
        + "biases and normalizations.",
      valueName: "strength"))
  var weightDecay: Double?

  func validate() throws {
    do {
      _ = try chosen()
    } catch {
      throw ValidationError(error.description)
    }
  }

  /// The optimizer, with the parameters given by other options.
  func chosen() throws(ChoiceError) -> OptimizerChoice {
    try optimizer.adding(
      (momentum.map { ["momentum=\($0)"] } ?? []) + (nesterov ? ["nesterov=true"] : [])
        + (weightDecay.map { ["decay=\($0)"] } ?? []))
  }
}

/// What is minimized in a training step, and on how many images.
struct LossOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The objective, such as huber:delta=0.5; 'marbles objectives' lists them (default: "
        + "cross-entropy)."),
    completion: .objectives, transform: ObjectiveChoice.init)
  var objective: ObjectiveChoice = .crossEntropy

  @Option(
    help: ArgumentHelp("Fraction of the target spread over all classes.", valueName: "fraction"))
  var labelSmoothing: Float = 0

  @Option(help: ArgumentHelp("Images per step.", valueName: "images")) var batchSize = 32

  func validate() throws {
    try check(labelSmoothing, in: 0...0.99, "--label-smoothing")
    try check(batchSize, in: 1...65536, "--batch-size")
  }
}

/// What a training step does, but for its learning rate.
struct StepOptions: ParsableArguments {
  @OptionGroup var choice: OptimizerOptions
  @OptionGroup var loss: LossOptions

  /// As it was written, without what other options add.
  var optimizer: OptimizerChoice { choice.optimizer }
}

/// The learning rate of a run.
enum LearningRateOption: Equatable {
  case number(Float)
  /// What a range test suggests.
  case automatic

  init(_ text: String) throws {
    guard text != "auto" else {
      self = .automatic
      return
    }
    guard let number = Float(text), number > 0, number.isFinite else {
      throw ValidationError("expected a number above 0, or auto")
    }
    self = .number(number)
  }
}

/// How the learning rate changes over a run, and how long it is.
struct CourseOptions: ParsableArguments {
  /// Reads what `--require` asks.
  private static func requirement(_ text: String) throws -> Requirement {
    guard let requirement = Requirement(text) else {
      let names = Requirement.Quantity.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("expected one of \(names), then >= or <=, and a number")
    }
    return requirement
  }

  @Option(
    help: ArgumentHelp(
      "The highest learning rate, or auto for what 'marbles find-learning-rate' suggests "
        + "(default: see 'marbles optimizers').",
      valueName: "rate"), completion: .list(["auto"]), transform: LearningRateOption.init)
  var learningRate: LearningRateOption?

  @Option(
    name: .customLong("learning-rate-at"),
    help: ArgumentHelp(
      "Another highest learning rate from a step on, such as 120=0.001; can be repeated. 'marbles "
        + "steer' asks a running training for it.",
      valueName: "step=rate"), transform: LearningRateChange.init(argument:))
  var learningRateChanges: [LearningRateChange] = []

  @Option(
    help: ArgumentHelp(
      "The learning-rate schedule, such as step:every=0.25; 'marbles schedules' lists them "
        + "(default: cosine)."),
    completion: .schedules, transform: ScheduleChoice.init)
  var schedule: ScheduleChoice = .cosine

  @Option(
    help: ArgumentHelp(
      "Epochs over which the rate first rises (default: 0.5, or 0 for schedules that rise "
        + "themselves).",
      valueName: "epochs"))
  var warmup: Double?

  @Option(
    help: ArgumentHelp("Passes over the training images, instead of a --budget.", valueName: "n"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      "The time that the command takes, 90s or 10m; network, sizes and steps are chosen for it, "
        + "unless they are given (default, without --epochs: 50ms for each training image, 10s "
        + "to 10m).",
      valueName: "time"), transform: Duration.init(budget:))
  var budget: Duration?

  @Option(
    help: ArgumentHelp(
      "Stop after this many epochs without a lower validation loss.", valueName: "epochs"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "Stop after the first epoch with this validation accuracy: 0.95.", valueName: "fraction"))
  var targetAccuracy: Double?

  @Option(
    name: .customLong("require"),
    help: ArgumentHelp(
      "Exit with 3 if the result is worse: test_accuracy>=0.9, validation_loss<=0.3; can be "
        + "repeated.",
      valueName: "limit"),
    transform: requirement)
  var requirements: [Requirement] = []

  func validate() throws {
    if let targetAccuracy, !(targetAccuracy > 0 && targetAccuracy <= 1) {
      throw ValidationError(
        "--target-accuracy is \(targetAccuracy.text), expected a fraction above 0 to 1")
    }
    guard budget == nil || epochs == nil else {
      throw ValidationError("--budget and --epochs both say how long to train: give one of them")
    }
    try check(warmup ?? 0, in: 0...1e6, "--warmup")
    try check(epochs ?? 1, in: 1...1_000_000, "--epochs")
    try check(patience ?? 1, in: 1...1_000_000, "--patience")
  }
}
