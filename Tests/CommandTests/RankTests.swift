import Foundation
import TestSupport
import Testing

/// Training in several processes that `mpirun` starts, with every MPI that is installed.
@Suite(.serialized) struct RankTests {
  /// An implementation of MPI.
  enum Launcher: String, CaseIterable, CustomTestStringConvertible {
    case openMPI, mpich

    var testDescription: String { rawValue }
    var path: String { self == .openMPI ? "/usr/bin/mpirun.openmpi" : "/usr/bin/mpirun.mpich" }
    var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// The words before those of the tool.
    func words(_ count: Int) -> [String] {
      [path] + (self == .openMPI ? ["--allow-run-as-root", "--oversubscribe"] : [])
        + ["-np", "\(count)"]
    }
  }

  static let installed = Launcher.allCases.filter(\.isInstalled)
  static let isMissing: Comment = "no MPI is installed: 'make setup-mpi'"

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Everything whose result could depend on how a batch is divided.
  static let choices =
    [
      "train", Tool.sketches, "--image-size", "16", "--batch-size", "8", "--epochs", "2",
      "--architecture",
      "conv 8 3x3, batchnorm, pool 2, relu, dropout 0.2, conv 16 3x3, batchnorm, relu, "
        + "depthwise, global-pool, flatten, dense",
      "--augmentation", "strong", "--mixup", "0.4", "--optimizer", "sgd:sam=0.05,ema=0.9",
      "--learning-rate", "0.02", "--threads", "1", "--name", "run", "--quiet",
    ]

  /// What a run leaves that must not depend on the number of processes.
  func results(_ out: String) throws -> [String: [UInt8]] {
    var results: [String: [UInt8]] = [:]
    for name in ["best", "last"] {
      let file = "checkpoints/\(name).safetensors"
      results[file] = try folder.read("\(out)/run/\(file)")
    }
    results["steps.csv"] = try folder.read("\(out)/run/steps.csv")
    results["metrics.csv"] = try Tool.metrics("\(out)/run", in: folder)
      .flatMap { $0.joined(separator: ",").utf8 }
    return results
  }

  func train(_ launcher: Launcher, _ count: Int, _ options: [String]) throws -> Tool.Outcome {
    try Tool.run(options, in: folder, launcher: launcher.words(count))
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `one to four ranks leave the same bits`(launcher: Launcher) throws {
    let alone = try Tool.run(Self.choices + ["--out", "alone"], in: folder)
    #expect(alone.code == 0, "\(alone.errors)")
    let expected = try results("alone")
    for count in 1...4 {
      let shared = try train(launcher, count, Self.choices + ["--out", "ranks\(count)"])
      #expect(shared.code == 0, "\(shared.errors)")
      let found = try results("ranks\(count)")
      for (file, bytes) in expected {
        #expect(found[file] == bytes, "\(file) of \(count) ranks")
      }
    }
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `a run killed on two ranks goes on with three, bit for bit`(launcher: Launcher) throws {
    let choices = Self.choices + ["--epochs", "6", "--save-every", "0"]
    let alone = try Tool.run(choices + ["--out", "alone"], in: folder)
    #expect(alone.code == 0, "\(alone.errors)")
    let process = try Tool.start(
      choices + ["--out", "killed"], in: folder, launcher: launcher.words(2))
    try wait(for: 8, rowsOf: "killed/run/steps.csv", process)
    let victim = try #require(try ranks().last)
    kill(victim, SIGKILL)
    let killed = try Tool.outcome(of: process, in: folder)
    #expect(killed.code != 0)
    #expect(try ranks().isEmpty)
    let resumed = try train(
      launcher, 3, ["train", "--resume", "killed/run", "--threads", "1", "--quiet"])
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try results("killed") == results("alone"))
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `a signal to one rank saves once and ends all`(launcher: Launcher) throws {
    let process = try Tool.start(
      Self.choices + ["--epochs", "5000", "--out", "stopped"], in: folder,
      launcher: launcher.words(2))
    try wait(for: 4, rowsOf: "stopped/run/metrics.csv", process)
    let last = try #require(try ranks().last)
    kill(last, SIGINT)
    let stopped = try Tool.outcome(of: process, in: folder)
    #expect(stopped.code == 130, "\(stopped.errors)")
    #expect(try ranks().isEmpty)
    let events = String(decoding: try folder.read("stopped/run/events.jsonl"), as: UTF8.self)
    #expect(events.contains("\"interrupted\""), "\(events.suffix(300))")
    let epoch = try #require(try Tool.metrics("stopped/run", in: folder).last?.first)
    let resumed = try Tool.run(
      ["train", "--resume", "stopped/run", "--epochs", "\((Int(epoch) ?? 0) + 2)", "--quiet"],
      in: folder)
    #expect(resumed.code == 0, "\(resumed.errors)")
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `a rank that is stopped ends all with its name`(launcher: Launcher) throws {
    let process = try Tool.start(
      Self.choices + ["--epochs", "5000", "--out", "stuck"], in: folder,
      launcher: launcher.words(2))
    try wait(for: 4, rowsOf: "stuck/run/metrics.csv", process)
    let last = try #require(try ranks().last)
    let start = ContinuousClock.now
    kill(last, SIGSTOP)
    let stuck = try Tool.outcome(of: process, in: folder)
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect(stuck.code == 70)
    #expect(stuck.complaints.count == 1 && stuck.errors.contains("error: rank 1 on "))
    #expect(try ranks().isEmpty)
    let inspected = try Tool.run(["inspect", "stuck/run"], in: folder)
    #expect(inspected.code == 0, "\(inspected.errors)")
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `ranks with other images are refused before the first step`(launcher: Launcher) throws {
    for name in ["a", "b"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: Tool.sketches, toPath: "\(folder.path)/\(name)/images")
    }
    let cats = "\(folder.path)/b/images/cat"
    let cat = try #require(try FileManager.default.contentsOfDirectory(atPath: cats).first)
    try FileManager.default.removeItem(atPath: "\(cats)/\(cat)")
    let words = ["train", "images"] + Tool.briefly + ["--out", "\(folder.path)/refused"]
    let both =
      ["-wdir", "\(folder.path)/a", Tool.path] + words
      + [":", "-np", "1", "-wdir", "\(folder.path)/b", Tool.path] + words
    let process = Process()
    process.executableURL = URL(filePath: launcher.path)
    process.arguments = Array((launcher.words(1) + both).dropFirst())
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = String(
      decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 65)
    let complaints = text.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    #expect(complaints.count == 1, "\(text)")
    #expect(complaints.first?.contains("rank 1 on ") == true, "\(text)")
    #expect(complaints.first?.contains("other images in images") == true, "\(text)")
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/refused"))
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `what all ranks find wrong is said once`(launcher: Launcher) throws {
    let missing = try train(launcher, 2, ["train", "nowhere"] + Tool.briefly)
    expect(missing, code: 66, "nowhere: no such folder")
    let other = try train(launcher, 2, ["models"])
    expect(other, code: 64, "of all commands only train, ", "data doubt and bench scaling work")
    let small = try train(launcher, 3, Self.choices + ["--batch-size", "2"])
    expect(small, code: 64, "a batch of 2 images cannot be divided among 3 ranks")
  }

  @Test func `a library that cannot be opened is one line`() throws {
    _ = try folder.write([], to: "libmpi.so.40")
    let refused = try Tool.run(
      ["train", Tool.sketches] + Tool.briefly, in: folder,
      environment: ["OMPI_COMM_WORLD_SIZE": "2", "LD_LIBRARY_PATH": folder.path])
    expect(refused, code: 66, "Open MPI", "libmpi.so.40", "start without mpirun")
  }

  /// Waits until a table has that many rows.
  func wait(for rows: Int, rowsOf table: String, _ process: Process) throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while process.isRunning, ContinuousClock.now < deadline {
      let text =
        (try? String(contentsOfFile: "\(folder.path)/\(table)", encoding: .utf8)) ?? ""
      if text.split(separator: "\n").count > rows { return }
      usleep(2000)
    }
    Issue.record("\(table) has no \(rows) rows")
  }

  /// The processes of the tool that work in the test's folder, by rank.
  func ranks() throws -> [Int32] {
    var found: [(rank: Int, process: Int32)] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
      guard let process = Int32(name),
        let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline"),
        line.starts(with: Data(Tool.path.utf8)),
        let environment = FileManager.default.contents(atPath: "/proc/\(name)/environ"),
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(name)/cwd"))
          == URL(filePath: folder.path).resolvingSymlinksInPath().path(percentEncoded: false)
      else { continue }
      let variables = String(decoding: environment, as: UTF8.self).split(separator: "\0")
      let rank = variables.firstNonNil {
        $0.hasPrefix("OMPI_COMM_WORLD_RANK=") || $0.hasPrefix("PMI_RANK=")
          ? $0.split(separator: "=").last.flatMap { Int($0) } : nil
      }
      if let rank { found.append((rank, process)) }
    }
    return found.sorted { $0.rank < $1.rank }.map(\.process)
  }
}

extension Sequence {
  fileprivate func firstNonNil<Value>(_ value: (Element) -> Value?) -> Value? {
    for element in self { if let found = value(element) { return found } }
    return nil
  }
}
