import Foundation
import ImageLoading
import Optimization
import Plotting
import Statistics
import Support
import Training

/// A comparison of optimizers, as text and for programs; its tables and figures are in extensions.
struct ContestReport {
  let comparison: OptimizerComparison
  let results: [OptimizerResult]
  /// The optimizers that trained, and for each of their trainings whether each image is right.
  let ranked: [OptimizerResult], hits: [[[Bool]]]
  let verdicts: PairedVerdicts
  let guessing: GuessingLevel
  /// The validation accuracy to which steps and seconds are counted, 0…1.
  let target: Double
  private let seed: UInt64

  /// Judges all networks.
  ///
  /// - Throws: `Failure` if every training diverged, or the error of a network that cannot be read.
  init(
    _ comparison: OptimizerComparison, _ results: [OptimizerResult], target: Double?, seed: UInt64,
    guessing: GuessingLevel
  ) throws {
    self.comparison = comparison
    self.results = results
    self.seed = seed
    self.guessing = guessing
    let trained = results.filter { !$0.compared.isEmpty }
    guard let common = trained.commonAccuracy else {
      throw Failure(
        .diverged, "training diverged with every optimizer; look at the images and the objective")
    }
    let hits = try trained.map { try $0.compared.map { try comparison.hits(of: $0) } }
    ranked = trained
    self.hits = hits
    self.target = target ?? common
    verdicts = PairedVerdicts(
      comparison: PairedComparison(hits, seed: seed), names: trained.map { "\($0.optimizer)" })
  }

  /// The optimizers, the best first.
  var inOrder: [OptimizerResult] { verdicts.comparison.ranking.map { ranked[$0] } }

  /// What curves are over: steps, or seconds of a comparison with a budget.
  var place: ComparisonTrial.Place {
    comparison.plan.configuration.budget == nil ? .steps : .seconds
  }

  /// The images that decide, in words.
  var judges: String {
    let (part, indices) = comparison.judges
    return "\(indices.count.counted("\(part.rawValue) image"))"
  }

  /// How long each training that is compared is, and with how many seeds.
  var length: String {
    let plan = comparison.plan
    let time = plan.configuration.budget.map { "\($0.duration) each" }
    let steps = ranked.first?.compared.first?.steps ?? 0
    return plan.seedCount.counted("seed") + " · "
      + (time ?? "\(plan.configuration.epochs.counted("epoch")) (\(steps.grouped) steps) each")
  }

  // MARK: Programs

  /// What `--json` prints, and `comparison.json` holds.
  struct Summary: Codable {
    struct Optimizer: Codable {
      var optimizer: String, rate: Float?
      /// Of the judging images.
      var accuracy: Double?, accuracyLow: Double?, accuracyHigh: Double?, accuracies: [Double]
      /// Of the validation images, means over the seeds.
      var finalLoss: Double?, bestLoss: Double?, meanLoss: Double?
      var steps: Double?, seconds: Double?
      var stepsToTarget: Double?, secondsToTarget: Double?, reachedTarget: Int
      var searches: Int, failedSearches: Int, failedSeeds: Int
      var extended: RateSearch.Side?, atEdge: Bool
    }

    var part: String, images: Int, seeds: Int, epochs: Int?, budget: Double?
    var target: Double
    /// What guessing reaches on the validation images; absent in files of old.
    var guessingLoss: Double?, guessingAccuracy: Double?
    /// The best first; those that diverged at every rate last.
    var optimizers: [Optimizer]
    var pairs: [PairedVerdicts.Pair]
    var answer: String
    var files: [String]
  }

  func summary(files: [String]) -> Summary {
    let configuration = comparison.plan.configuration
    let failed = results.filter(\.compared.isEmpty)
    return Summary(
      part: comparison.judges.part.rawValue, images: comparison.judges.indices.count,
      seeds: comparison.plan.seedCount,
      epochs: configuration.budget == nil ? configuration.epochs : nil,
      budget: configuration.budget, target: target, guessingLoss: guessing.loss,
      guessingAccuracy: guessing.accuracy,
      optimizers: zip(inOrder, verdicts.comparison.ranking).map(summary)
        + failed.map { summary(of: $0, at: nil) },
      pairs: verdicts.pairs, answer: verdicts.answer, files: files)
  }

  private func summary(of result: OptimizerResult, at index: Int?) -> Summary.Optimizer {
    let method = index.map { verdicts.comparison.methods[$0] }
    let reached = result.reaching(target)
    return Summary.Optimizer(
      optimizer: "\(result.optimizer)", rate: result.rate, accuracy: method?.accuracy,
      accuracyLow: method?.interval.lowerBound, accuracyHigh: method?.interval.upperBound,
      accuracies: method?.accuracies ?? [], finalLoss: result.mean(\.finalLoss),
      bestLoss: result.mean(\.bestLoss), meanLoss: result.mean { $0.meanLoss(over: place) },
      steps: result.mean { Double($0.steps) }, seconds: result.mean(\.seconds),
      stepsToTarget: reached?.steps, secondsToTarget: reached?.seconds,
      reachedTarget: reached?.count ?? 0, searches: result.searches.count,
      failedSearches: result.searches.count(where: \.isFailed),
      failedSeeds: result.finals.count(where: \.isFailed), extended: result.search.extended,
      atEdge: result.search.isAtEdge)
  }

  // MARK: Text

  /// At most 80 columns.
  var text: String {
    let names = results.map { "\($0.optimizer)" }
    let width = min(17, max(10, 1 + (names.map(\.count).max() ?? 0)))
    let head =
      "   " + "optimizer".left(width) + "rate".right(8) + "accuracy".right(9)
      + "  " + "seeds".left(13) + "loss".right(7) + "area".right(8) + "steps".right(7)
      + "time".right(7)
    let lines = verdicts.comparison.ranking.enumerated().map { rank, place in
      line(rank + 1, ranked[place], verdicts.comparison.methods[place], width)
    }
    let goal = target.percentage()
    let notes =
      "accuracy: mean and range on \(judges). loss: mean at the end, area: mean over the course, "
      + "both on the validation images. steps, time: until \(goal) of those were right."
    return
      ([judges + " · " + length, "", head] + lines + failures
      + [""] + notes.split(separator: " ").map(String.init).lines(width: 78, separator: " ")
      + [""] + verdicts.table + [""]
      + verdicts.answer.split(separator: " ").map(String.init).lines(width: 78, separator: " ")
      + [""]).joined(separator: "\n")
  }

  private func line(
    _ rank: Int, _ result: OptimizerResult, _ method: PairedComparison.Method, _ width: Int
  ) -> String {
    let (low, high) = (method.accuracies.min() ?? 0, method.accuracies.max() ?? 0)
    let reached = result.reaching(target)
    let isPart = reached.map { $0.count < result.compared.count } ?? false
    func number(_ value: Double?) -> String { value.map { $0.short(upTo: 6) } ?? "–" }
    return
      ("\(rank)".left(3) + "\(result.optimizer)".fitted(width - 1).left(width)
      + (result.rate.map { Double($0).short } ?? "–").right(8)
      + method.accuracy.percentage().right(9)
      + "  " + "\(low.percentage())–\(high.percentage())".left(13)
      + number(result.mean(\.finalLoss)).right(7)
      + number(result.mean { $0.meanLoss(over: place) }).right(8)
      + (reached.map { "\(Int($0.steps.rounded()).grouped)\(isPart ? "*" : "")" } ?? "–").right(7)
      + (reached.map { $0.seconds.brief } ?? "–").right(7))
      .trimmingTrailingSpaces
  }

  /// What diverged, or has not learned.
  private var failures: [String] {
    var lines: [String] = []
    let guessed = results.filter { $0.search.best?.loss ?? 0 >= guessing.loss }
    if !guessed.isEmpty {
      let names = guessed.map { "\($0.optimizer)" }.joined(separator: ", ")
      let line = "–  \(names): no rate of the search was better than guessing; train longer"
      lines += line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        .lines(width: 78, separator: " ")
    }
    for result in results where result.rate == nil {
      lines.append("–  \(result.optimizer): diverged at all \(result.searches.count) rates")
    }
    for result in results {
      let failed = result.finals.filter(\.isFailed).map { "\($0.seed)" }
      guard !failed.isEmpty else { continue }
      lines.append(
        "–  \(result.optimizer): diverged with seed \(failed.joined(separator: ", ")), not counted")
    }
    let isPart = ranked.contains { result in
      result.reaching(target).map { $0.count < result.compared.count } ?? false
    }
    return lines + (isPart ? ["*  of the seeds that got there; not all did"] : [])
  }
}

extension Double {
  /// With as many digits after the point as fit, at most four.
  fileprivate func short(upTo width: Int) -> String {
    (0...4).reversed().map(digits).first { $0.count <= width }
      ?? String(format: "%.0e", self)
  }

  /// Seconds in a few characters: "3.2 s", "12 min".
  fileprivate var brief: String {
    self < 100 ? "\(digits(1)) s" : self < 6000 ? "\(digits(0)) s" : "\((self / 60).digits(0)) m"
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
