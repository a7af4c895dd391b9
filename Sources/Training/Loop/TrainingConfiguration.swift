public import ConvNet
public import ImageLoading
public import Optimization
public import Tensors

/// All choices of a run, resolved: nothing that matters depends on a default elsewhere.
public struct TrainingConfiguration: Codable, Equatable, Sendable {
  /// The folder of images, as given.
  public var data: String
  /// The name of the architecture, if it has one, and its layers.
  public var model: String?, architecture: String
  /// Rows and columns of the input, pixels, and how images of other proportions become square.
  public var imageSize: Int, fit: ImageGeometry.Fit
  /// Rows and columns of training images over the run; nil if they are always `imageSize`, at which
  /// networks are evaluated.
  public var imageSizes: ImageSizes?
  /// The checkpoint whose weights the run begins with; nil if they are drawn.
  public var initialWeights: String?
  /// Random changes of training images.
  public var augmentation: Augmentation
  /// How the images of a step are mixed; nil if they are not.
  public var mixing: BatchMixing?
  /// The fraction of the run after which they are no longer mixed, 0…1; nil if they always are.
  public var mixUntil: Double?
  /// Whether every class has the same part of an epoch, however many images it has; nil is no.
  public var balance: Bool?
  /// Images per step, and passes over the training images.
  ///
  /// Of a budgeted run, the passes are an estimate that decides nothing but the warm-up.
  public var batchSize: Int, epochs: Int
  /// Seconds that training takes instead of a number of epochs, loading and evaluation included.
  public var budget: Double?
  /// The optimizer with its parameters.
  public var optimizer: OptimizerChoice
  /// The highest learning rate.
  public var learningRate: Float
  /// The test that found it; nil if it was given.
  public var learningRateTest: LearningRateRangeTest?
  /// Other highest rates from some steps on, in the order of the steps; nil for none.
  public var learningRateChanges: [LearningRateChange]?
  /// How the learning rate changes, and the epochs over which it first rises.
  public var schedule: ScheduleChoice, warmup: Double
  /// What is minimized.
  public var objective: ObjectiveChoice
  /// Fraction of the target spread over all classes, 0..<1.
  public var labelSmoothing: Float
  /// Determines every random draw of the run.
  public var seed: UInt64
  /// Fractions of the images held out for validation and for the final test, 0..<1.
  public var validationSplit: Double, testSplit: Double
  /// The split file used instead, if one was given.
  public var splitFile: String?
  /// The images that are left out, if a list was given.
  public var excluded: ExclusionList?
  /// At most this many images, the same fraction of every class.
  public var limit: Int?
  /// Stop after this many epochs without a lower validation loss.
  public var patience: Int?
  /// Stop after an epoch with this validation accuracy, above 0 to 1.
  public var targetAccuracy: Double?
  /// Checkpoints of epochs to keep besides the best and the last; nil for none.
  public var keep: Int?
  /// Whether snapshots of the network are kept over the run; nil is no.
  public var recordPath: Bool?
  /// What the run does when it diverges; nil to stop.
  public var onDivergence: DivergenceAction?
  /// Whether an image that cannot be used is an error.
  public var strict: Bool
  /// How convolutions are computed; results differ by rounding.
  public var convolution: ConvolutionAlgorithm
  /// What products multiply; nil for float32.
  public var precision: Precision?

  /// Creates a configuration for a named network, with defaults that train it well.
  ///
  /// - Parameters:
  ///   - data: The folder of images, for the record.
  ///   - imageSize: Rows and columns of the input, pixels.
  public init(
    data: String = "", model: NamedModel = .kitten, imageSize: Int = 64,
    optimizer: OptimizerChoice = .adam
  ) {
    self.init(
      data: data, model: model.rawValue, architecture: model.architectureText,
      imageSize: imageSize, optimizer: optimizer)
  }

  /// Creates a configuration from the choices without a default.
  ///
  /// - Parameters:
  ///   - data: The folder of images, for the record.
  ///   - model: The name of the architecture, if it has one.
  ///   - architecture: The layers, as `Architecture` reads them.
  ///   - imageSize: Rows and columns of the input, pixels.
  ///   - optimizer: The optimizer, whose learning rate becomes that of the run.
  public init(
    data: String, model: String?, architecture: String, imageSize: Int,
    optimizer: OptimizerChoice
  ) {
    self.data = data
    self.model = model
    self.architecture = architecture
    self.imageSize = imageSize
    self.optimizer = optimizer
    fit = .crop
    imageSizes = nil
    initialWeights = nil
    augmentation = .light
    mixing = nil
    mixUntil = nil
    balance = nil
    batchSize = 32
    epochs = 12
    budget = nil
    learningRate = optimizer.trainingRate
    learningRateTest = nil
    learningRateChanges = nil
    schedule = .cosine
    warmup = 0.5
    objective = .crossEntropy
    labelSmoothing = 0
    seed = 1
    validationSplit = 0.1
    testSplit = 0.1
    splitFile = nil
    excluded = nil
    limit = nil
    patience = nil
    targetAccuracy = nil
    keep = nil
    recordPath = nil
    onDivergence = nil
    strict = false
    convolution = .automatic
    precision = nil
  }

  /// What products multiply.
  public var productPrecision: Precision { precision ?? .float32 }

  /// The objective of these choices, as training uses it or, without smoothing, as evaluation does.
  ///
  /// - Throws: `ChoiceError` if it does not fit the number of classes.
  public func makeObjective(
    classCount: Int, smoothed: Bool = true
  ) throws(ChoiceError) -> any Objective {
    try objective.makeObjective(
      classCount: classCount, labelSmoothing: smoothed ? labelSmoothing : 0)
  }

  /// Steps in one pass over this many training images.
  public func stepsPerEpoch(trainingCount: Int) -> Int {
    (trainingCount + batchSize - 1) / batchSize
  }

  /// The learning rate of every step.
  ///
  /// - Throws: `ScheduleError` if a formula gives none.
  public func makeSchedule(trainingCount: Int) throws(ScheduleError) -> LearningRateSchedule {
    let steps = stepsPerEpoch(trainingCount: trainingCount)
    return try LearningRateSchedule(
      schedule, peak: learningRate, warmupSteps: Int((warmup * Double(steps)).rounded()),
      totalSteps: epochs * steps, stepsPerEpoch: steps)
  }

  /// The network for images of the final size.
  ///
  /// - Throws: `ArchitectureError` if the text is not an architecture or does not fit the size.
  public func makeNetwork(
    classCount: Int, catalogues: Catalogues = .standard
  ) throws(ArchitectureError) -> Network {
    try Network(
      Architecture(architecture, catalogue: catalogues.layers), imageSize: imageSize,
      classCount: classCount)
  }

  /// Whether the run keeps its last network rather than that with the lowest validation loss.
  ///
  /// The rate of a budgeted run falls to its end, for which its last network is the one to use; a
  /// few validation images would choose worse. With patience, the loss decides.
  public var keepsLast: Bool { budget != nil && patience == nil }

  /// The rules that end the run, the first that is met: its epochs or its budget, and its target
  /// accuracy and its patience if it has them.
  public var stoppingRules: [any StoppingRule] {
    let target = targetAccuracy.map { [TargetAccuracy($0)] } ?? []
    let length: any StoppingRule = budget.map { TimeLimit(seconds: $0) } ?? EpochLimit(epochs)
    return [length] + target + (patience.map { [Patience($0)] } ?? [])
  }

  /// Refuses to resume a run at a place from which these choices do not lead on.
  ///
  /// A run that was stopped after its last epoch leads on: its test is left.
  ///
  /// - Parameters:
  ///   - status: What the run's record says; nil if there is none.
  ///   - run: The run, for a message.
  /// - Throws: `TrainingError.alreadyFinished` or `.tooFewEpochs`.
  public func checkResumable(
    at progress: TrainingState.Progress, status: RunRecord.Status?, run: String
  ) throws(TrainingError) {
    let begun = progress.isBetweenEpochs ? progress.epoch : progress.epoch + 1
    guard budget != nil || epochs >= begun else {
      throw .tooFewEpochs(run: run, epochs: epochs, begun: begun)
    }
    if status == .finished, let stop = stoppingRules.decision(at: progress) {
      throw .alreadyFinished(run: run, reason: stop.rule.reason)
    }
  }

  /// Rows and columns of training images at a place in the run, 0 to 1.
  public func imageSize(at position: Double) -> Int {
    imageSizes?.stage(at: position).size ?? imageSize
  }

  /// All sizes that images have in training and evaluation, pixels.
  public var allImageSizes: Set<Int> { Set([imageSize] + (imageSizes?.stages.map(\.size) ?? [])) }

  /// How images are mixed at a place in the run, 0 to 1; nil if they are not.
  func mixing(at position: Double) -> BatchMixing? {
    position < mixUntil ?? .infinity ? mixing : nil
  }

  /// The geometry of the input.
  public var geometry: ImageGeometry { ImageGeometry(imageSize: imageSize, fit: fit) }
}
