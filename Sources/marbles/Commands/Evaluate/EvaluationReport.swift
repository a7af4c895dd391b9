import ImageLoading
import Optimization
import Plotting
import Support
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
  /// Of the images, those trained on and those that chose the epoch; nil where it is not known.
  let trainedOn: Int?, validatedOn: Int?
  /// The images that the run has not used, if it has used others.
  let unseen: Evaluation?
  var slices: [EvaluationSlice]?
  let skipped: [DataReport.Finding]

  /// Measures.
  ///
  /// - Parameters:
  ///   - logits: Images × classes, finite.
  ///   - partsInRun: The part of its run that each image belongs to, where that is known.
  /// - Precondition: There is at least one image.
  init(
    of model: Checkpoint, file: String, source: String, part: Split.Part?, logits: [Float],
    labels: [Int], paths: [String], partsInRun: [Split.Part?]?, skipped: [DataReport.Finding]
  ) throws {
    let classes = model.description.classes
    checkpoint = file
    self.source = source
    self.part = part
    self.classes = classes
    self.labels = labels
    self.paths = paths
    self.skipped = skipped
    objective = model.description.objective ?? .crossEntropy
    let function = try objective.makeObjective(classCount: classes.count)
    func row(_ image: Int) -> ArraySlice<Float> {
      logits[image * classes.count..<(image + 1) * classes.count]
    }
    predictions = labels.indices.map { Prediction(classes: classes, logits: Array(row($0))) }
    evaluation = Evaluation(
      logits: logits, targets: labels, classes: classes, objective: function)
    trainedOn = partsInRun?.count { $0 == .train }
    validatedOn = partsInRun?.count { $0 == .validation }
    let others = (partsInRun ?? []).indices.filter { partsInRun?[$0] == nil }
    unseen =
      others.isEmpty || others.count == labels.count
      ? nil
      : Evaluation(
        logits: others.flatMap(row), targets: others.map { labels[$0] }, classes: classes,
        objective: function)
  }

  /// Whether each image is classified correctly.
  var hits: [Bool] { zip(predictions, labels).map { $0.index == $1 } }

  /// One line for each image.
  var predictionTable: String {
    PredictionRow.table(
      labels.indices.map {
        PredictionRow(path: paths[$0], label: classes[labels[$0]], prediction: predictions[$0])
      }, classes: classes)
  }

  func confusionFigure(_ theme: Theme) -> ConfusionFigure {
    ConfusionFigure(
      title: "What images were taken for",
      subtitle: "\(evaluation.accuracy.percentage()) of "
        + "\(evaluation.count.counted("image")) right · \(source)",
      classes: classes.map(\.printable), counts: evaluation.confusion, theme: theme)
  }
}
