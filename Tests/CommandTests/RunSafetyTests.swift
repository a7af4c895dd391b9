import Foundation
import TestSupport
import Testing
import Training

/// One process at a time writes into a run; whatever ends it, the run can be finished.
@Suite struct RunSafetyTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func start(_ name: String, epochs: Int, through shell: String? = nil) throws -> Process {
    let arguments =
      ["train", Tool.sketches, "--name", name, "--epochs", "\(epochs)"] + Tool.tiny
    guard let shell else { return try Tool.start(arguments, in: folder) }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", shell, Tool.path] + arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    try process.run()
    return process
  }

  /// Waits until a run has so many lines in a file.
  func wait(for process: Process, _ file: String, lines: Int) {
    let deadline = ContinuousClock.now + .seconds(60)
    while process.isRunning, ContinuousClock.now < deadline {
      let text = (try? String(contentsOfFile: "\(folder.path)/\(file)", encoding: .utf8)) ?? ""
      if text.split(separator: "\n").count >= lines { return }
      usleep(2000)
    }
  }

  func resume(_ run: String, _ options: String...) throws -> Tool.Outcome {
    try Tool.run(["train", "--resume", "runs/\(run)"] + options, in: folder)
  }

  func record(_ run: String) throws -> RunRecord {
    try RunRecord(contentsOf: RunDirectory(path: "\(folder.path)/runs/\(run)"))
  }

  func expectSame(_ a: String, _ b: String) throws {
    #expect(try Tool.metrics("runs/\(a)", in: folder) == Tool.metrics("runs/\(b)", in: folder))
    #expect(try folder.read("runs/\(a)/steps.csv") == folder.read("runs/\(b)/steps.csv"))
    for name in ["last", "best"] {
      func parameters(_ run: String) throws -> Checkpoint {
        try Checkpoint(
          contentsOf: "\(folder.path)/runs/\(run)/checkpoints/\(name).safetensors")
      }
      #expect(try parameters(a).parameters == parameters(b).parameters)
    }
    #expect(try record(a).result?.testLoss == record(b).result?.testLoss)
  }

  @Test func `a run that is training is not resumed beside it, one that was killed is`() throws {
    let process = try start("a", epochs: 4000)
    wait(for: process, "runs/a/metrics.csv", lines: 3)
    // Outputs of `Tool.start` share their names.
    let elsewhere = try TemporaryFolder()
    for path in ["\(folder.path)/runs/a", "\(folder.path)/runs/latest"] {
      let refused = try Tool.run(["train", "--resume", path], in: elsewhere)
      #expect(refused.code == 73, "\(refused.errors)")
      #expect(refused.complaints.count == 1)
      #expect(
        refused.errors.contains("is being trained by process \(process.processIdentifier) on "))
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let begun = try record("a")
    #expect(begun.status == .running)
    let epochs = try Tool.metrics("runs/a", in: folder).count + 1
    let resumed = try resume("a", "--epochs", "\(epochs)", "--quiet")
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try Tool.metrics("runs/a", in: folder).count == epochs + 2)
    #expect(try record("a").status == .finished)
  }

  @Test func `a closed terminal saves the run and ends with 129`() throws {
    let process = try start("a", epochs: 60)
    wait(for: process, "runs/a/metrics.csv", lines: 4)
    // Terminals send it more than once.
    for _ in 0..<3 { kill(process.processIdentifier, SIGHUP) }
    let stopped = try Tool.outcome(of: process, in: folder)
    #expect(process.terminationReason == .exit && stopped.code == 129, "\(stopped.errors)")
    #expect(try record("a").status == .interrupted)
    #expect(try resume("a").code == 0)
    try Tool.train("whole", epochs: 60, in: folder)
    try expectSame("a", "whole")
  }

  @Test func `a run under nohup outlives its terminal`() throws {
    let process = try start(
      "a", epochs: 30, through: "trap '' HUP; exec \"$0\" \"$@\" >/dev/null 2>&1")
    wait(for: process, "runs/a/metrics.csv", lines: 3)
    kill(process.processIdentifier, SIGHUP)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    #expect(try record("a").status == .finished)
  }

  @Test func `a closed pipe saves the run and ends with 141`() throws {
    let process = try start(
      "a", epochs: 60,
      through: "{ \"$0\" \"$@\" 2>&1; echo $? > code; } | head -1 > first")
    process.waitUntilExit()
    #expect(String(decoding: try folder.read("code"), as: UTF8.self) == "141\n")
    #expect(String(decoding: try folder.read("first"), as: UTF8.self) == "run    runs/a\n")
    #expect(try record("a").status == .interrupted)
    #expect(try resume("a").code == 0)
    try Tool.train("whole", epochs: 60, in: folder)
    try expectSame("a", "whole")
  }

  @Test(arguments: [[], ["--patience", "2", "--learning-rate", "1e-30"]])
  func `a run killed after its last epoch is finished, then refused`(options: [String]) throws {
    try Tool.train("a", options, epochs: 5, in: folder)
    try Tool.train("whole", options, epochs: 5, in: folder)
    // What a kill before the last write leaves.
    var killed = try record("a")
    (killed.status, killed.result) = (.running, nil)
    try killed.write(to: RunDirectory(path: "\(folder.path)/runs/a"))
    let resumed = try resume("a")
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try record("a").status == .finished)
    try expectSame("a", "whole")
    let refused = try resume("a")
    #expect(refused.code == 64 && refused.errors.contains("has finished"), "\(refused.errors)")
    try expectSame("a", "whole")
  }

  @Test func `a run killed before anything was saved begins anew, in the same place`() throws {
    let process = try start("a", epochs: 4)
    let record = "\(folder.path)/runs/a/run.json"
    while process.isRunning, !FileManager.default.fileExists(atPath: record) { usleep(200) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let run = "\(folder.path)/runs/a"
    // The slower machine may have saved something by now.
    for file in try FileManager.default.contentsOfDirectory(atPath: "\(run)/checkpoints") {
      try FileManager.default.removeItem(atPath: "\(run)/checkpoints/\(file)")
    }
    for table in ["metrics.csv", "steps.csv"] { try folder.write([], to: "runs/a/\(table)") }
    let evaluated = try Tool.run(["evaluate", "runs/a"], in: folder)
    #expect(evaluated.code == 66 && evaluated.errors.contains("no checkpoint yet"))
    let resumed = try resume("a")
    #expect(resumed.code == 0, "\(resumed.errors)")
    try Tool.train("whole", epochs: 4, in: folder)
    try expectSame("a", "whole")
    try FileManager.default.removeItem(atPath: record)
    let gone = try resume("a")
    #expect(
      gone.code == 66 && gone.errors.contains("run.json is missing; put it back"),
      "\(gone.errors)")
    try FileManager.default.removeItem(atPath: "\(run)/checkpoints/last.state.safetensors")
  }

  @Test func `a run without its saved state is not begun anew over its tables`() throws {
    try Tool.train("a", epochs: 2, in: folder)
    let state = "checkpoints/last.state.safetensors"
    try FileManager.default.removeItem(atPath: "\(folder.path)/runs/a/\(state)")
    let before = try folder.read("runs/a/steps.csv")
    let refused = try resume("a", "--epochs", "4")
    #expect(refused.code == 66 && refused.errors.contains(state), "\(refused.errors)")
    #expect(try folder.read("runs/a/steps.csv") == before)
  }

  @Test(arguments: [true, false])
  func `a run that is moved or removed while it trains ends, and nothing is made anew`(
    moves: Bool
  ) throws {
    let process = try start("a", epochs: 4000)
    wait(for: process, "runs/a/metrics.csv", lines: 3)
    let path = "\(folder.path)/runs/a"
    let elsewhere = "\(folder.path)/b"
    // Figures are drawn at the same time.
    #expect(unsafe rename(path, elsewhere) == 0)
    if !moves { try FileManager.default.removeItem(atPath: elsewhere) }
    let outcome = try Tool.outcome(of: process, in: folder)
    #expect(outcome.code == 73 && outcome.complaints.count == 1, "\(outcome.errors)")
    #expect(
      outcome.errors.contains("runs/a: cannot write: the run was moved or removed"),
      "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: path))
    guard moves else { return }
    let epochs = try Tool.metrics("b", in: folder).count
    let resumed = try Tool.run(
      ["train", "--resume", "b", "--epochs", "\(epochs)", "--quiet"], in: folder)
    #expect(resumed.code == 0, "\(resumed.errors)")
  }

  @Test func `a table that outgrows the disk ends with 73 and leaves a run that goes on`() throws {
    // A limit on the size of files stands in for a full disk.
    let process = try start(
      "a", epochs: 200, through: "ulimit -f 16; exec \"$0\" \"$@\" 2>errors")
    process.waitUntilExit()
    let errors = String(decoding: try folder.read("errors"), as: UTF8.self)
    #expect(process.terminationReason == .exit && process.terminationStatus == 73, "\(errors)")
    #expect(errors.contains(".csv: cannot write: File too large"), "\(errors)")
    #expect(try folder.read("runs/a/steps.csv").last == UInt8(ascii: "\n"))
    let resumed = try resume("a")
    #expect(resumed.code == 0, "\(resumed.errors)")
    try Tool.train("whole", epochs: 200, in: folder)
    try expectSame("a", "whole")
  }

  @Test func `a validation loss that is not a number ends with 2`() throws {
    let outcome = try Tool.train(
      "a", ["--objective", "expr:(y - p)^2 + sqrt(y - 0.01)", "--label-smoothing", "0.1"],
      in: folder)
    #expect(outcome.code == 2, "\(outcome.errors)")
    #expect(outcome.errors.contains("the validation loss became nan"), "\(outcome.errors)")
    #expect(try record("a").status == .diverged)
  }

  @Test func `patience is told of when it ends`() throws {
    let outcome = try Tool.train(
      "a", ["--patience", "1", "--learning-rate", "1e-30"], epochs: 5, in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(
      outcome.errors.contains("stopped: no lower validation loss for 1 epoch (--patience 1)"))
  }
}
