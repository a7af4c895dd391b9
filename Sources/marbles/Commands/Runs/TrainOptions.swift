public import ArgumentParser
public import ConvNet
public import ImageLoading
import MessagePassing
import Tensors
import Training

extension NamedModel: ExpressibleByArgument {}
extension ConvolutionAlgorithm: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension Augmentation: ExpressibleByArgument {}
extension Split.Part: ExpressibleByArgument {}
extension DivergenceAction: ExpressibleByArgument {}
extension ImageGeometry.Fit: ExpressibleByArgument {}

/// The network to train.
struct NetworkOptions: ParsableArguments {
  @Option(help: "A named network: \(NamedModel.allCases.map(\.rawValue).joined(separator: ", ")).")
  var model: NamedModel = .kitten

  @Option(
    help: ArgumentHelp(
      "Your own network instead, as in 'conv 16, batchnorm, relu, pool 4, flatten, dense'.",
      valueName: "layers"))
  var architecture: String?

  @Option(help: ArgumentHelp("Rows and columns of the input.", valueName: "pixels"))
  var imageSize = 64

  func validate() throws {
    try check(imageSize, in: 8...1024, "--image-size")
    if architecture != nil {
      try GivenOptions.refuse("--model", because: "with --architecture: give one of them")
    }
  }
}

/// Where training begins.
struct StartOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Begin with the weights of a checkpoint, a run or a model that comes with Marbles; its "
        + "network is taken, and for other classes its last layer is drawn anew.",
      valueName: "checkpoint"),
    completion: .checkpoint, transform: inputPath)
  var initialWeights: String?
}

/// The images to train on.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Fraction of each class held out for validation; of three images or more at least one.",
      valueName: "fraction"))
  var validationSplit = 0.1

  @Option(
    help: ArgumentHelp(
      "Fraction of each class held out for the final test; of three images or more at least one.",
      valueName: "fraction"))
  var testSplit = 0.1

  @Option(
    help: ArgumentHelp(
      "Take images and split from a file that 'marbles data split' or a run wrote; images that it "
        + "does not name are not used.",
      valueName: "split.json"), completion: .splitFile, transform: inputPath)
  var splitFile: String?

  @Option(
    help: ArgumentHelp(
      "Leave out the images of a list whose first column is path, as 'marbles data doubt' writes "
        + "it.",
      valueName: "doubt.csv"), completion: .csvFile, transform: inputPath)
  var exclude: String?

  @Option(
    help: ArgumentHelp(
      "Use only this many images, the same fraction of every class and ready-made part.",
      valueName: "images"))
  var limit: Int?

  @Option(help: "How non-square images are made square: crop, letterbox or stretch.")
  var fit: ImageGeometry.Fit = .crop

  @Option(
    help: ArgumentHelp(
      "Random changes of training images: none, light (mirrored, shifted), standard (also "
        + "zoomed, rotated, recolored), crops (mirrored, cropped anywhere, recolored) or strong.")
  )
  var augmentation: Augmentation = .light

  @Option(
    help: ArgumentHelp(
      "Blend training images in pairs, weighted by Beta(alpha, alpha); 0 is off.",
      valueName: "alpha"))
  var mixup = 0.0

  @Option(
    help: ArgumentHelp(
      "Swap squares between training images, sized by Beta(alpha, alpha); 0 is off.",
      valueName: "alpha"))
  var cutmix = 0.0

  @Flag(help: "Show every class equally often, however many images it has.") var balance = false

  @Flag(help: "Stop when an image cannot be used, instead of skipping it.") var strict = false

  func validate() throws {
    try checkHeldOut(validationSplit: validationSplit, testSplit: testSplit)
    if splitFile != nil {
      try GivenOptions.refuse(
        "--validation-split", "--test-split", "--limit", "--exclude",
        because: "with --split-file, which names the images to use and the part of each: give one "
          + "of them")
    }
    try check(limit ?? 2, in: 2...Int.max, "--limit")
    try check(mixup, in: 0...BatchMixing.largestAlpha, "--mixup")
    try check(cutmix, in: 0...BatchMixing.largestAlpha, "--cutmix")
  }

  /// How the images of a step are mixed; nil if they are not.
  var mixing: BatchMixing? {
    mixup == 0 && cutmix == 0 ? nil : BatchMixing(mixup: mixup, cutmix: cutmix)
  }
}

/// How training images change over a run.
struct ImageCourseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Other sizes in training: 64,128 for half the run each; 64:0.5,96:0.8,128 for the places "
        + "where each ends. Evaluated at --image-size (default: the largest).",
      valueName: "sizes"),
    transform: ImageSizes.init(argument:))
  var imageSizes: ImageSizes?

  @Option(
    help: ArgumentHelp(
      "The fraction of the run after which images are no longer blended or swapped (default: 1).",
      valueName: "fraction"))
  var mixUntil: Double?

  func validate() throws {
    for stage in imageSizes?.stages ?? [] { try check(stage.size, in: 8...1024, "--image-sizes") }
    try check(mixUntil ?? 0, in: 0...1, "--mix-until")
  }
}

/// Where the run is written.
struct RunOptions: ParsableArguments {
  /// Where runs are, unless another folder is given.
  static let usualFolder = "runs"

  @Option(
    help: ArgumentHelp(
      "The folder of all runs (default: \(usualFolder)).", valueName: "folder"),
    completion: .directory,
    transform: filePath)
  var out = usualFolder

  @Option(help: "The name of the run (default: time, model, optimizer, four letters).")
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Continue an interrupted run, with its choices; new --epochs or --patience may be given.",
      valueName: "run"),
    completion: .directory, transform: inputPath)
  var resume: String?

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      "Train anew what a run has trained: its choices, its images and, of a run with a budget, "
        + "its clock.",
      valueName: "run"),
    completion: .directory, transform: inputPath)
  var repeated: String?

  @Option(
    name: .customLong("continue"),
    help: ArgumentHelp(
      "Begin a new run with the network and the choices of one, on its folder, which may have "
        + "grown: known images keep their parts, new ones are for training.",
      valueName: "run"),
    completion: .directory, transform: inputPath)
  var continued: String?

  @Option(
    name: .customLong("data"),
    help: ArgumentHelp(
      "With --resume, --repeat or --continue: where the images are now.", valueName: "folder"),
    completion: .dataset, transform: inputPath)
  var movedData: String?

  @OptionGroup var seed: SeedOptions

  @Option(
    help: ArgumentHelp(
      "Save inside epochs this often, 30s or 5m, or only after each, 'epoch' (default: 1m, or "
        + "less often where that takes over 1% of the time).",
      valueName: "time"),
    transform: SavingInterval.init(argument:))
  var saveEvery: SavingInterval?

  @Option(
    help: ArgumentHelp(
      "Keep the checkpoints of this many epochs with the lowest validation loss, or of a budgeted "
        + "run the latest, besides the best "
        + "and the last (default: 0).", valueName: "n"))
  var keep: Int?

  @Flag(
    help: "Keep up to 65 snapshots of the network over the run, whose path 'marbles surface' draws."
  )
  var recordPath = false

  @Option(
    help: ArgumentHelp(
      "When training diverges: stop, or retry, at most three times, from the last complete epoch "
        + "with 0.3 times the learning rate (default: stop).", valueName: "action"))
  var onDivergence: DivergenceAction?

  @Flag(
    help: ArgumentHelp(
      "Show the run on a page of this computer while it trains, as 'marbles serve' does; its "
        + "address is printed."))
  var serve = false

  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "Take at most this much memory, 500MB or 1.5GiB, and compute twice what would not fit; "
        + "results do not depend on it (default: what is fastest).",
      valueName: "size"), transform: memorySize)
  var memoryLimit: Int?

  @Option(
    help: ArgumentHelp(
      "With mpirun, how sums over a batch are added: exact gives the bits of one process; fast, "
        + "in the order of MPI, and fast16, moved as 16 bits, give others (default: exact).",
      valueName: "order"))
  var reduce: Reduction = .exact

  /// Bytes of a file name on all common file systems.
  private static let longestName = 255

  private static func isFolderName(_ name: String) -> Bool {
    !name.isEmpty && !name.contains("/") && !name.hasPrefix(".") && name == name.printable
      && name.utf8.count <= longestName
  }

  func validate() throws {
    try check(keep ?? 0, in: 0...1_000_000, "--keep")
    if Ranks.startedCount > 1 {
      try GivenOptions.refuse(
        "--memory-limit",
        because: "with mpirun, where all processes must compute the same: lower --batch-size")
    }
    if Ranks.startedCount == 1 { try GivenOptions.refuse("--reduce", because: "without mpirun") }
    let runs = [("--resume", resume), ("--repeat", repeated), ("--continue", continued)]
      .filter { $0.1 != nil }.map(\.0)
    guard runs.count < 2 else {
      throw ValidationError("\(runs.joined(separator: " and ")): give one of them")
    }
    guard movedData == nil || !runs.isEmpty else {
      throw ValidationError(
        "--data says where the images of a run are now; it needs --resume, --repeat or --continue")
    }
    guard name.map(Self.isFolderName) ?? true else {
      throw ValidationError(
        "--name must be a plain folder name: no '/', no control characters, no dot in front, at "
          + "most \(Self.longestName) bytes")
    }
    guard name?.lowercased() != "latest" else {
      throw ValidationError("--name latest is the link to the newest run; choose another name")
    }
  }
}

/// What is drawn at random.
struct SeedOptions: ParsableArguments {
  /// What is usual.
  static let usual: UInt64 = 1

  @Option(help: "Seed of every random draw: same seed, same run.") var seed = usual
}

/// How many threads are used.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Cores to use (default: all); results do not depend on it.") var threads: Int?

  func validate() throws {
    try check(threads ?? 1, in: 1...1024, "--threads")
  }

  /// The threads to work with.
  var workers: Workers { Workers(count: threads ?? Workers.coreCount) }

  /// The threads of one of several processes, which share the cores of their host.
  func workers(among ranks: Ranks?, _ reduction: Reduction = .exact) -> Workers {
    guard let ranks else { return workers }
    return Workers(
      count: threads ?? max(1, Workers.coreCount / ranks.countOnHost),
      processes: reduction == .exact
        ? ranks : ranks.addingFreely(isCompressed: reduction == .fast16))
  }
}

/// How processes add sums over a batch.
enum Reduction: String, CaseIterable, ExpressibleByArgument { case exact, fast, fast16 }

/// What is printed.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON object on standard output, and nothing else there.") var json = false

  @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false
}

/// Refuses a number outside a range, naming the option.
func check<Number: Comparable>(
  _ value: Number, in range: ClosedRange<Number>, _ option: String
) throws {
  guard range.contains(value) else {
    let isOpen = range.upperBound as? Int == .max
    let expected = isOpen ? "or more" : "to \(range.upperBound)"
    throw ValidationError("\(option) is \(value), expected \(range.lowerBound) \(expected)")
  }
}
