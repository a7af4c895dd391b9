internal import Foundation
public import Optimization
internal import Support

/// What a comparison of optimizers trains: `plan.json` of its folder.
public struct ComparisonPlan: Codable, Equatable, Sendable {
  /// In the order given.
  public var optimizers: [OptimizerChoice]
  /// The choices of the trainings that are compared; optimizer, rate and seed are each one's own.
  public var configuration: TrainingConfiguration
  /// Passes over the training images, or seconds, of the trainings that only look for a rate.
  public var searchEpochs: Int, searchBudget: Double?
  /// Trainings at the rate that was found, each with a seed of its own.
  public var seedCount: Int
  /// Rates of the grid on which each search begins.
  public var rateCount: Int
  /// Hash over path, content and part of every image.
  public var dataFingerprint: String

  /// Creates a plan.
  ///
  /// - Parameter configuration: Of the trainings that are compared, with epochs or with a budget.
  public init(
    _ optimizers: [OptimizerChoice], _ configuration: TrainingConfiguration, seedCount: Int,
    rateCount: Int, dataFingerprint: String
  ) {
    precondition(!optimizers.isEmpty && seedCount >= 1, "nothing to compare")
    self.optimizers = optimizers
    self.configuration = configuration
    self.seedCount = seedCount
    self.rateCount = rateCount
    self.dataFingerprint = dataFingerprint
    searchEpochs = Self.searchEpochs(configuration.epochs)
    searchBudget = configuration.budget.map(Self.searchBudget)
  }

  /// The part of a whole training that one has which only looks for a rate.
  public static let searchPart = 1.0 / 3
  /// The shortest training, seconds.
  public static let leastBudget = 1.0

  /// Passes of a training that looks for a rate.
  public static func searchEpochs(_ epochs: Int) -> Int {
    max(1, Int((Double(epochs) * searchPart).rounded(.up)))
  }

  private static func searchBudget(_ seconds: Double) -> Double {
    max(leastBudget, seconds * searchPart)
  }

  /// The seconds of each compared training with which all trainings together take a time.
  ///
  /// - Returns: Nil if even the shortest ones take longer.
  public static func budget(
    forAll seconds: Double, optimizerCount: Int, seedCount: Int, rateCount: Int
  ) -> Double? {
    let searches = Double(RateSearch.trialCount(gridCount: rateCount))
    let each = seconds / Double(optimizerCount)
    let whole = each / (Double(seedCount) + searches * searchPart)
    if whole * searchPart >= leastBudget { return whole }
    // The shortest searches leave the rest.
    let rest = (each - searches * leastBudget) / Double(seedCount)
    return rest >= leastBudget ? rest : nil
  }

  /// Trainings of one optimizer that look for its rate.
  public var searchCount: Int { RateSearch.trialCount(gridCount: rateCount) }
  /// All trainings.
  public var trialCount: Int { optimizers.count * (searchCount + seedCount) }

  /// The choices of a training.
  func configuration(
    of optimizer: Int, _ phase: ComparisonTrial.Phase, rate: Float, seed: UInt64
  ) -> TrainingConfiguration {
    var choices = configuration
    choices.optimizer = optimizers[optimizer]
    choices.learningRate = rate
    choices.seed = seed
    if phase == .search {
      choices.epochs = searchEpochs
      choices.budget = searchBudget
    }
    return choices
  }

  /// The seed of all searches, which no compared training has.
  var searchSeed: UInt64 { seed(seedCount) }

  /// The seed of a compared training, counted from 0.
  func seed(_ number: Int) -> UInt64 { configuration.seed &+ UInt64(number) }

  /// Reads a plan.
  ///
  /// - Throws: `CheckpointError.missing`, `.unreadable` or `.inconsistent` naming the file.
  init(contentsOf path: String, catalogues: Catalogues) throws(CheckpointError) {
    let bytes: [UInt8]
    do {
      bytes = try PlainFile.bytes(of: path, followsLinks: false)
    } catch {
      throw CheckpointError(path, error)
    }
    do {
      self = try catalogues.decoder().decode(ComparisonPlan.self, from: Data(bytes))
    } catch {
      throw .undecodable(
        path, error, of: Data(bytes), otherwise: "it is not the plan of a comparison")
    }
  }
}
