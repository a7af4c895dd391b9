import ConvNet
import Foundation
import ImageLoading
import Optimization
import Plotting
import Tensors
import Training

/// A reader of something that comes from outside, and good inputs to spoil.
struct Gate {
  /// The names of all gates, and how many of 100 inputs each gets.
  static let shares: KeyValuePairs = [
    "checkpoint": 12, "state": 12, "run.json": 10, "split": 10, "metrics": 4, "steps": 4,
    "cache": 4, "list": 10, "formula": 12, "architecture": 12, "choices": 10,
  ]

  private static let numbers = [
    "-1", "0", "1", "0.5", "1e308", "-1e308", "1e-320", "1e999", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "4294967296", "1000000", "00", "nan", "inf",
  ]
  private static let json =
    numbers + [
      "null", "true", "\"\"", "[", "{\"a\":", "[]", "{}", "\"x\":", ",", "\\u0000", "\u{FEFF}",
      "F16",
    ]
  private static let table = numbers + ["", ",", "\n", "\r\n", "\"", "\u{FEFF}", " ", "../", "/"]
  private static let formula =
    numbers
    + "x y pi e ( ) ( - + * / ^ sin( exp( log( abs( sqrt( min( max( tanh( ,".split(
      separator: " "
    ).map(String.init)
  private static let architecture =
    numbers
    + "conv dense pool relu batchnorm residual frozen depthwise ( ) , 3x3 1x9 99999x99999"
    .split(separator: " ").map(String.init)
    + ["residual (", "conv 4 stride 9", "dropout 1", "flatten, dense", "pool 2"]

  var originals: [[UInt8]]
  var tokens: [String]
  /// Where the input is put before it is read.
  var place: String?
  /// Bytes that reading, and using what was read, may take besides those for the input.
  var memory = 64 << 20
  /// Makes lengths and checksums right again, so that more than those is tried.
  var repair: (_ original: [UInt8], _ spoiled: [UInt8]) -> [UInt8] = { $1 }
  /// Uses the input as a command does.
  var read: (_ bytes: [UInt8]) throws -> Void

  /// The gate of a name.
  ///
  /// - Parameters:
  ///   - folder: Has a finished run as `run`, and is written to.
  ///   - images: Images of the run.
  init(_ name: String, folder: String, images: String) throws {
    let run = RunDirectory(path: "\(folder)/run")
    func files(
      _ place: String, _ tokens: [String], _ read: @escaping () throws -> Void
    ) throws
      -> Gate
    {
      Gate(
        originals: [try FileBytes.read(place)], tokens: tokens, place: place,
        read: { _ in try read() })
    }
    func texts(
      _ originals: [String], _ tokens: [String], _ read: @escaping (String) throws -> Void
    ) -> Gate {
      Gate(
        originals: originals.map { Array($0.utf8) }, tokens: tokens,
        read: { try read(String(decoding: $0, as: UTF8.self)) })
    }
    switch name {
    case "checkpoint":
      let image = try FileManager.default.subpathsOfDirectory(atPath: images).sorted()
        .first { $0.hasSuffix(".jpg") }.map { "\(images)/\($0)" }
      self = try files(run.bestCheckpoint, Self.json) {
        let checkpoint = try Checkpoint(contentsOf: run.bestCheckpoint)
        _ = try Classifier(checkpoint, workers: Workers(count: 1), batchSize: 1)
          .predictions(for: [image ?? ""])
      }
      repair = Self.withHeaderLength
      memory = 256 << 20
    case "state":
      var configuration = try RunRecord(contentsOf: run).configuration
      configuration.epochs += 1
      let choices = configuration
      let loaded = try DatasetLoader(workers: Workers(count: 1)).load(
        DatasetLister.list(images),
        geometry: ImageGeometry(imageSize: choices.imageSize, fit: choices.fit))
      let data = try TrainingData(
        loaded,
        split: SplitFile.read(run.split).replayed(
          on: loaded.images, classNames: loaded.classNames, from: run.split))
      self = try files(run.state, Self.json) {
        let point = try ResumePoint(contentsOf: run, optimizer: choices.optimizer)
        // One step, and it stops.
        _ = try Trainer(
          configuration: choices, data: data, workers: Workers(count: 1),
          stoppingRules: [StopRequest { true }], resuming: point
        ).run()
      }
      repair = Self.withHeaderLength
      memory = 256 << 20
    case "run.json":
      self = try files(run.record, Self.json) {
        let record = try RunRecord(contentsOf: run)
        _ = try record.configuration.makeNetwork(classCount: record.classes.count)
        _ = try record.configuration.makeObjective(classCount: record.classes.count)
        _ = try record.configuration.makeSchedule(trainingCount: record.trainingCount)
        _ = try ResumePoint(contentsOf: run, optimizer: record.configuration.optimizer)
        try Self.draw(run, record)
      }
    case "split":
      let loaded = try DatasetLoader(workers: Workers(count: 1)).load(
        DatasetLister.list(images), geometry: ImageGeometry(imageSize: 8, fit: .crop))
      self = try files(run.split, Self.json) {
        _ = try SplitFile.read(run.split).replayed(
          on: loaded.images, classNames: loaded.classNames, from: run.split)
      }
    case "metrics", "steps":
      let record = try RunRecord(contentsOf: run)
      self = try files(name == "metrics" ? run.metrics : run.steps, Self.table) {
        try Self.draw(run, record)
      }
    case "cache":
      let loader = DatasetLoader(
        workers: Workers(count: 1), cache: ImageCache(folder: "\(folder)/cache"))
      let listing = try DatasetLister.list(images).limited(to: 4)
      let geometry = ImageGeometry(imageSize: 8, fit: .crop)
      _ = try loader.load(listing, geometry: geometry)
      let file = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/cache")
        .first { $0.hasSuffix(".pictures") }
      self = try files("\(folder)/cache/\(file ?? "")", Self.json) {
        _ = try loader.load(listing, geometry: geometry)
      }
      repair = Self.withIndexHash
    case "list":
      let rows = try FileManager.default.subpathsOfDirectory(atPath: images).sorted()
        .filter { $0.hasSuffix(".jpg") }.map { "\(images)/\($0),\($0.prefix(3))" }
      let list = "\(folder)/list.csv"
      try Data(("file,class\n" + rows.joined(separator: "\n") + "\n").utf8)
        .write(to: URL(filePath: list))
      self = try files(list, Self.table + ["file", "class", "\t", ";"]) {
        _ = try DatasetLister.list(list).limited(to: 7)
      }
    case "formula":
      self = texts(
        ["x^4 - 3*x^2 + x/5", "(1 - x)^2 + 100*(y - x^2)^2", "sin(3*x)*exp(-y^2) + abs(x)"],
        Self.formula, Self.readFormula)
    case "architecture":
      self = texts(
        NamedModel.allCases.map(\.architectureText) + ["residual (conv 8, relu), flatten, dense"],
        Self.architecture, Self.readArchitecture)
    default:
      self = texts(
        [
          "rmsprop:momentum=0.9,ema=0.99", "adam:beta1=0.9,decay=0.01", "sgd:nesterov=true",
          "step:every=0.25", "cosine:final=0.1", "huber:delta=0.5", "cross-entropy", "plateau",
          "0.5*(1+cos(pi*t))", "rosenbrock",
        ], Self.formula + [":", "=", ",", "true", "rate=", "every=", "delta=", "weights=1,2,3"],
        Self.readChoice)
    }
  }

  private init(
    originals: [[UInt8]], tokens: [String], place: String? = nil,
    read: @escaping (_ bytes: [UInt8]) throws -> Void
  ) {
    self.originals = originals
    self.tokens = tokens
    self.place = place
    self.read = read
  }

  // MARK: Reading as the commands do

  /// Draws a run's tables.
  private static func draw(_ run: RunDirectory, _ record: RunRecord) throws {
    var steps = ThinnedSteps()
    let tables = try RunTables(of: run, record) {
      steps.add(
        TrainingCurve.Step(
          step: $0.step, epoch: Double($0.step), loss: $0.loss, learningRate: $0.learningRate))
    }
    let curve = TrainingCurve(
      name: record.configuration.optimizer.name,
      epochs: tables.epochs.map {
        TrainingCurve.Epoch(
          epoch: Double($0.epoch), trainLoss: $0.trainLoss, validationLoss: $0.validationLoss,
          trainAccuracy: $0.trainAccuracy, validationAccuracy: $0.validationAccuracy,
          seconds: $0.seconds, learningRate: $0.learningRate)
      },
      steps: steps.steps, classCount: max(2, record.classes.count))
    for (quantity, axis) in zip(TrainingFigure.Quantity.allCases, HorizontalAxis.allCases) {
      let figure = TrainingFigure(
        curves: [curve], quantity: quantity, horizontalAxis: axis, logarithmic: axis == .epoch)
      _ = try figure.encoded(as: .svg)
    }
  }

  private static func readFormula(_ text: String) throws {
    let surface = try Surface(text)
    for place in [[0.0, 0.0], [-2.4, 1.8], [1e300, -1e300], [.nan, .infinity]] {
      let here = Array(place.prefix(surface.dimension))
      _ = surface.valueAndGradient(at: here)
      _ = surface.hessian(at: here)
    }
  }

  private static func readArchitecture(_ text: String) throws {
    let architecture = try Architecture(text)
    _ = try Architecture(architecture.description)
    _ = try Network(architecture, imageSize: 32, classCount: 3).parameterLayout.count
  }

  private static func readChoice(_ text: String) throws {
    if let optimizer = try? OptimizerChoice(text) {
      let layout = ParameterLayout([ParameterSlot(name: "w", shape: [4])])
      _ = optimizer.makeOptimizer(layout: layout).makeState(parameterCount: 4)
    }
    if let choice = try? ObjectiveChoice(text),
      let objective = try? choice.makeObjective(classCount: 3)
    {
      _ = objective.evaluate(logits: [0, 1e30, -1e30, .nan, 0, 0], targets: [0, 2])
    }
    if let surface = try? Surface(text) { _ = surface.value(at: [1, 1]) }
    let schedule = try LearningRateSchedule(
      ScheduleChoice(text), peak: 0.1, warmupSteps: 3, totalSteps: 30, stepsPerEpoch: 10)
    for step in 0..<30 { _ = schedule.learningRate(atStep: step) }
  }

  // MARK: Repair

  /// The length of the header of a safetensors file, if only the header has another length.
  private static func withHeaderLength(_ original: [UInt8], _ spoiled: [UInt8]) -> [UInt8] {
    guard spoiled.count > 8 else { return spoiled }
    let old = original.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let length = max(0, old + spoiled.count - original.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + spoiled.dropFirst(8)
  }

  /// Length and hash of the index of a cache, likewise.
  private static func withIndexHash(_ original: [UInt8], _ spoiled: [UInt8]) -> [UInt8] {
    let header = 88
    let old = Int(String(decoding: original[72..<header], as: UTF8.self), radix: 16) ?? 0
    let length = old + spoiled.count - original.count
    guard length >= 0, spoiled.count >= header + length else { return spoiled }
    let digits = String(length, radix: 16)
    let text =
      ContentHash.sha256(Array(spoiled[header..<header + length]))
      + String(repeating: "0", count: 16 - digits.count) + digits
    return Array(original.prefix(8)) + Array(text.utf8) + spoiled.dropFirst(header)
  }
}
