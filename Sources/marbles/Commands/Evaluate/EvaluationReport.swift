import ImageLoading
import Optimization
import Statistics
import Tensors
import Training

/// All that is measured of a checkpoint on some images: what is printed, written and drawn comes
/// from here.
struct EvaluationReport {
  /// The file of the checkpoint, and what the images are called.
  let checkpoint: String, source: String
  /// The part of the run's own images that was asked for.
  let part: Split.Part?
  let objective: ObjectiveChoice
  /// In the order of the logits.
  let classes: [String]
  /// The file, the label and the prediction of each image.
  let paths: [String], labels: [Int], predictions: [Prediction]
  let evaluation: Evaluation
  let probabilities: LabeledProbabilities
  let calibration: Calibration?
  let ranking: ClassRanking
  /// Of the images, those trained on and those that chose the epoch; nil where it is not known.
  var trainedOn: Int?, validatedOn: Int?
  /// The images that the run has not used, if it has used others.
  var unseen: Proportion?
  var slices: [EvaluationSlice]?
  /// Whether each image was averaged with its mirror image.
  var averagesMirrored = false
  /// What products multiplied.
  var precision = Precision.float32
  /// How often the network answers; nil if it always does.
  let answers: AnswerCounts?
  /// Logits are divided by it before they become probabilities.
  let temperature: Float
  let skipped: [DataReport.Finding]

  /// Measures.
  ///
  /// - Parameters:
  ///   - outputs: Finite logits; features too, of a network that does not always answer.
  ///   - partsInRun: The part of its run that each image belongs to, where that is known.
  /// - Precondition: There is at least one image.
  init(
    of model: Checkpoint, file: String, source: String, part: Split.Part?, outputs: NetworkOutputs,
    labels: [Int], paths: [String], partsInRun: [Split.Part?]?, skipped: [DataReport.Finding]
  ) throws {
    try self.init(
      checkpoint: file, source: source, part: part,
      objective: model.description.objective ?? .crossEntropy,
      classes: model.description.classes, predictions: model.description.predictions(outputs),
      alwaysAnswers: model.description.answering == nil, labels: labels, paths: paths,
      partsInRun: partsInRun, skipped: skipped)
  }

  /// Measures what is known of the answers, of which nobody needs the network.
  ///
  /// - Parameters:
  ///   - predictions: Of finite logits, all with one temperature.
  ///   - alwaysAnswers: Whether the network has no rule for what it does not know.
  /// - Precondition: There is at least one image.
  /// - Throws: `ChoiceError` if the objective does not fit the classes.
  init(
    checkpoint: String, source: String, part: Split.Part?, objective: ObjectiveChoice,
    classes: [String], predictions: [Prediction], alwaysAnswers: Bool, labels: [Int],
    paths: [String], partsInRun: [Split.Part?]?, skipped: [DataReport.Finding]
  ) throws {
    self.checkpoint = checkpoint
    self.source = source
    self.part = part
    self.classes = classes
    self.labels = labels
    self.paths = paths
    self.skipped = skipped
    self.objective = objective
    let function = try objective.makeObjective(classCount: classes.count)
    self.predictions = predictions
    let hits = zip(predictions, labels).map { $0.index == $1 }
    answers = alwaysAnswers ? nil : AnswerCounts(predictions.map(\.verdict), hits: hits)
    temperature = predictions[0].temperature
    let logits = predictions.flatMap(\.logits)
    evaluation = Evaluation(
      logits: logits, targets: labels, classes: classes, objective: function)
    probabilities = LabeledProbabilities(
      logits: logits, labels: labels, classCount: classes.count,
      temperature: Double(temperature))
    calibration = Calibration(probabilities)
    ranking = ClassRanking(probabilities)
    trainedOn = partsInRun?.count { $0 == .train }
    validatedOn = partsInRun?.count { $0 == .validation }
    let others = (partsInRun ?? []).indices.filter { partsInRun?[$0] == nil }
    unseen =
      others.isEmpty || others.count == labels.count
      ? nil
      : Proportion(hits: others.count { hits[$0] }, of: others.count)
  }

  /// Whether each image is classified correctly.
  var hits: [Bool] { zip(predictions, labels).map { $0.index == $1 } }

  /// How many of the most probable classes count as an answer, where there are more.
  static let topCount = 5

  /// Images whose label is among those; nil with as few classes.
  var top: Proportion? {
    classes.count > Self.topCount ? probabilities.top(Self.topCount) : nil
  }

  /// Images of one class that were taken for one other.
  struct Mistake {
    /// Classes.
    let label: Int, prediction: Int
    /// The most confident first.
    let images: [Int]
  }

  /// The kinds of mistakes, the most frequent first.
  var mistakes: [Mistake] {
    let wrong = labels.indices.filter { !hits(at: $0) }
    let kinds = Dictionary(grouping: wrong) { labels[$0] * classes.count + predictions[$0].index }
    return kinds.map { kind, images in
      Mistake(
        label: kind / classes.count, prediction: kind % classes.count,
        images: mostConfidentFirst(images))
    }.sorted {
      ($1.images.count, $0.label, $0.prediction) < ($0.images.count, $1.label, $1.prediction)
    }
  }

  /// The images that are classified correctly, the most confident first.
  var right: [Int] { mostConfidentFirst(labels.indices.filter(hits(at:))) }

  private func hits(at image: Int) -> Bool { predictions[image].index == labels[image] }

  /// The probability of an image's prediction, 0…1.
  func confidence(_ image: Int) -> Double { probabilities.probabilities[place(image)] }

  /// Where the prediction of an image is among all probabilities.
  private func place(_ image: Int) -> Int { image * classes.count + predictions[image].index }

  private func mostConfidentFirst(_ images: [Int]) -> [Int] {
    // Logarithms tell apart what rounds to 1; of equal ones the first file comes first.
    func order(_ image: Int) -> (Double, Int) { (-probabilities.logarithms[place(image)], image) }
    return images.sorted { order($0) < order($1) }
  }
}
