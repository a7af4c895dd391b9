import Foundation

/// A run that something is done to, on the sketches that come with the project.
struct Run: Sendable {
  /// Where the folder `reference` is; its `runs/x` is the run to which nothing happened.
  var folder: String
  var data: String
  var reference = "reference"
  /// The choices of the run: a short one, to which everything is done.
  var choices = [
    "--epochs", "3", "--keep", "1", "--image-size", "16", "--batch-size", "8", "--architecture",
    "conv 4 3x3, pool 2, batchnorm, relu, global-pool, flatten, dense",
  ]

  /// A run of a few seconds that saves after every step and evaluates much.
  func long() -> Run {
    var run = self
    run.reference = "long-reference"
    run.choices = [
      "--epochs", "40", "--keep", "2", "--save-every", "0s", "--image-size", "96",
      "--batch-size", "4", "--validation-split", "0.6", "--optimizer", "adam:ema=0.9",
      "--architecture",
      "conv 16 3x3, pool 2, batchnorm, relu, conv 16 3x3, relu, global-pool, flatten, dense",
    ]
    return run
  }

  /// What trains it.
  var arguments: [String] { ["train", data, "--name", "x", "--threads", "1"] + choices }
  static let resume = ["train", "--resume", "runs/x", "--threads", "1"]

  /// A new folder to train in.
  func makeFolder() throws -> String {
    let folder = "\(folder)/\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: "\(folder)/runs", withIntermediateDirectories: true)
    return folder
  }

  /// Finishes a run that was stopped and compares it with the reference.
  ///
  /// - Parameter mayBeGone: Whether it may have been stopped before it could be resumed.
  func finish(
    _ folder: String, _ tool: Tool, _ part: String, _ table: Table, mayBeGone: Bool = true,
    example: String
  ) throws {
    guard difference(folder) != nil else { return }
    let ending = try tool.run(Self.resume, in: folder)
    tool.judge(ending, part, table: table, example: "\(example), resumed")
    let isThere = FileManager.default.fileExists(atPath: "\(folder)/runs/x/run.json")
    // Then nothing was trained, and the message says to start a new run.
    if !isThere, mayBeGone, ending.code == 66 { return }
    if let difference = difference(folder) {
      table.add(.lost, part, "\(difference); resumed: \(ending.summary)", example: example)
    }
  }

  /// The first result that differs from the reference; nil if all are equal to the byte.
  func difference(_ other: String) -> String? {
    let whole = "\(folder)/\(reference)"
    let (own, expected) = (Self.networks(other), Self.networks(whole))
    let files = ["run.json", "split.json", "metrics.csv", "steps.csv"] + expected
    for name in files {
      guard let content = Self.content(name, other) else {
        return "\(name) is missing or cannot be read"
      }
      if content != Self.content(name, whole) { return "\(name) differs" }
    }
    return own.first { !expected.contains($0) }.map { "\($0) is left over" }
  }

  /// The checkpoints of a run that are not states.
  private static func networks(_ folder: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: "\(folder)/runs/x/checkpoints")
    return (names ?? []).filter { !$0.contains(".state.") }.sorted().map { "checkpoints/\($0)" }
  }

  /// A result without times.
  private static func content(_ name: String, _ folder: String) -> Data? {
    guard let data = try? Data(contentsOf: URL(filePath: "\(folder)/runs/x/\(name)")) else {
      return nil
    }
    switch name {
    case "run.json":
      guard let record = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
        return nil
      }
      var result = record["result"] as? [String: Any] ?? [:]
      result["seconds"] = nil
      return try? JSONSerialization.data(
        withJSONObject: [record["status"] ?? "", result], options: .sortedKeys)
    case "metrics.csv":
      let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map { line in
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        return (fields.prefix(2) + fields.dropFirst(3)).joined(separator: ",")
      }
      return Data(lines.joined(separator: "\n").utf8)
    default: return data
    }
  }
}
