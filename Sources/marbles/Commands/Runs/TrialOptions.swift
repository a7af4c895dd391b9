import ArgumentParser
import Optimization
import Training

/// The choices that commands which only try trainings have in common with `train`.
struct TrialOptions: ParsableArguments {
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Optimization") var step: StepOptions
  @OptionGroup var images: TrialImageOptions

  var seed: SeedOptions { images.seed }
  var cache: CacheOptions { images.cache }
  var threads: ThreadOptions { images.threads }

  /// The choices of a training.
  func makeConfiguration(data: String) throws -> TrainingConfiguration {
    try TrainingConfiguration(
      data: data, network, optimizer: step.choice.chosen(), step.loss, images.images,
      images.computation, seed)
  }
}

/// Those of them that say nothing of the network or of a step.
struct TrialImageOptions: ParsableArguments {
  @OptionGroup(title: "Data") var images: DataOptions
  @OptionGroup(title: "Cache") var cache: CacheOptions
  @OptionGroup(title: "Run") var seed: SeedOptions
  @OptionGroup(title: "Run") var threads: ThreadOptions
  @OptionGroup(title: "Run") var computation: ComputationOptions
}
