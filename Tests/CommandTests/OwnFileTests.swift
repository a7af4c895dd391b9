import Foundation
import TestSupport
import Testing

/// Whatever stands in the place of a file of a run, a command ends with one line.
@Suite struct OwnFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What is in the place of a file.
  enum Obstacle { case pipe, link(to: String) }

  func replace(_ name: String, by obstacle: Obstacle) {
    let path = "\(folder.path)/\(name)"
    unsafe unlink(path)
    switch obstacle {
    case .pipe: unsafe #expect(mkfifo(path, 0o644) == 0)
    case .link(let target): unsafe #expect(symlink(target, path) == 0)
    }
  }

  @Test(
    .timeLimit(.minutes(2)),
    arguments: [
      "run.json", "metrics.csv", "steps.csv", "events.jsonl", "lock",
      "checkpoints/best.safetensors",
      "checkpoints/last.safetensors", "checkpoints/last.state.safetensors", "split.json",
    ])
  func `a pipe in the place of a file of a run holds nobody up`(file: String) throws {
    try Tool.train("a", ["--schedule", "constant"], epochs: 1, in: folder)
    replace("runs/a/\(file)", by: .pipe)
    let resumed = try Tool.run(["train", "--resume", "runs/a", "--epochs", "2"], in: folder)
    #expect([66, 73].contains(resumed.code), "\(resumed.errors)")
    #expect(resumed.complaints.count == 1 && resumed.errors.contains("not a plain file"))
    for command in [["evaluate", "runs/a"], ["plot", "runs/a"], ["inspect", "runs/a"]] {
      let outcome = try Tool.run(command, in: folder)
      #expect([0, 66].contains(outcome.code), "\(command): \(outcome.errors)")
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func `a pipe in the place of a figure or a split holds nobody up`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    replace("runs/a/plots/loss.png", by: .pipe)
    let drawn = try Tool.run(["plot", "runs/a"], in: folder)
    #expect(drawn.code == 73 && drawn.errors.contains("loss.png"), "\(drawn.errors)")
    replace("split.json", by: .pipe)
    let split = try Tool.train("b", ["--split-file", "split.json"], in: folder)
    #expect(split.code == 66 && split.errors.contains("split.json"), "\(split.errors)")
  }

  @Test(.timeLimit(.minutes(2)))
  func `the cache is neither read nor written through a link or a pipe`() throws {
    func train(_ name: String) throws -> Tool.Outcome {
      try Tool.train(
        name, ["--cache", "disk", "--cache-folder", "cache"], epochs: 1, in: folder)
    }
    #expect(try train("a").code == 0)
    let file = try #require(folder.contents.first { $0.hasSuffix(".pictures") })
    try folder.write(Array("mine".utf8), to: "precious")
    for obstacle in [Obstacle.link(to: "../precious"), .pipe] {
      replace(file, by: obstacle)
      let outcome = try train(UUID().uuidString)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("\(file): cannot write: not a plain file"))
      #expect(try folder.read("precious") == Array("mine".utf8))
    }
  }

  @Test func `what cannot be opened is not said to be missing`() throws {
    replace("loop.safetensors", by: .link(to: "loop.safetensors"))
    replace("loop.jpg", by: .link(to: "loop.jpg"))
    try Tool.train("a", epochs: 1, in: folder)
    for command in [
      ["evaluate", "loop.safetensors", "x"], ["inspect", "loop.safetensors"],
      ["inspect", "loop.jpg"], ["data", "view", "loop.jpg", "--out", "a.png"],
      ["data", "scan", "loop.jpg"], ["predict", "runs/a", "loop.jpg"],
    ] {
      let outcome = try Tool.run(command, in: folder)
      #expect(outcome.code == 66, "\(command): \(outcome.errors)")
      #expect(outcome.errors.contains("Too many levels of symbolic links"), "\(outcome.errors)")
    }
  }

  @Test func `a folder that cannot be made is named with the system's reason`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    try folder.write([1], to: "file")
    for command in [
      ["train", Tool.sketches, "--out", "file"] + Tool.briefly,
      ["plot", "runs/a", "--out", "file/figures"], ["data", "sketch", "file/x", "--count", "2"],
    ] {
      let outcome = try Tool.run(command, in: folder)
      #expect(outcome.code == 73 && outcome.complaints.count == 1, "\(command)")
      #expect(outcome.errors.contains("file"))
      #expect(outcome.errors.contains("Not a directory"), "\(outcome.errors)")
    }
  }

  @Test func `a damaged checkpoint is named as such`() throws {
    try Tool.train("a", ["--schedule", "constant"], epochs: 1, in: folder)
    for (name, command) in [
      ("best.safetensors", ["evaluate", "runs/a"]),
      ("last.state.safetensors", ["train", "--resume", "runs/a", "--epochs", "2"]),
    ] {
      var bytes = try folder.read("runs/a/checkpoints/\(name)")
      bytes[bytes.count - 4] ^= 1
      try folder.write(bytes, to: "runs/a/checkpoints/\(name)")
      let outcome = try Tool.run(command, in: folder)
      #expect(outcome.code == 65 && outcome.complaints.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("\(name): damaged: its checksum differs"))
    }
  }

  @Test func `a run that diverges prints its record with --json`() throws {
    let outcome = try Tool.train(
      "a", ["--json", "--optimizer", "sgd", "--learning-rate", "1e30", "--warmup", "0"],
      in: folder)
    #expect(outcome.code == 2, "\(outcome.errors)")
    let record = try Tool.json(outcome)
    #expect(record["status"] as? String == "diverged")
    #expect(record["path"] as? String == "runs/a")
  }

  @Test(arguments: ["a\nb", "a\u{1B}[31mb", "a/b", "/a", "..", String(repeating: "a", count: 256)])
  func `a name that is no plain folder name is wrong usage`(name: String) throws {
    let outcome = try Tool.train(name, in: folder)
    #expect(outcome.code == 64 && outcome.complaints.count == 1, "\(outcome.errors)")
    #expect(!folder.contents.contains { $0.hasPrefix("runs") })
  }

  @Test func `rows that are missing are named by plot`() throws {
    try Tool.train("a", epochs: 4, in: folder)
    #expect(try Tool.run(["plot", "runs/a"], in: folder).errors.isEmpty)
    func text(_ name: String) throws -> String {
      String(decoding: try folder.read("runs/a/\(name)"), as: UTF8.self)
    }
    let (metrics, steps) = (try text("metrics.csv"), try text("steps.csv"))
    func errors(_ metrics: String, _ steps: String) throws -> String {
      try folder.write(Array(metrics.utf8), to: "runs/a/metrics.csv")
      try folder.write(Array(steps.utf8), to: "runs/a/steps.csv")
      let outcome = try Tool.run(["plot", "runs/a"], in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return outcome.errors
    }
    var lines = metrics.split(separator: "\n")
    #expect(
      try errors(String(metrics.dropLast(9)), steps)
        == "runs/a/metrics.csv: the rows of these epochs are missing: 4\n")
    lines.remove(at: 2)
    #expect(
      try errors(lines.joined(separator: "\n") + "\n", steps)
        == "runs/a/metrics.csv: the rows of these epochs are missing: 1\n")
    #expect(
      try errors(metrics, String(steps.dropLast(9))).hasPrefix(
        "runs/a/steps.csv: the rows of these steps are missing: "))
  }
}
