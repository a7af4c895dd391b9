import Foundation
import TestSupport
import Testing

/// The built tool, run as a user runs it.
enum Tool {
  struct Outcome {
    var code: Int32
    var output: String, errors: String

    /// The lines on standard error that say what went wrong.
    var complaints: [Substring] {
      errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    }
  }

  /// Beside the test bundle, wherever it was built.
  static let path = URL(filePath: ProcessInfo.processInfo.arguments[0])
    .deletingLastPathComponent().appending(path: "marbles").path(percentEncoded: false)

  /// The 24 sketches that come with the project.
  static let sketches = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "data/sketches").path(percentEncoded: false)

  /// A network that trains in no time.
  static let tiny = [
    "--architecture", "conv 4 3x3, pool 2, batchnorm, relu, global-pool, flatten, dense",
    "--image-size",
    "16", "--batch-size", "8",
  ]

  /// The same, for two epochs.
  static let briefly = tiny + ["--epochs", "2"]

  /// Starts the tool; its outputs go into files, so that they cannot fill a pipe.
  ///
  /// - Parameters:
  ///   - environment: What is added to this process's own.
  ///   - launcher: The program that starts the tool, and its arguments.
  static func start(
    _ arguments: [String], in folder: TemporaryFolder, input: String? = nil,
    environment: [String: String] = [:], launcher: [String] = []
  ) throws -> Process {
    let process = Process()
    let words = launcher + [path] + arguments
    process.executableURL = URL(filePath: words[0])
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.arguments = Array(words.dropFirst())
    process.currentDirectoryURL = URL(filePath: folder.path)
    for (name, stream) in [("out", \Process.standardOutput), ("err", \.standardError)] {
      let file = try folder.write([], to: ".\(name)")
      process[keyPath: stream] = try FileHandle(forWritingTo: URL(filePath: file))
    }
    let file = try folder.write(Array((input ?? "").utf8), to: ".in")
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: file))
    try process.run()
    return process
  }

  /// What a process that `start` gave has printed, after it ended.
  static func outcome(of process: Process, in folder: TemporaryFolder) throws -> Outcome {
    process.waitUntilExit()
    // A shell's convention for a process ended by a signal.
    let code =
      process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
    return Outcome(
      code: code, output: String(decoding: try folder.read(".out"), as: UTF8.self),
      errors: String(decoding: try folder.read(".err"), as: UTF8.self))
  }

  /// Runs the tool to its end.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, input: String? = nil,
    environment: [String: String] = [:], launcher: [String] = []
  ) throws -> Outcome {
    try outcome(
      of: start(
        arguments, in: folder, input: input, environment: environment, launcher: launcher),
      in: folder)
  }

  /// Trains the tiny network on the sketches as run `name`.
  @discardableResult
  static func train(
    _ name: String, _ options: [String] = [], epochs: Int = 2, in folder: TemporaryFolder
  ) throws -> Outcome {
    try run(
      ["train", sketches, "--name", name, "--epochs", "\(epochs)"] + tiny + options, in: folder)
  }

  /// A JSON object on standard output.
  static func json(_ outcome: Outcome) throws -> [String: Any] {
    try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any],
      "not a JSON object: \(outcome.output)")
  }

  /// `metrics.csv` of a run without the column of seconds.
  static func metrics(_ run: String, in folder: TemporaryFolder) throws -> [[Substring]] {
    let text = String(decoding: try folder.read("\(run)/metrics.csv"), as: UTF8.self)
    return text.split(separator: "\n").map { line in
      var fields = line.split(separator: ",", omittingEmptySubsequences: false)
      fields.remove(at: 2)
      return fields
    }
  }
}

/// Checks that a command was refused: its code, one line with these words, and nothing printed.
func expect(
  _ outcome: Tool.Outcome, code: Int32, _ words: [String],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(outcome.code == code, "\(outcome.errors)", sourceLocation: sourceLocation)
  #expect(outcome.complaints.count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
  for word in words {
    #expect(
      outcome.complaints.first?.contains(word) == true, "no '\(word)' in \(outcome.errors)",
      sourceLocation: sourceLocation)
  }
  #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
}

func expect(
  _ outcome: Tool.Outcome, code: Int32, _ words: String...,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expect(outcome, code: code, words, sourceLocation: sourceLocation)
}
