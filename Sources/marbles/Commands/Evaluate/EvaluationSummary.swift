import ImageLoading
import Optimization
import Training

/// What `--json` prints.
struct EvaluationSummary: Encodable {
  private var checkpoint: String, data: String, part: String?, objective: ObjectiveChoice
  private var count: Int, loss: Double, accuracy: Double
  private var accuracyLow: Double, accuracyHigh: Double
  private var balancedAccuracy: Double, majorityAccuracy: Double
  private var classes: [String], absent: [String]
  private var confusion: [[Int]], scores: [Evaluation.ClassScore]
  private var trainedOn: Int?, validatedOn: Int?, unseen: Unseen?
  private var slices: [EvaluationSlice]?
  private var skipped: [DataReport.Finding]

  init(_ report: EvaluationReport) {
    let evaluation = report.evaluation
    let interval = evaluation.accuracyInterval
    checkpoint = report.checkpoint
    data = report.source
    part = report.part?.rawValue
    objective = report.objective
    count = evaluation.count
    loss = evaluation.loss
    accuracy = evaluation.accuracy
    (accuracyLow, accuracyHigh) = (interval.lowerBound, interval.upperBound)
    balancedAccuracy = evaluation.balancedAccuracy
    majorityAccuracy = evaluation.majorityAccuracy
    classes = report.classes
    absent = evaluation.absentClasses
    confusion = evaluation.confusion
    scores = evaluation.scores
    trainedOn = report.trainedOn
    validatedOn = report.validatedOn
    unseen = report.unseen.map(Unseen.init)
    slices = report.slices
    skipped = report.skipped
  }

  /// The images that the run has not used.
  private struct Unseen: Encodable {
    var count: Int, accuracy: Double, accuracyLow: Double, accuracyHigh: Double

    init(_ evaluation: Evaluation) {
      (count, accuracy) = (evaluation.count, evaluation.accuracy)
      accuracyLow = evaluation.accuracyInterval.lowerBound
      accuracyHigh = evaluation.accuracyInterval.upperBound
    }
  }
}
