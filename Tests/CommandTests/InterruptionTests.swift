import Foundation
import TestSupport
import Testing
import Training

/// A run can be stopped at any moment, gently or not, and goes on as if nothing had happened.
@Suite struct InterruptionTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Starts a long run and sends a signal as soon as the table has a row of that epoch.
  func interrupt(
    _ name: String, signal: Int32, times: Int = 1, afterEpoch epoch: Int, epochs: Int
  ) throws
    -> Tool.Outcome
  {
    let process = try Tool.start(
      ["train", Tool.sketches, "--name", name, "--epochs", "\(epochs)"] + Tool.tiny, in: folder)
    let table = "\(folder.path)/runs/\(name)/metrics.csv"
    let deadline = ContinuousClock.now + .seconds(60)
    while process.isRunning, ContinuousClock.now < deadline {
      let text = (try? String(contentsOfFile: table, encoding: .utf8)) ?? ""
      if text.split(separator: "\n").count > epoch + 1 { break }
      usleep(2000)
    }
    for _ in 0..<times {
      kill(process.processIdentifier, signal)
      usleep(1000)
    }
    return try Tool.outcome(of: process, in: folder)
  }

  @Test func `a signal that comes twice at once, as from timeout, saves the run`() throws {
    for number in 1...3 {
      let stopped = try interrupt(
        "twice\(number)", signal: SIGTERM, times: 2, afterEpoch: 1, epochs: 60)
      #expect(stopped.code == 130)
      #expect(stopped.errors.contains("marbles train --resume runs/twice\(number)"))
    }
  }

  @Test func `a run killed inside an epoch goes on from where it was saved`() throws {
    let options = ["--batch-size", "1", "--epochs", "3", "--augmentation", "strong"]
    let process = try Tool.start(
      ["train", Tool.sketches, "--name", "killed", "--save-every", "0"] + Tool.briefly + options,
      in: folder)
    let table = "\(folder.path)/runs/killed/steps.csv"
    let deadline = ContinuousClock.now + .seconds(60)
    while process.isRunning, ContinuousClock.now < deadline {
      let text = (try? String(contentsOfFile: table, encoding: .utf8)) ?? ""
      if text.split(separator: "\n").count > 6 { break }
      usleep(500)
    }
    kill(process.processIdentifier, SIGKILL)
    _ = try Tool.outcome(of: process, in: folder)
    let resumed = try Tool.run(["train", "--resume", "runs/killed"], in: folder)
    #expect(resumed.code == 0, "\(resumed.errors)")
    let events = String(decoding: try folder.read("runs/killed/events.jsonl"), as: UTF8.self)
    let start = events.split(separator: "\n").first { $0.contains("\"resume\"") }
    #expect(start?.contains("\"step\":\"0\"") == false)
    try Tool.train("whole", options, in: folder)
    #expect(try folder.read("runs/killed/steps.csv") == folder.read("runs/whole/steps.csv"))
    #expect(try folder.read("runs/killed/layers.csv") == folder.read("runs/whole/layers.csv"))
    #expect(
      try Tool.metrics("runs/killed", in: folder) == Tool.metrics("runs/whole", in: folder))
    #expect(try parameters("killed").parameters == parameters("whole").parameters)
  }

  @Test func `a time to save after that is none is refused`() throws {
    for text in ["-1", "5 minutes", "nan", "inf", "1e9h", "", "0x10s", "0x10", "ms", ".", "+5s"] {
      let outcome = try Tool.train("a", ["--save-every=\(text)"], in: folder)
      #expect(outcome.code == 64 && outcome.errors.contains("--save-every"), "\(outcome.errors)")
    }
  }

  @Test func `a time to save after can be given in milliseconds`() throws {
    try Tool.train("a", ["--save-every=50ms"], epochs: 1, in: folder)
    #expect(FileManager.default.fileExists(atPath: "\(folder.path)/runs/a/run.json"))
  }

  func parameters(_ run: String) throws -> Checkpoint {
    try Checkpoint(contentsOf: "\(folder.path)/runs/\(run)/checkpoints/last.safetensors")
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `a stopped run exits with 130, says how to go on, and does`(signal: Int32) throws {
    let epochs = 60
    let stopped = try interrupt("stopped", signal: signal, afterEpoch: 2, epochs: epochs)
    #expect(stopped.code == 130, "\(stopped.errors)")
    #expect(stopped.errors.contains("marbles train --resume runs/stopped"))
    #expect(!stopped.errors.contains("error:"))
    let resumed = try Tool.run(["train", "--resume", "runs/stopped"], in: folder)
    #expect(resumed.code == 0, "\(resumed.errors)")
    try Tool.train("whole", epochs: epochs, in: folder)
    #expect(
      try Tool.metrics("runs/stopped", in: folder) == Tool.metrics("runs/whole", in: folder))
    #expect(try parameters("stopped").parameters == parameters("whole").parameters)
    #expect(try folder.read("runs/stopped/steps.csv") == folder.read("runs/whole/steps.csv"))
    #expect(try folder.read("runs/stopped/layers.csv") == folder.read("runs/whole/layers.csv"))
  }

  /// Whether a process handles a signal itself.
  func handles(_ signal: Int32, _ process: Process) -> Bool {
    let status = try? String(
      contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    let mask = status?.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }?.dropFirst(8)
    return (mask.flatMap { UInt64($0, radix: 16) } ?? 0) & (1 << UInt64(signal - 1)) != 0
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `a run that is stopped before it begins leaves nothing`(signal: Int32) throws {
    // Images that take a moment to load.
    for index in 0..<60 {
      let (class_, name) = index % 2 == 0 ? ("cat", "cat-0001.jpg") : ("dog", "dog-0001.jpg")
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/photos/\(class_)", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: "\(Tool.sketches)/\(class_)/\(name)",
        toPath: "\(folder.path)/photos/\(class_)/\(index).jpg")
    }
    let process = try Tool.start(["train", "photos", "--name", "a"] + Tool.briefly, in: folder)
    let deadline = ContinuousClock.now + .seconds(60)
    while process.isRunning, !handles(signal, process), ContinuousClock.now < deadline {
      usleep(500)
    }
    #expect(!folder.contents.contains("runs/a"), "the signal was handled too late")
    kill(process.processIdentifier, signal)
    let outcome = try Tool.outcome(of: process, in: folder)
    #expect(outcome.code == 130, "\(outcome.errors)")
    #expect(outcome.errors.contains("nothing was changed"))
    #expect(!folder.contents.contains { $0.hasPrefix("runs") })
  }

  @Test func `a run that cannot be written leaves no directory`() throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.currentDirectoryURL = URL(filePath: folder.path)
    let command = ["train", Tool.sketches, "--name", "a"] + Tool.briefly
    shell.arguments = ["-c", "ulimit -f 0; exec \"$@\"", "sh", Tool.path] + command
    shell.standardError = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 73)
    #expect(folder.contents.allSatisfy { !$0.hasPrefix("runs/") }, "\(folder.contents)")
  }

  @Test(arguments: [1, 4, 9])
  func `a killed run leaves a checkpoint that loads and goes on bit for bit`(epoch: Int) throws {
    let epochs = 40
    let killed = try interrupt("killed", signal: SIGKILL, afterEpoch: epoch, epochs: epochs)
    #expect(killed.code == 128 + SIGKILL)
    _ = try parameters("killed")
    #expect(try Tool.run(["evaluate", "runs/killed"], in: folder).code == 0)
    let resumed = try Tool.run(["train", "--resume", "runs/killed"], in: folder)
    #expect(resumed.code == 0, "\(resumed.errors)")
    try Tool.train("whole", epochs: epochs, in: folder)
    #expect(
      try Tool.metrics("runs/killed", in: folder) == Tool.metrics("runs/whole", in: folder))
    #expect(try parameters("killed").parameters == parameters("whole").parameters)
    func best(_ run: String) throws -> Checkpoint {
      try Checkpoint(contentsOf: "\(folder.path)/runs/\(run)/checkpoints/best.safetensors")
    }
    #expect(try best("killed").parameters == best("whole").parameters)
  }
}
