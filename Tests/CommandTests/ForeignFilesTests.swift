import Foundation
import TestSupport
import Testing
import Training

/// What belongs to another run, or is not where a run put it, is refused and not believed.
@Suite struct ForeignFilesTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (name, seed) in [("a", "1"), ("b", "2")] {
      try Tool.train(name, ["--seed", seed, "--learning-rate", "0.05"], in: folder)
    }
  }

  private func copy(_ from: String, to: String) throws {
    try folder.write(try folder.read(from), to: to)
  }

  private func resume(_ epochs: Int) throws -> Tool.Outcome {
    try Tool.run(["train", "--resume", "runs/a", "--epochs", "\(epochs)"], in: folder)
  }

  @Test func `a run is not measured by another run's network`() throws {
    try copy(
      "runs/b/checkpoints/best.safetensors", to: "runs/a/checkpoints/best.safetensors")
    expect(
      try Tool.run(["evaluate", "runs/a"], in: folder), code: 65, "is of the run b, not of a")
    #expect(try Tool.run(["evaluate", "runs/a", Tool.sketches], in: folder).code == 0)
  }

  @Test func `a network of another run of the same name is not taken for the run's own`() throws {
    let other = ["--seed", "2", "--learning-rate", "0.05", "--name", "a", "--out", "others"]
    #expect(
      try Tool.run(["train", Tool.sketches, "--epochs", "2"] + Tool.tiny + other, in: folder).code
        == 0)
    try copy("others/a/checkpoints/best.safetensors", to: "runs/a/checkpoints/best.safetensors")
    expect(
      try Tool.run(["evaluate", "runs/a"], in: folder), code: 65, "its validation loss is not that")
    expect(try resume(3), code: 65, "best.safetensors: cannot be used")
  }

  @Test func `a run is not resumed with another run's table`() throws {
    try copy("runs/b/metrics.csv", to: "runs/a/metrics.csv")
    let before = try folder.read("runs/a/run.json")
    expect(try resume(3), code: 65, "metrics.csv: is not the table of this run")
    #expect(try folder.read("runs/a/run.json") == before)
  }

  @Test func `a run is not resumed from another run's state`() throws {
    try copy(
      "runs/b/checkpoints/last.state.safetensors", to: "runs/a/checkpoints/last.state.safetensors")
    expect(try resume(3), code: 65, "is of the run b, not of a; put the run's own file back")
  }

  @Test func `training images that were renamed test images are not measured as such`() throws {
    let text = String(decoding: try folder.read("runs/a/split.json"), as: UTF8.self)
      .replacing("\"train\"", with: "\"x\"").replacing("\"test\"", with: "\"train\"")
      .replacing("\"x\"", with: "\"test\"")
    try folder.write(Array(text.utf8), to: "runs/a/split.json")
    expect(
      try Tool.run(["evaluate", "runs/a"], in: folder), code: 65,
      "is not the split that the run was trained with")
  }

  @Test func `a missing best checkpoint is named, with what can be given instead`() throws {
    try FileManager.default.removeItem(
      atPath: "\(folder.path)/runs/a/checkpoints/best.safetensors")
    expect(
      try Tool.run(["evaluate", "runs/a"], in: folder), code: 66,
      "best.safetensors: is missing; put it back, or give runs/a/checkpoints/last.safetensors")
  }

  @Test(arguments: ["events.jsonl", "metrics.csv", "checkpoints/last.safetensors"])
  func `a run that cannot go on keeps its result`(file: String) throws {
    let record = try folder.read("runs/a/run.json")
    try copy("runs/a/\(file)", to: "elsewhere")
    try FileManager.default.removeItem(atPath: "\(folder.path)/runs/a/\(file)")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/runs/a/\(file)", withDestinationPath: "\(folder.path)/elsewhere")
    // A table is read before it is gone on with.
    expect(try resume(4), code: file == "metrics.csv" ? 66 : 73, "not a plain file")
    #expect(try folder.read("runs/a/run.json") == record)
  }

  @Test func `two processes do not write a run whose lock was deleted`() throws {
    let run = RunDirectory(path: "\(folder.path)/runs/a")
    let lock = try RunLock(run)
    try FileManager.default.removeItem(atPath: run.lock)
    #expect(throws: TrainingError.self) { try RunLock(run) }
    expect(try resume(3), code: 73, "is being trained")
    withExtendedLifetime(lock) {}
  }

  @Test func `a link called latest that leads elsewhere stays`() throws {
    try FileManager.default.removeItem(atPath: "\(folder.path)/runs/latest")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/runs/latest", withDestinationPath: Tool.sketches)
    try Tool.train("c", in: folder)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder.path)/runs/latest")
        == Tool.sketches)
  }

  @Test func `a state before the first step is refused`() throws {
    let path = "\(folder.path)/runs/a/checkpoints/last.state.safetensors"
    var bytes = try folder.read("runs/a/checkpoints/last.state.safetensors")
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: bytes[8..<8 + length], as: UTF8.self)
      .replacing(/\\"step\\":[0-9]+/, with: "\\\"step\\\":-1")
      .replacing("marbles_sha256", with: "other")
    #expect(header.contains("-1"))
    let size = header.utf8.count
    let begin = (0..<8).map { UInt8(size >> (8 * $0) & 255) } + Array(header.utf8)
    bytes.replaceSubrange(..<(8 + length), with: begin)
    try Data(bytes).write(to: URL(filePath: path))
    expect(try resume(3), code: 65, "step -1, expected at least 0")
  }

  @Test func `a process with little memory ends`() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", "ulimit -v 200000; exec timeout -k 1 20 \"$0\" --version", Tool.path,
    ]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
  }
}
