import ConvNet
import Foundation
import ImageLoading
import LocalServer
import Optimization
import Support
import TestSupport
import Testing
import Training
import TrainingPage

/// A folder of runs without networks, and a page that shows it.
struct RunsOnPage {
  let folder: TemporaryFolder
  let page: TrainingPage

  /// - Parameter script: What stands in for the program that trains; nil for none.
  init(script: String? = nil) throws {
    folder = try TemporaryFolder()
    var program: String?
    if let script {
      program = try folder.write(Array("#!/bin/sh\n\(script)\n".utf8), to: "program")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: program ?? "")
    }
    page = TrainingPage(folder: "\(folder.path)/runs", program: program) { records in
      let labels = records.map { "seed \($0.configuration.seed)" }
      return zip(labels, records).map { label, record in
        labels.count { $0 == label } == 1 ? label : "\(label) of \(record.name)"
      }
    }
  }

  // MARK: Runs

  static let architecture = "conv 4 3x3, pool 2, relu, global-pool, flatten, dense"

  /// Makes a run with a record and no tables.
  @discardableResult
  func run(
    _ name: String, started: Double = 0, seed: UInt64 = 1,
    _ change: (inout RunRecord) -> Void = { _ in }
  ) throws -> RunDirectory {
    let images = (0..<20).map { index in
      LoadedImage(
        path: "\(index % 2)/\(index).png", sha256: "\(index)", classIndex: index % 2,
        assignedPart: nil, width: 16, height: 16, format: .png)
    }
    let listing = DatasetListing(
      root: "images", layout: .classFolders, classNames: ["cat", "dog"],
      files: images.map { ImageFile(path: $0.path, classIndex: $0.classIndex) })
    let loaded = LoadedDataset(
      classNames: listing.classNames, images: images,
      pixels: [UInt8](repeating: 0, count: 20 * 16 * 16 * 3),
      report: DataReport.Log().report(listing, images, seconds: 0))
    var configuration = TrainingConfiguration(
      data: "images", model: nil, architecture: Self.architecture, imageSize: 16, optimizer: .adam)
    configuration.epochs = 10
    configuration.batchSize = 4
    configuration.seed = seed
    let run = try RunDirectory.create(
      in: "\(folder.path)/runs", name: name, model: "m", optimizer: "o")
    var record = RunRecord(
      name: name, started: Date(timeIntervalSince1970: started), version: "1", command: [],
      threads: 1, configuration: configuration,
      data: try TrainingData(loaded, validationSplit: 0.1, testSplit: 0.1, seed: 1),
      parameterCount: 100)
    change(&record)
    try record.write(to: run)
    return run
  }

  static func epoch(_ number: Int, loss: Double = 0.5, seconds: Double? = nil) -> EpochRecord {
    EpochRecord(
      epoch: number, step: number * 4, seconds: seconds ?? Double(number) * 2, learningRate: 0.1,
      trainLoss: loss, trainAccuracy: 0.75, validationLoss: loss, validationAccuracy: 0.5,
      gradientNorm: 1)
  }

  static func step(_ number: Int, loss: Double = 0.5) -> StepRecord {
    StepRecord(
      step: number, epoch: (number + 3) / 4, loss: loss, learningRate: 0.1, gradientNorm: 1)
  }

  // MARK: Questions

  func route(_ name: String) throws -> Route {
    try #require(page.routes.first { $0.path == "/training/\(name)" && $0.method == .post })
  }

  /// The answer to a question as JSON.
  func ask(
    _ name: String, _ question: String = "{}"
  ) throws -> (status: Int, object: [String: Any]) {
    let response = try route(name).answer(
      Request(.post, "/training/\(name)", body: Array(question.utf8)))
    guard case .bytes(let text) = response.content else { return (response.status, [:]) }
    let object = try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any]
    return (response.status, try #require(object))
  }

  /// The lists of an answer: those of the name `key`.
  func list(_ name: String, _ key: String, _ question: String = "{}") throws -> [[String: Any]] {
    try #require(try ask(name, question).object[key] as? [[String: Any]])
  }

  /// Asks until it is so.
  static func wait(_ seconds: Double = 20, until isSo: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      if try isSo() { return true }
      usleep(20_000)
    }
    return false
  }
}
