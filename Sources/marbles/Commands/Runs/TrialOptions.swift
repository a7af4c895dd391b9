import ArgumentParser
import Training

/// The choices that commands which only try trainings have in common with `train`.
struct TrialOptions: ParsableArguments {
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Optimization") var step: StepOptions
  @OptionGroup(title: "Data") var images: DataOptions
  @OptionGroup(title: "Cache") var cache: CacheOptions
  @OptionGroup(title: "Run") var seed: SeedOptions
  @OptionGroup(title: "Run") var threads: ThreadOptions
  @OptionGroup(title: "Run") var convolution: ConvolutionOptions

  /// The choices of a training.
  func makeConfiguration(data: String) throws -> TrainingConfiguration {
    try TrainingConfiguration(data: data, network, step, images, convolution, seed)
  }
}
