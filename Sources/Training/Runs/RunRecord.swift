public import Foundation
public import Support

/// `run.json`: the choices, versions, status and result of a run.
public struct RunRecord: Codable, Equatable, Sendable {
  /// The status of a run.
  public enum Status: String, Codable, Sendable {
    case running, paused, interrupted, diverged, failed, finished
  }

  /// A time in which a run waits.
  public struct Pause: Codable, Equatable, Sendable {
    /// The steps that were taken before it.
    public var step: Int
    /// Time spent training before it, seconds.
    public var seconds: Double
    /// When it ended; nil while it lasts.
    public var ended: Date?

    /// Creates a pause that lasts.
    public init(step: Int, seconds: Double) { (self.step, self.seconds) = (step, seconds) }
  }

  /// The result of a run; values that were not measured are absent.
  public struct Result: Codable, Equatable, Sendable {
    /// The epoch of the best checkpoint, and its validation loss and accuracy (0…1).
    public var bestEpoch: Int
    /// Lowest validation loss, and the accuracy of that epoch.
    public var validationLoss: Double?, validationAccuracy: Double?
    /// The best checkpoint on the test images.
    public var testLoss: Double?, testAccuracy: Double?
    /// 95% interval of the test accuracy by Wilson's method.
    public var testAccuracyLow: Double?, testAccuracyHigh: Double?
    /// Mean recall of the classes on the test images, and the accuracy of always giving the
    /// largest.
    public var testBalancedAccuracy: Double?, testMajorityAccuracy: Double?
    /// Number of test images.
    public var testCount: Int?
    /// Time spent training, seconds.
    public var seconds: Double

    fileprivate var problem: String? {
      Problem.first([
        Problem.of("best_epoch", bestEpoch, in: 0...1_000_000),
        Problem.of("validation_accuracy", validationAccuracy, in: 0...1),
        Problem.of("test_accuracy", testAccuracy, in: 0...1),
        Problem.of("test_accuracy_low", testAccuracyLow, in: 0...1),
        Problem.of("test_accuracy_high", testAccuracyHigh, in: 0...1),
        Problem.of("test_count", testCount, in: 0...Int(Int32.max)),
        Problem.of("seconds", seconds, in: 0...TrainingState.Progress.longest),
      ])
    }
  }

  /// The run's name, and when it started.
  public var name: String, started: Date
  /// The status.
  public var status: Status
  /// The version of Marbles that wrote it, and the command line that gives the run: the one it was
  /// started with, and the changes of its learning rate that were asked for since.
  public var version: String, command: [String]
  /// Threads used, and the operating system.
  public var threads: Int, system: String
  /// The folder that a relative path of the images starts from; nil in records of old.
  public var workingDirectory: String?
  /// All choices, resolved.
  public var configuration: TrainingConfiguration
  /// Class names in the order of the logits.
  public var classes: [String]
  /// Number of images in each part.
  public var trainingCount: Int, validationCount: Int, testCount: Int
  /// Fraction of the validation images that the largest class has: what a network reaches that has
  /// learned nothing else; nil if there are none, or if an older version wrote the record.
  public var validationMajority: Double?
  /// Hash over path, content and part of every image.
  public var dataFingerprint: String
  /// Number of parameters the optimizer updates.
  public var parameterCount: Int
  /// The result.
  public var result: Result?
  /// How the run diverged, if that ended it.
  public var divergence: Divergence?
  /// The last pause that was asked for; nil if there was none.
  public var lastPause: Pause?
  /// The name of the last request that the run has carried out; nil if there was none.
  public var lastRequest: String?

  /// Reads the record of a run.
  ///
  /// - Parameter catalogues: Where its optimizer, objective and schedule are looked up.
  /// - Throws: `CheckpointError.missing`, `.unreadable` or `.inconsistent` naming the file.
  public init(
    contentsOf run: RunDirectory, catalogues: Catalogues = .standard
  ) throws(CheckpointError) {
    let bytes: [UInt8]
    do {
      bytes = try PlainFile.bytes(of: run.record, limit: 1 << 30, followsLinks: false)
    } catch {
      throw CheckpointError(run.record, error)
    }
    do {
      self = try catalogues.decoder().decode(RunRecord.self, from: Data(bytes))
    } catch {
      throw .undecodable(
        run.record, error, of: Data(bytes), otherwise: "it is not the record of a run")
    }
    if let problem { throw .inconsistent(path: run.record, reason: problem) }
  }

  /// What cannot be so; nil if everything is in its range.
  private var problem: String? {
    let counts = 0...Int(Int32.max)
    return Problem.first([
      configuration.problem, Problem.ofClasses(classes),
      Problem.of("threads", threads, in: 1...1024),
      Problem.of("training_count", trainingCount, in: counts),
      Problem.of("validation_count", validationCount, in: counts),
      Problem.of("test_count", testCount, in: counts),
      Problem.of("parameter_count", parameterCount, in: counts),
      result.flatMap(\.problem),
    ])
  }

  /// Creates the record of a new run.
  public init(
    name: String, started: Date, version: String, command: [String], threads: Int,
    configuration: TrainingConfiguration, data: TrainingData, parameterCount: Int
  ) {
    self.name = name
    self.started = started
    status = .running
    self.version = version
    self.command = command
    self.threads = threads
    workingDirectory = FileManager.default.currentDirectoryPath
    system = ProcessInfo.processInfo.operatingSystemVersionString
    self.configuration = configuration
    classes = data.classNames
    trainingCount = data.training.count
    validationCount = data.validation.count
    testCount = data.test.count
    validationMajority = data.majority(of: data.validation)
    dataFingerprint = data.fingerprint
    self.parameterCount = parameterCount
  }

  /// Where the images are, from whatever folder the record is read; from this one if they are not
  /// where they were.
  public var dataLocation: String {
    let path = configuration.data
    guard !path.hasPrefix("/"), let workingDirectory else { return path }
    let recorded = "\(workingDirectory)/\(path)"
    let isThere = FileManager.default.fileExists(atPath: recorded)
    return isThere || !FileManager.default.fileExists(atPath: path) ? recorded : path
  }

  /// Notes where the images are now, relative to this folder.
  public mutating func moveData(to path: String) {
    configuration.data = path
    workingDirectory = FileManager.default.currentDirectoryPath
  }

  /// Writes the record, whole or not at all.
  public func write(to run: RunDirectory) throws(FileError) {
    try AtomicFile.write(Data(prettyJSON(self).utf8), to: run.record)
  }
}
