import Foundation
import Tensors
import Training

/// Kills at moments of chance, also between file operations, and disks that are filled at some.
///
/// The run is long enough that both meet every stage of it; it saves after every step.
struct Moments {
  /// What a run was doing when it was killed, as far as its files tell.
  private enum Stage: String, CaseIterable {
    /// There is no state yet, as in the first moments.
    case start
    /// A file was being written.
    case saving
    /// All steps of an epoch are saved, but not its end.
    case evaluation
    case step
  }

  private static let kills = 40, disks = 10
  private static let fullDisk = "full disk, filled"

  var tool: Tool
  var run: Run
  var table: Table
  var seed: UInt64
  /// What the undisturbed run takes.
  var duration: Duration

  /// Trains the undisturbed run.
  init(_ undisturbed: Tool, _ run: Run, _ table: Table, seed: UInt64) throws {
    (tool, self.run, self.table, self.seed) = (undisturbed, run, table, seed)
    let folder = "\(run.folder)/\(run.reference)"
    try FileManager.default.createDirectory(
      atPath: "\(folder)/runs", withIntermediateDirectories: true)
    let clock = ContinuousClock(), start = clock.now
    let ending = try tool.run(run.arguments, in: folder)
    duration = clock.now - start
    guard ending.code == 0 else {
      print("chaos: the run that is to be attacked fails: \(ending.errors)")
      exit(70)
    }
    tool.limit = .seconds(5) + duration * 10
  }

  /// Forty kills, a quarter of them in the first second, another while a file is written.
  func kill(until end: ContinuousClock.Instant, short: Bool) throws {
    var generator = SeededGenerator(seed: seed, stream: 4)
    for stage in Stage.allCases { table.plan(name(stage), 0) }
    for number in 0..<(short ? 4 : Self.kills) where ContinuousClock.now < end {
      let longest = number % 4 == 0 ? min(duration, .seconds(1)) : duration
      let moment = longest * Double.random(in: 0..<1, using: &generator)
      let folder = try run.makeFolder(), example = "killed after \(moment)"
      let process = try tool.start(run.arguments, in: folder)
      sleep(moment)
      if number % 4 == 1 { waitForSaving(in: folder) }
      // Where the run was faster than the undisturbed one, it is only compared.
      Foundation.kill(process.processIdentifier, SIGKILL)
      let ending = tool.wait(for: process)
      let part = name(stage(of: folder))
      table.plan(part, 1)
      tool.judge(ending, part, sent: SIGKILL, table: table, example: example)
      try finish(folder, part, example)
      table.count(part)
      try FileManager.default.removeItem(atPath: folder)
    }
  }

  /// Ten times, a disk of its own is filled meanwhile, until nothing more can be written.
  func fillDisks(until end: ContinuousClock.Instant, short: Bool) throws {
    let count = short ? 2 : Self.disks
    table.plan(Self.fullDisk, count)
    for number in 0..<count where ContinuousClock.now < end {
      let folder = try run.makeFolder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      guard try mount("-t", "tmpfs", "-o", "size=16m", "tmpfs", folder) else {
        return print("chaos: no disk was filled, as a tmpfs cannot be mounted here")
      }
      defer { _ = try? call("/bin/umount", ["-l", folder]) }
      try FileManager.default.createDirectory(
        atPath: "\(folder)/runs", withIntermediateDirectories: true)
      let moment = duration * ((Double(number) + 0.5) / Double(count + 1))
      let process = try tool.start(run.arguments, in: folder)
      sleep(moment)
      let ballast = "\(folder)/ballast"
      fill(ballast)
      let ending = tool.wait(for: process)
      let example = "filled after \(moment): \(ending.summary)"
      tool.judge(ending, Self.fullDisk, table: table, example: example)
      print("chaos: disk \(example)")
      try FileManager.default.removeItem(atPath: ballast)
      try finish(folder, Self.fullDisk, example)
      table.count(Self.fullDisk)
    }
  }

  private func name(_ stage: Stage) -> String { "kill, \(stage.rawValue)" }

  /// The last state must load, and the run must come to the bytes of the undisturbed one.
  private func finish(_ folder: String, _ part: String, _ example: String) throws {
    let directory = RunDirectory(path: "\(folder)/runs/x")
    if FileManager.default.fileExists(atPath: directory.state) {
      do {
        _ = try resumePoint(directory)
      } catch {
        table.add(.lost, part, "the last state does not load: \(error)", example: example)
      }
    }
    try run.finish(folder, tool, part, table, example: example)
  }

  private func resumePoint(_ directory: RunDirectory) throws -> ResumePoint {
    let record = try RunRecord(contentsOf: directory)
    return try ResumePoint(contentsOf: directory, optimizer: record.configuration.optimizer)
  }

  private func stage(of folder: String) -> Stage {
    let directory = RunDirectory(path: "\(folder)/runs/x")
    guard let point = try? resumePoint(directory),
      let record = try? RunRecord(contentsOf: directory)
    else { return .start }
    if isSaving(in: folder) { return .saving }
    let steps = record.configuration.stepsPerEpoch(trainingCount: record.trainingCount)
    return point.state.progress.stepInEpoch == steps ? .evaluation : .step
  }

  /// Whether a file of the run is being written, or was when it was killed.
  private func isSaving(in folder: String) -> Bool {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: "\(folder)/runs/x/checkpoints")
    return (names ?? []).contains { $0.hasSuffix(".part") }
  }

  /// Waits until a checkpoint is being written, at most a second.
  private func waitForSaving(in folder: String) {
    let end = ContinuousClock.now + .seconds(1)
    while !isSaving(in: folder), ContinuousClock.now < end {}
  }

  private func sleep(_ duration: Duration) {
    usleep(UInt32(duration / .microseconds(1)))
  }

  /// Fills the disk that a file is on with that file, to the last byte.
  private func fill(_ path: String) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT, 0o644)
    defer { close(descriptor) }
    var size = 1 << 20
    while size > 0 {
      let bytes = [UInt8](repeating: 7, count: size)
      if unsafe write(descriptor, bytes, size) <= 0 { size /= 2 }
    }
  }

  private func mount(_ arguments: String...) throws -> Bool { try call("/bin/mount", arguments) }

  private func call(_ path: String, _ arguments: [String]) throws -> Bool {
    guard FileManager.default.isExecutableFile(atPath: path) else { return false }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
