import ImageLoading
import Support
import Training

// Choices of a run, as `train` and `inspect` show them.
extension TrainingConfiguration {
  /// How images and their labels are changed at random; empty if they are not.
  var imageChanges: [String] {
    [
      augmentation == .none ? nil : "augmentation \(augmentation.rawValue)",
      mixing.flatMap { $0.mixup > 0 ? "mixup \($0.mixup.short)" : nil },
      mixing.flatMap { $0.cutmix > 0 ? "cutmix \($0.cutmix.short)" : nil },
      mixUntil.map { "mixed until \($0.percentage(decimals: 0))" },
      balance == true ? "balanced" : nil,
      imageSizes.map { "sizes \($0)" },
    ].compactMap { $0 }
  }

  /// What training values are measured with and validation values are not.
  var trainingConditions: [String] {
    [
      augmentation == .none ? nil : "augmentation", mixing == nil ? nil : "mixed images",
      architecture.contains("dropout") ? "dropout" : nil,
      labelSmoothing > 0 ? "label smoothing" : nil,
    ].compactMap { $0 }
  }

  /// What is minimized.
  var objectiveTexts: [String] {
    ["\(objective)"]
      + (labelSmoothing > 0 ? ["label smoothing \(Double(labelSmoothing).short)"] : [])
  }

  /// What takes the steps.
  var optimizerTexts: [String] {
    [
      "\(optimizer)",
      "rate \(Double(learningRate).short)\(learningRateTest == nil ? "" : " (found)") \(schedule)",
      "batch \(batchSize)",
    ]
  }
}
