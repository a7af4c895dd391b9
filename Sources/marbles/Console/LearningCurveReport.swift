import Foundation
import Plotting
import Support
import Training

/// A learning curve and its forecasts, as text, as a table, as a figure and for programs.
struct LearningCurveReport {
  /// Whether more images would help.
  enum Verdict: String, Encodable {
    /// Twice as many certainly make a difference.
    case yes
    /// They may.
    case perhaps
    /// They hardly can.
    case hardly
    /// Networks that have seen each image a few times have not learned what is in them.
    case unknown

    /// Fewer passes over all images tell nothing.
    static let fewestPasses = 4

    /// A gain of accuracy that is worth the trouble of as many images again: half a point.
    static let worthwhile = 0.005

    init(_ twice: LearningCurve.Forecast, passes: Int) {
      if passes < Self.fewestPasses {
        self = .unknown
      } else if twice.highestGain < Self.worthwhile {
        self = .hardly
      } else {
        self = twice.lowestGain > 0 && twice.gain >= Self.worthwhile ? .yes : .perhaps
      }
    }
  }

  /// What `--json` prints.
  struct Summary: Encodable {
    struct Size: Encodable { var images: Int, accuracies: [Double] }

    var answer: Verdict
    var heldOutImages: Int, passes: Int
    var sizes: [Size]
    var law: PowerLaw
    var forecasts: [LearningCurve.Forecast]
    var figures: [String]
  }

  private let curve: LearningCurve
  /// Over all images.
  private let passes: Int
  /// With all images, twice and four times as many.
  private let forecasts: [LearningCurve.Forecast]
  /// Along the curve.
  private let course: [LearningCurve.Forecast]
  let verdict: Verdict

  /// Points of the line in the figure for each size.
  private static let pointsPerSize = 8

  init(_ curve: LearningCurve, passes: Int) {
    self.curve = curve
    self.passes = passes
    let all = Double(curve.sizes[curve.sizes.count - 1])
    let named = [all, 2 * all, 4 * all]
    let (low, high) = (Double(curve.sizes[0]) / 1.2, 4.5 * all)
    let count = Self.pointsPerSize * (curve.sizes.count + 2)
    let places = (0...count).map { low * pow(high / low, Double($0) / Double(count)) }
    // All at once, from one bootstrap. The line changes its dashes where the images end.
    let found = curve.forecasts(for: named + (places + [all]).sorted())
    forecasts = Array(found.prefix(named.count))
    course = Array(found.dropFirst(named.count))
    verdict = Verdict(forecasts[1], passes: passes)
  }

  /// The answer in a line.
  var answer: String { verdict.sentence(forecasts[1], passes: passes) }

  func summary(figures: [String]) -> Summary {
    Summary(
      answer: verdict, heldOutImages: curve.heldOutCount, passes: passes,
      sizes: curve.sizes.map { size in
        Summary.Size(
          images: size,
          accuracies: curve.points.filter { $0.imageCount == size }.map { 1 - $0.error })
      }, law: curve.law, forecasts: forecasts, figures: figures)
  }

  var plotted: PlottedLearningCurve {
    func points(_ height: (LearningCurve.Forecast) -> Double) -> [DataPoint] {
      course.map { DataPoint($0.imageCount, height($0)) }
    }
    return PlottedLearningCurve(
      networks: curve.points.map { DataPoint(Double($0.imageCount), 1 - $0.error) },
      law: points(\.accuracy), upper: points(\.upper), lower: points(\.lower),
      imageCount: forecasts[0].imageCount,
      forecasts: forecasts.dropFirst().map { DataPoint($0.imageCount, $0.accuracy) })
  }

  /// The rows of its table, the names of the columns first.
  var table: [[String]] {
    [["images", "draw", "right", "held_out", "accuracy"]]
      + curve.points.map {
        [
          "\($0.imageCount)", "\($0.draw)", "\($0.hits)", "\($0.isWrong.count)",
          (1 - $0.error).text,
        ]
      }
  }

  /// One line for each size and forecast, then the answer.
  var text: String {
    let heads = "\("images".right(9))  \("accuracy".right(8))  "
    let measured = zip(curve.sizes, curve.errors).map { size, error in
      let draws = curve.points.filter { $0.imageCount == size }.map { (1 - $0.error).percentage() }
      return "\(size.grouped.right(9))  \((1 - error).percentage().right(8))  "
        + draws.joined(separator: " ")
    }
    let expected = forecasts.map { forecast in
      "\(forecast.imageCount.decimal(0).right(9))  \(forecast.accuracy.percentage().right(8))  "
        + "\(forecast.lower.percentage()) to \(forecast.upper.percentage())"
    }
    let title = "measured on \(curve.heldOutCount.grouped) held-out images"
    return
      ([heads + title] + measured + ["", heads + "expected, with 95% interval"] + expected
      + ["", answer, ""]).joined(separator: "\n")
  }
}

extension LearningCurveReport.Verdict {
  /// The answer in a line.
  func sentence(_ twice: LearningCurve.Forecast, passes: Int) -> String {
    let range = "\(Self.points(twice.lowestGain)) to \(Self.points(twice.highestGain))"
    return switch self {
    case .yes:
      "More images would help: twice as many, \(Self.points(twice.gain)) points (\(range))."
    case .perhaps:
      "More images may help: twice as many, \(Self.points(twice.gain)) points (\(range))."
    case .unknown:
      "\(passes.counted("pass")) over all images: too little training to tell; take more time."
    case .hardly:
      "More images would hardly help: twice as many, at most "
        + "\(Self.points(twice.highestGain)) points."
    }
  }

  private static func points(_ gain: Double) -> String { (100 * gain).decimal(1) }
}
