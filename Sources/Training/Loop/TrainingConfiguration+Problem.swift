internal import ImageLoading
internal import Support

extension TrainingConfiguration {
  /// What cannot be so in a configuration that was read; nil if everything is in its range.
  var problem: String? {
    let sizes = ModelDescription.imageSizes
    return Problem.first([
      Problem.of("image_size", imageSize, in: sizes),
      Problem.of("mix_until", mixUntil, in: 0...1),
      Problem.of("budget", budget, in: 1...TrainingState.Progress.longest),
      Problem.of("batch_size", batchSize, in: 1...65536),
      Problem.of("epochs", epochs, in: 1...1_000_000),
      learningRate > 0 && learningRate.isFinite
        ? nil : "learning_rate is \(learningRate), expected a number above 0",
      learningRateChanges?.lazy.compactMap(\.problem).first,
      zip(learningRateChanges ?? [], learningRateChanges?.dropFirst() ?? [])
        .allSatisfy { $0.step < $1.step } ? nil : "learning_rate_changes are not in order",
      Problem.of("warmup", warmup, in: 0...1e6),
      Problem.of("label_smoothing", labelSmoothing, in: 0...0.99),
      Problem.of("validation_split", validationSplit, in: 0...1),
      Problem.of("test_split", testSplit, in: 0...1),
      Problem.of("limit", limit, in: 2...Int.max),
      Problem.of("patience", patience, in: 1...1_000_000),
      Problem.of("keep", keep, in: 0...1_000_000),
      Problem.of("target_accuracy", targetAccuracy, in: 0...1),
    ])
  }
}
