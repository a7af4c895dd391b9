internal import ConvNet
internal import ImageLoading
internal import Optimization
internal import Sketches
internal import Support
internal import Tensors
internal import Training

/// What objectives are tried on: sketches of cats and dogs, drawn in memory, and a small network.
enum PracticeSet {
  static let imageCount = 640, imageSize = 32, epochs = 10
  static let validationSplit = 0.25

  /// Draws the images and divides them, as the commands do.
  ///
  /// - Parameter isWanted: Asked before each sketch.
  static func data(
    workers: Workers, isWanted: @Sendable () -> Bool
  ) throws -> TrainingData {
    let artist = SketchArtist(configuration: SketchConfiguration(seed: 1))
    let choices = configuration(.crossEntropy)
    return try TrainingData(
      LoadedDataset(
        sketches: imageCount, by: artist, geometry: choices.geometry, workers: workers,
        isWanted: isWanted),
      validationSplit: choices.validationSplit, testSplit: choices.testSplit, seed: choices.seed)
  }

  static func configuration(_ objective: ObjectiveChoice) -> TrainingConfiguration {
    var choices = TrainingConfiguration(data: "sketches", model: .kitten, imageSize: imageSize)
    choices.objective = objective
    choices.epochs = epochs
    (choices.validationSplit, choices.testSplit) = (validationSplit, 0)
    return choices
  }

  /// What draws the images as files and trains with them, to the same numbers.
  static func commands(_ objective: ObjectiveChoice) -> [String] {
    [
      ["marbles", "data", "sketch", "sketches", "--count", "\(imageCount)"],
      [
        "marbles", "train", "sketches", "--objective", "\(objective)", "--image-size",
        "\(imageSize)", "--epochs", "\(epochs)", "--validation-split", validationSplit.text,
        "--test-split", "0",
      ],
    ].map { $0.map(\.shellWord).joined(separator: " ") }
  }
}
