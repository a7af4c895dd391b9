import Foundation

/// The run that everything is done to: three epochs on the sketches that come with the project.
struct Run: Sendable {
  /// Where `reference/runs/x` is, to which nothing happened.
  var folder: String
  var data: String

  /// What trains it.
  var arguments: [String] {
    [
      "train", data, "--name", "x", "--epochs", "3", "--image-size", "16", "--batch-size", "8",
      "--threads", "1", "--architecture",
      "conv 4 3x3, pool 2, batchnorm, relu, global-pool, flatten, dense",
    ]
  }
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
    let pairs = [
      "run.json", "split.json", "metrics.csv", "steps.csv", "checkpoints/best.safetensors",
      "checkpoints/last.safetensors",
    ].map { name in
      (name, Self.content(name, "\(folder)/reference"), Self.content(name, other))
    }
    guard let pair = pairs.first(where: { $1 == nil || $1 != $2 }) else { return nil }
    return "\(pair.0) " + (pair.2 == nil ? "is missing or cannot be read" : "differs")
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
