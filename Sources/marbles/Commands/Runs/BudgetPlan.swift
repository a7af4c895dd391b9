import Benchmarking
import ConvNet
import ImageLoading
import Optimization
import Support
import Tensors
import Training

/// What a budgeted run chooses by itself, from the speed of this machine and the number of images.
struct BudgetPlan {
  /// The choices of the run.
  private(set) var configuration: TrainingConfiguration
  /// Why they were made, line by line.
  private(set) var reasons: [String] = []

  /// Part of the time that is left for steps; the rest evaluates.
  private static let stepsPart = 0.9
  /// How long each size of a network is measured, seconds.
  private static let measuring = 0.25

  /// Chooses the best recipe that sees the images often enough in the time.
  ///
  /// - Parameters:
  ///   - configuration: The choices with a budget; those of `given` options are kept.
  ///   - trainingCount: Training images, about.
  ///   - seconds: What is left of the budget for training.
  ///   - memoryLimit: Bytes that the run may take.
  ///   - keepsPixels: Whether decoded images will be in memory.
  init(
    _ configuration: TrainingConfiguration, given: Set<String>, trainingCount: Int,
    classCount: Int, seconds: Double, workers: Workers, memoryLimit: Int?,
    keepsPixels: Bool
  ) throws {
    self.configuration = configuration
    var chosen: (recipe: Recipe, speed: Double, passes: Double)?
    var tooSlow: (recipe: Recipe, passes: Double, least: Double)?
    for recipe in Recipe.all {
      let tried = try configuration.applying(recipe, keeping: given)
      let least = max(recipe.leastPasses, Recipe.leastImages / Double(trainingCount))
      // What the recipe before sees is no measure, but its speed is one of the machine.
      if let chosen, recipe.leastPasses > 0 {
        let before = try configuration.applying(chosen.recipe, keeping: given)
        let work = try tried.meanWork(classCount) / before.meanWork(classCount)
        if chosen.passes / work < least / 3 { break }
      }
      // What was chosen by hand may fit no other sizes, and not everything fits into memory.
      let measured = Result {
        let memory = try RunMemory(
          tried, limit: memoryLimit, classCount: classCount, trainingCount: trainingCount,
          images: keepsPixels ? trainingCount * 3 * tried.imageSize * tried.imageSize : 0,
          workers: workers)
        let limited = memory.limiting(workers)
        try tried.requireMemory(
          classCount: classCount, trainingCount: trainingCount, workers: limited)
        return try tried.imagesPerSecond(
          classCount: classCount, seconds: Self.measuring, workers: limited)
      }
      guard let speed = try chosen == nil ? measured.get() : try? measured.get() else { break }
      let passes = speed * seconds * Self.stepsPart / Double(trainingCount)
      guard chosen == nil || passes >= least else {
        tooSlow = (recipe, passes, least)
        break
      }
      chosen = (recipe, speed, passes)
    }
    guard let chosen else { preconditionFailure("no recipe") }
    self.configuration = try configuration.applying(chosen.recipe, keeping: given)
    self.configuration.epochs = max(1, Int(chosen.passes.rounded()))
    reasons = [
      "\(trainingCount.counted("image")) at \(Int(chosen.speed).grouped) a second: about "
        + "\(Int(chosen.passes.rounded()).counted("pass"))"
    ]
    if let tooSlow {
      reasons.append(
        "\(tooSlow.recipe.model.rawValue) at \(tooSlow.recipe.imageSize) pixels would make "
          + "\(tooSlow.passes.digits(1)), and needs \(tooSlow.least.digits(0))")
    }
  }
}

extension TrainingConfiguration {
  /// Takes a time instead of a number of epochs, and chooses for it what was not given.
  ///
  /// - Parameter budget: Nil for one that suits the number of images.
  mutating func plan(
    _ budget: Duration?, for listing: DatasetListing, _ workers: Workers,
    memoryLimit: Int? = nil, keepsPixels: Bool = true, quiet: Bool
  ) throws {
    let count = try trainingCount(of: listing)
    let seconds = budget?.seconds ?? Recipe.defaultBudget(trainingCount: count)
    self.budget = seconds
    let plan = try BudgetPlan(
      self, given: Set(GivenOptions.names), trainingCount: count,
      classCount: listing.classNames.count, seconds: seconds, workers: workers,
      memoryLimit: memoryLimit, keepsPixels: keepsPixels)
    self = plan.configuration
    guard !quiet else { return }
    Console.note("budget \(seconds.duration) for " + plan.reasons[0])
    for reason in plan.reasons.dropFirst() { Console.note("       \(reason)") }
  }

  /// Chooses what was not given, and the passes, so that several trainings, which processes share,
  /// take about a time.
  ///
  /// - Parameters:
  ///   - trainings: How long they are together, in trainings with all images.
  ///   - budget: Nil for twice that of one run.
  /// - Returns: The time, seconds.
  mutating func plan(
    trainings: Double, in budget: Duration?, for listing: DatasetListing, _ workers: Workers
  ) throws -> Double {
    let seconds =
      try budget?.seconds ?? 2 * Recipe.defaultBudget(trainingCount: trainingCount(of: listing))
    try plan(
      .seconds(seconds / trainings * Double(workers.processCount)), for: listing, workers.alone,
      quiet: true)
    self.budget = nil
    return seconds
  }

  /// About how many of the listed images are for training.
  func trainingCount(of listing: DatasetListing) throws -> Int {
    let split = try splitFile.map { try SplitFile.read($0) }
    if let split { return max(1, split.indices(of: .train).count) }
    let parts = listing.files.map(\.assignedPart)
    let settled = Split.settledParts(parts)
    let held =
      (settled.contains(.validation) ? 0 : validationSplit)
      + (settled.contains(.test) ? 0 : testSplit)
    let count = Double(parts.count { $0 == nil || $0 == .train }) * max(0, 1 - held)
    let part = limit.map { min(1, Double($0) / Double(max(1, parts.count))) } ?? 1
    return max(1, Int(count * part))
  }

  /// The choices of a recipe, but for those of options that were given.
  fileprivate func applying(
    _ recipe: Recipe, keeping given: Set<String>
  ) throws -> Self {
    func isFree(_ names: String...) -> Bool { given.isDisjoint(with: names) }
    var result = self
    if isFree("--model", "--architecture"), initialWeights == nil {
      result.model = recipe.model.rawValue
      result.architecture = recipe.model.architectureText
    }
    if isFree("--image-size", "--image-sizes"), initialWeights == nil {
      result.imageSize = recipe.imageSize
      result.imageSizes = recipe.imageSizes
    }
    if isFree("--augmentation") { result.augmentation = recipe.augmentation }
    if isFree("--batch-size") { result.batchSize = recipe.batchSize }
    if isFree("--label-smoothing", "--objective") { result.labelSmoothing = Recipe.labelSmoothing }
    // A rate is meant for the optimizer that is used without a budget.
    if isFree("--optimizer", "--momentum", "--nesterov", "--weight-decay", "--learning-rate") {
      result.optimizer = try OptimizerChoice(Recipe.optimizer)
      result.learningRate = Recipe.learningRate
    }
    if isFree("--schedule", "--warmup") {
      result.schedule = Recipe.schedule
      result.warmup = Recipe.schedule.defaultWarmup
    }
    return result
  }

  /// The sizes of training images, each with its part of the run.
  private var shares: [(size: Int, share: Double)] {
    guard let stages = imageSizes?.stages else { return [(imageSize, 1)] }
    let starts = [0] + stages.map(\.end)
    return zip(stages, starts).map { ($0.size, $0.end - $1) }
  }

  private func network(_ size: Int, _ classCount: Int) throws -> Network {
    try Network(Architecture(architecture), imageSize: size, classCount: classCount)
  }

  /// Multiply-adds of a training image, on average over the time of the run.
  fileprivate func meanWork(_ classCount: Int) throws -> Double {
    1
      / (try shares.reduce(0) { sum, part in
        try sum + part.share
          / Double(network(part.size, classCount).multiplyAdds(training: true))
      })
  }

  /// Training images per second, on average over the time of the run: steps on made-up images.
  fileprivate func imagesPerSecond(
    classCount: Int, seconds: Double, workers: Workers
  ) throws -> Double {
    try shares.reduce(0) { sum, part in
      let network = try network(part.size, classCount)
      let benchmark = StepBenchmark(
        network: network, batchSize: batchSize,
        optimizer: optimizer.makeOptimizer(layout: network.parameterLayout),
        learningRate: learningRate, seed: 1, workers: workers, convolution: convolution,
        precision: productPrecision)
      let step = benchmark.train(for: seconds / Double(shares.count)).timing.median
      return sum + part.share * Double(batchSize) / step
    }
  }
}
