import ImageLoading
import Optimization
import Statistics
import Tensors
import Training

/// What `--json` prints, and `metrics.json` holds.
struct EvaluationSummary: Encodable {
  private var checkpoint: String, data: String, part: String?, objective: ObjectiveChoice
  private var count: Int, loss: Double, accuracy: Double
  private var accuracyLow: Double, accuracyHigh: Double
  private var balancedAccuracy: Double, majorityAccuracy: Double
  private var classes: [String], absent: [String]
  private var confusion: [[Int]], scores: [Evaluation.ClassScore]
  private var macroPrecision: Double, macroRecall: Double, macroF1: Double
  private var topK: Int?, topKAccuracy: Double?
  private var negativeLogLikelihood: Double?
  private var brierScore: Double?, brierScoreOfFrequencies: Double?
  private var rocAUC: Area, averagePrecision: Area
  /// How many resamples the intervals of areas come from.
  private var resamples: Int
  private var calibration: CalibrationSummary?
  private var mistakes: [Mistake]
  private var trainedOn: Int?, validatedOn: Int?, unseen: Unseen?
  /// Whether each image was averaged with its mirror image.
  private var tta: Bool
  /// What products multiplied.
  private var precision: Precision
  private var slices: [EvaluationSlice]?
  private var answers: AnswerCounts?
  private var temperature: Float
  private var skipped: [DataReport.Finding]
  /// Where everything was written.
  private var folder: String?

  init(_ report: EvaluationReport, folder: String?) {
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
    (macroPrecision, macroRecall, macroF1) = (
      evaluation.macroPrecision, evaluation.balancedAccuracy, evaluation.macroF1
    )
    topK = report.top == nil ? nil : EvaluationReport.topCount
    topKAccuracy = report.top?.fraction
    negativeLogLikelihood = report.probabilities.negativeLogLikelihood
    brierScore = report.probabilities.brierScore
    brierScoreOfFrequencies = report.probabilities.brierScoreOfFrequencies
    let ranking = report.ranking
    rocAUC = Area(
      ranking.rocArea, ranking.rocInterval, report.classes, ranking.roc.map { $0?.area },
      ranking.rocIntervals)
    averagePrecision = Area(
      ranking.averagePrecision, ranking.precisionInterval, report.classes,
      ranking.precisionRecall.map { $0?.averagePrecision }, ranking.precisionIntervals)
    resamples = ranking.resampleCount
    calibration = report.calibration.map(CalibrationSummary.init)
    mistakes = report.mistakes.map {
      Mistake(
        label: report.classes[$0.label], prediction: report.classes[$0.prediction],
        count: $0.images.count)
    }
    trainedOn = report.trainedOn
    validatedOn = report.validatedOn
    unseen = report.unseen.map(Unseen.init)
    tta = report.averagesMirrored
    precision = report.precision
    slices = report.slices
    answers = report.answers
    temperature = report.temperature
    skipped = report.skipped
    self.folder = folder
  }

  private enum CodingKeys: String, CodingKey {
    case checkpoint, data, part, objective, count, loss, accuracy, accuracyLow, accuracyHigh
    case balancedAccuracy, majorityAccuracy, classes, absent, confusion, scores
    case macroPrecision, macroRecall, macroF1
    case topK, topKAccuracy, negativeLogLikelihood, brierScore, brierScoreOfFrequencies
    // The encoder would write roc_a_u_c.
    case rocAUC = "rocAuc"
    case averagePrecision, resamples, calibration, mistakes
    case trainedOn, validatedOn, unseen, tta, precision, slices, answers, temperature, skipped
    case folder
  }

  /// The area below curves: the mean, and that of each class; missing where it is not defined.
  private struct Area: Encodable {
    var mean: Double?, low: Double?, high: Double?
    var classes: [ClassArea]

    struct ClassArea: Encodable { var name: String, value: Double?, low: Double?, high: Double? }

    init(
      _ mean: Double?, _ interval: ClosedRange<Double>?, _ names: [String], _ values: [Double?],
      _ intervals: [ClosedRange<Double>?]
    ) {
      self.mean = mean
      (low, high) = (interval?.lowerBound, interval?.upperBound)
      classes = names.indices.map {
        ClassArea(
          name: names[$0], value: values[$0], low: intervals[$0]?.lowerBound,
          high: intervals[$0]?.upperBound)
      }
    }
  }

  private struct CalibrationSummary: Encodable {
    var confidence: Double, accuracy: Double?, chance: Double, verdict: Calibration.Verdict
    var error: Double, debiasedError: Double
    var bins: [Bin]

    struct Bin: Encodable {
      var low: Double, high: Double, count: Int, confidence: Double?, accuracy: Double?
      var accuracyLow: Double, accuracyHigh: Double
    }

    init(_ calibration: Calibration) {
      (confidence, chance) = (calibration.confidence, calibration.chance)
      (accuracy, verdict) = (calibration.proportion.fraction, calibration.verdict)
      (error, debiasedError) = (calibration.error, calibration.debiasedError)
      bins = calibration.bins.map { bin in
        let interval = bin.proportion.interval
        return Bin(
          low: bin.low, high: bin.high, count: bin.proportion.count, confidence: bin.confidence,
          accuracy: bin.proportion.fraction, accuracyLow: interval.lowerBound,
          accuracyHigh: interval.upperBound)
      }
    }
  }

  private struct Mistake: Encodable { var label: String, prediction: String, count: Int }

  /// The images that the run has not used.
  private struct Unseen: Encodable {
    var count: Int, accuracy: Double, accuracyLow: Double, accuracyHigh: Double

    init(_ right: Proportion) {
      (count, accuracy) = (right.count, right.fraction ?? 0)
      (accuracyLow, accuracyHigh) = (right.interval.lowerBound, right.interval.upperBound)
    }
  }
}
