import ArgumentParser
import ConvNet
import Foundation
import ImageLoading
import Optimization
import Tensors
import Training

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a classifier on a folder of images.",
    discussion: """
      DATA holds one folder per class (cat/…, dog/…), or train/ and test/ folders
      with those inside, or files named like cat.0.jpg. It is only read. Everything
      is written to a new directory below --out; checkpoints/best.safetensors there
      is all that evaluate and predict need.

      Example: marbles train photos --model kitten --image-size 64 --epochs 12
      """)

  @Argument(help: "The folder of images.", completion: .dataset, transform: inputPath)
  var data: String?

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Optimization") var optimization: OptimizationOptions
  @OptionGroup(title: "Data") var images: DataOptions
  @OptionGroup(title: "Cache") var cache: CacheOptions
  @OptionGroup(title: "Run") var run_: RunOptions
  @OptionGroup(title: "Run") var convolution: ConvolutionOptions
  @OptionGroup var output: OutputOptions

  /// What may be given anew with `--resume`.
  private static let resumable = [
    "--resume", "--data", "--epochs", "--patience", "--save-every", "--threads", "--cache",
    "--cache-folder", "--cache-limit", "--json", "--quiet",
  ]

  func validate() throws {
    if run_.resume != nil {
      guard data == nil else {
        throw ValidationError("--resume uses the images of the run; leave out DATA")
      }
      try GivenOptions.refuse(
        "with --resume, which goes on with the choices of the run; "
          + "\(Self.resumable[1...].joined(separator: ", ")) can"
      ) { !Self.resumable.contains($0) }
    } else if data == nil {
      throw ValidationError("Missing expected argument '<data>': the folder of images")
    }
  }

  func run() throws {
    let session =
      try run_.resume.map { try TrainingSession(resuming: RunDirectory(existing: $0), self) }
      ?? TrainingSession(starting: self)
    try session.run()
  }

  /// The choices of a new run.
  func makeConfiguration(data: String) throws -> TrainingConfiguration {
    let text = network.architecture ?? network.model.architectureText
    // Written back in canonical form.
    let architecture = try Architecture(text).description
    var configuration = TrainingConfiguration(
      data: data, model: network.architecture == nil ? network.model.rawValue : nil,
      architecture: architecture, imageSize: network.imageSize,
      optimizer: try optimization.chosenOptimizer())
    configuration.fit = images.fit
    configuration.augmentation = images.augmentation
    configuration.mixing = images.mixing
    configuration.batchSize = optimization.batchSize
    configuration.epochs = optimization.epochs ?? configuration.epochs
    configuration.learningRate = optimization.learningRate ?? configuration.learningRate
    configuration.schedule = optimization.schedule
    configuration.warmup = optimization.warmup ?? optimization.schedule.defaultWarmup
    configuration.objective = optimization.objective
    configuration.labelSmoothing = optimization.labelSmoothing
    configuration.seed = run_.seed
    configuration.validationSplit = images.validationSplit
    configuration.testSplit = images.testSplit
    configuration.splitFile = images.splitFile
    configuration.convolution = convolution.convolution
    configuration.limit = images.limit
    configuration.patience = optimization.patience
    configuration.strict = images.strict
    return configuration
  }
}
