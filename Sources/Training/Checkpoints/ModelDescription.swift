public import ConvNet
public import ImageLoading
public import Optimization
public import Tensors

/// Everything needed to use a trained network, except the weights.
public struct ModelDescription: Codable, Equatable, Sendable {
  /// The version of this description that is written today.
  public static let currentFormat = 1

  /// Version of this description.
  public var format = Self.currentFormat
  /// The layers, as `Architecture` reads them.
  public var architecture: String
  /// The name of the architecture, if it has one.
  public var model: String?
  /// The class names in the order of the logits.
  public var classes: [String]
  /// Rows and columns of the input, pixels.
  public var imageSize: Int
  /// How images of other proportions become square.
  public var fit: ImageGeometry.Fit
  /// Color channels of the input: red, green, blue.
  public var channels = 3
  /// Mean and standard deviation per channel, of values in 0…1.
  public var normalization: Normalization
  /// What it was trained to minimize; cross-entropy if absent.
  public var objective: ObjectiveChoice?
  /// What products multiplied in training, float32 if absent; other products can use it too.
  public var precision: Precision?
  /// Epochs and steps trained.
  public var epoch: Int, step: Int
  /// Validation loss and accuracy (0…1) at that point; absent when not measured.
  public var validationLoss: Double?, validationAccuracy: Double?
  /// The name of the run that wrote it.
  public var run: String
  /// Logits are divided by it before they become probabilities; 1, if absent.
  public var temperature: Float?
  /// When its label is an answer; always, if absent.
  public var answering: AnswerRule?

  /// Describes a network at some moment.
  public init(
    architecture: String, model: String?, classes: [String], imageSize: Int,
    fit: ImageGeometry.Fit, normalization: Normalization, objective: ObjectiveChoice? = nil,
    epoch: Int, step: Int, validationLoss: Double? = nil,
    validationAccuracy: Double? = nil, run: String
  ) {
    self.architecture = architecture
    self.model = model
    self.classes = classes
    self.imageSize = imageSize
    self.fit = fit
    self.normalization = normalization
    self.objective = objective
    self.epoch = epoch
    self.step = step
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.run = run
  }

  /// Describes the network of a run before its first step.
  init(_ configuration: TrainingConfiguration, _ data: TrainingData, run: String) {
    self.init(
      architecture: configuration.architecture, model: configuration.model,
      classes: data.classNames, imageSize: configuration.imageSize, fit: configuration.fit,
      normalization: data.normalization, objective: configuration.objective, epoch: 0, step: 0,
      run: run)
    precision = configuration.precision
  }

  /// What cannot be so; nil if everything is in its range.
  var problem: String? {
    if !Self.imageSizes.contains(imageSize) {
      return Problem.text("image_size", imageSize, Self.imageSizes)
    }
    if channels != 3 { return "channels is \(channels), expected 3" }
    if format < 1 { return "format is \(format), expected at least 1" }
    if let problem = Problem.ofClasses(classes) { return problem }
    if epoch < 0 || step < 0 { return "epoch \(epoch), step \(step), expected at least 0" }
    if let accuracy = validationAccuracy, !(0...1).contains(accuracy) {
      return Problem.text("validation_accuracy", accuracy, 0.0...1)
    }
    if let temperature, !Self.temperatures.contains(temperature) {
      return Problem.text("temperature", temperature, Self.temperatures)
    }
    if let problem = answering?.problem(classCount: classes.count) { return problem }
    do {
      _ = try (objective ?? .crossEntropy).makeObjective(classCount: classes.count)
    } catch {
      return error.description
    }
    return nil
  }

  /// Rows and columns of images that networks are read for, pixels.
  static let imageSizes = 1...4096

  /// Temperatures that networks are read with.
  static let temperatures: ClosedRange<Float> = 0.01...100

  /// What products multiplied in training.
  public var productPrecision: Precision { precision ?? .float32 }

  /// How images become input.
  public var geometry: ImageGeometry { ImageGeometry(imageSize: imageSize, fit: fit) }

  /// The network it describes.
  ///
  /// - Throws: `ArchitectureError` if the text is not an architecture or does not fit the size.
  public func makeNetwork(
    catalogues: Catalogues = .standard
  ) throws(ArchitectureError) -> Network {
    try Network(
      Architecture(architecture, catalogue: catalogues.layers), imageSize: imageSize,
      classCount: classes.count)
  }
}
