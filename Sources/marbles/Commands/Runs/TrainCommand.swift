import ArgumentParser
import ConvNet
import Foundation
import ImageLoading
import MessagePassing
import Optimization
import Support
import Tensors
import Training

struct TrainCommand: SharedCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a classifier on a folder of images.",
    discussion: """
      DATA holds one folder per class (cat/…, dog/…), or train/ and test/ folders
      with those inside, or files named like cat.0.jpg. It is only read. Everything
      is written to a new directory below --out; checkpoints/best.safetensors there
      is all that evaluate and predict need.

      Without --epochs, the run takes a time, and what is not given is chosen for
      it: network, image sizes, batch, optimizer. The defaults below are those of
      a run with --epochs.

      Example: marbles train photos --budget 10m
      """)

  @Argument(help: "The folder of images.", completion: .dataset, transform: inputPath)
  var data: String?

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Network") var start: StartOptions
  @OptionGroup(title: "Optimization") var step: StepOptions
  @OptionGroup(title: "Optimization") var course: CourseOptions
  @OptionGroup(title: "Data") var images: DataOptions
  @OptionGroup(title: "Data") var imageCourse: ImageCourseOptions
  @OptionGroup(title: "Cache") var cache: CacheOptions
  @OptionGroup(title: "Run") var run_: RunOptions
  @OptionGroup(title: "Run") var computation: ComputationOptions
  @OptionGroup var output: OutputOptions

  /// What may be given anew with `--resume`.
  private static let resumable = [
    "--resume", "--data", "--epochs", "--patience", "--target-accuracy", "--require",
    "--save-every", "--keep", "--on-divergence", "--serve", "--threads", "--memory-limit",
    "--reduce", "--cache", "--cache-folder", "--cache-limit", "--json", "--quiet",
  ]

  /// What may be given with `--repeat`.
  private static let repeatable = [
    "--repeat", "--learning-rate-at", "--data", "--out", "--name", "--require", "--save-every",
    "--serve", "--threads", "--memory-limit", "--reduce", "--cache", "--cache-folder",
    "--cache-limit", "--json", "--quiet",
  ]

  /// What may be given with `--continue`.
  private static let continuable =
    [
      "--continue", "--epochs", "--budget", "--learning-rate", "--seed", "--patience",
      "--target-accuracy", "--keep", "--on-divergence",
    ] + repeatable.dropFirst()

  func validate() throws {
    if course.learningRate != nil, step.optimizer.rate != nil {
      throw ValidationError("the learning rate is given twice: --learning-rate and rate=")
    }
    if course.learningRate == .automatic { try refuseToFindRate(of: step.optimizer) }
    guard imageCourse.mixUntil == nil || images.mixing != nil else {
      throw ValidationError("--mix-until says when --mixup and --cutmix end; give one of them")
    }
    if run_.resume != nil {
      try refuseChoices(beside: Self.resumable, "goes on with the choices of the run")
    } else if run_.repeated != nil {
      try refuseChoices(beside: Self.repeatable, "makes the choices of the run again")
    } else if run_.continued != nil {
      try refuseChoices(beside: Self.continuable, "begins with the choices of the run")
    } else if data == nil {
      throw ValidationError("Missing expected argument '<data>': the folder of images")
    }
  }

  /// Refuses what the choices of an earlier run leave no room for; the first option takes them.
  private func refuseChoices(beside options: [String], _ why: String) throws {
    guard data == nil else {
      throw ValidationError("\(options[0]) uses the images of the run; leave out DATA")
    }
    try GivenOptions.refuse(
      "with \(options[0]), which \(why); \(options[1...].joined(separator: ", ")) can"
    ) { !options.contains($0) }
  }

  func run() throws {
    let ranks = try Ranks.joinAsCommand()
    if run_.reduce != .exact, !output.quiet {
      Console.note("ranks  sums are added in the order of MPI: bits may differ from run to run")
    }
    let session =
      try run_.resume.map { try TrainingSession(resuming: RunDirectory(existing: $0), self, ranks) }
      ?? TrainingSession(starting: self, ranks)
    try session.run()
    try session.require(course.requirements)
  }

  /// The choices of a new run.
  func makeConfiguration(data: String) throws -> TrainingConfiguration {
    var configuration = try TrainingConfiguration(
      data: data, network, optimizer: step.choice.chosen(), step.loss, images, computation,
      run_.seed)
    configuration.initialWeights = start.initialWeights
    configuration.imageSizes = imageCourse.imageSizes
    // Unless it is given, the largest size of training is that of evaluation.
    if let largest = imageCourse.imageSizes?.stages.map(\.size).max(),
      !GivenOptions.names.contains("--image-size")
    {
      configuration.imageSize = largest
    }
    configuration.mixUntil = imageCourse.mixUntil
    configuration.epochs = course.epochs ?? configuration.epochs
    if case .number(let rate) = course.learningRate { configuration.learningRate = rate }
    configuration.schedule = course.schedule
    configuration.warmup = course.warmup ?? course.schedule.defaultWarmup
    configuration.targetAccuracy = course.targetAccuracy
    configuration.patience = course.patience
    configuration.keep = run_.keep
    configuration.recordPath = run_.recordPath ? true : nil
    configuration.onDivergence = run_.onDivergence
    return configuration
  }
}

extension TrainingConfiguration {
  /// The choices that options make of what a training step does.
  init(
    data: String, _ network: NetworkOptions, optimizer: OptimizerChoice, _ loss: LossOptions,
    _ images: DataOptions, _ computation: ComputationOptions, _ seed: SeedOptions
  ) throws {
    let text = network.architecture ?? network.model.architectureText
    // Written back in canonical form.
    let architecture = try Architecture(text).description
    self.init(
      data: data, model: network.architecture == nil ? network.model.rawValue : nil,
      architecture: architecture, imageSize: network.imageSize,
      optimizer: optimizer)
    fit = images.fit
    augmentation = images.augmentation
    mixing = images.mixing
    balance = images.balance ? true : nil
    batchSize = loss.batchSize
    objective = loss.objective
    labelSmoothing = loss.labelSmoothing
    self.seed = seed.seed
    validationSplit = images.validationSplit
    testSplit = images.testSplit
    splitFile = images.splitFile
    // What the file says is kept: a run is repeated and continued without it.
    excluded = try images.exclude.map { try ExclusionList(contentsOf: $0) }
    limit = images.limit
    strict = images.strict
    convolution = computation.convolution
    precision = computation.precision == .float32 ? nil : computation.precision
  }
}
