public import ConvNet
public import ImageLoading
public import Optimization

/// What a budgeted run trains, and how: `Recipe.md` has the experiments behind each choice.
public struct Recipe: Sendable {
  /// The network.
  public var model: NamedModel
  /// Rows and columns at which it is evaluated, and those of training images over the run.
  public var imageSize: Int, imageSizes: ImageSizes?
  /// Random changes of training images.
  public var augmentation: Augmentation
  /// Images per step.
  public var batchSize: Int
  /// Passes over the training images below which a quicker recipe is better.
  public var leastPasses: Double

  /// The optimizer of every recipe.
  public static let optimizer = "muon:iterations=3"
  /// Its highest rate.
  public static let learningRate: Float = 0.02
  /// How the rate changes.
  public static let schedule = ScheduleChoice.triangle
  /// The fraction of the target that is spread over all classes.
  public static let labelSmoothing: Float = 0.1

  /// From the quickest to the best.
  public static let all = [
    Recipe(
      model: .kitten, imageSize: 64, imageSizes: nil, augmentation: .light, batchSize: 64,
      leastPasses: 0),
    Recipe(
      model: .tabby, imageSize: 64, imageSizes: ImageSizes("48:0.5,64"), augmentation: .light,
      batchSize: 64, leastPasses: 6),
    Recipe(
      model: .tabby, imageSize: 96, imageSizes: ImageSizes("48:0.3,64:0.7,96"),
      augmentation: .crops, batchSize: 64, leastPasses: 10),
    Recipe(
      model: .tabby, imageSize: 128, imageSizes: ImageSizes("64:0.2,96:0.6,128"),
      augmentation: .crops, batchSize: 64, leastPasses: 14),
    Recipe(
      model: .tabby, imageSize: 160, imageSizes: ImageSizes("64:0.15,96:0.4,128:0.8,160"),
      augmentation: .crops, batchSize: 64, leastPasses: 30),
  ]

  /// Fewer images than this are seen several times more often, so that there are enough steps.
  public static let leastImages = 20_000.0

  /// Seconds that suit a number of training images, if nothing else is said.
  public static func defaultBudget(trainingCount: Int) -> Double {
    min(max(Double(trainingCount) * 0.05, 10), 600)
  }
}
