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
    _ name: String, signal: Int32, afterEpoch epoch: Int, epochs: Int
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
    kill(process.processIdentifier, signal)
    return try Tool.outcome(of: process, in: folder)
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
