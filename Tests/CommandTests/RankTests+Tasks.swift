import Foundation
import TestSupport
import Testing

// What several processes do besides training one network: they share images or whole trainings.
extension RankTests {
  /// Trains two networks of one start, whose paths are kept.
  private func trainBoth() throws {
    for (name, rate) in [("a", "0.01"), ("b", "0.03")] {
      let trained = try Tool.train(
        name, ["--record-path", "--quiet", "--test-split", "0.4", "--learning-rate", rate],
        in: folder)
      #expect(trained.code == 0, "\(trained.errors)")
    }
  }

  /// What a command has printed and written into the folder `out`, which is removed.
  private func outcome(
    _ words: [String], _ launcher: [String] = [], code: Int32
  ) throws -> [String: [UInt8]] {
    let out = "\(folder.path)/out"
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: out) }
    let done = try Tool.run(words, in: folder, launcher: launcher)
    #expect(done.code == code, "\(words): \(done.errors)")
    var found = ["": Array(done.output.utf8)]
    for case let name as String in FileManager.default.enumerator(atPath: out) ?? .init() {
      // Folders are not read.
      found[name] = try? folder.read("out/\(name)")
    }
    return found
  }

  /// Commands that leave the same bytes on any number of ranks.
  private static let shared: [[String]] = [
    ["evaluate", "runs/a", "--out", "out", "--format", "svg", "--slices", "size"],
    ["evaluate", "runs/a", Tool.sketches, "--tta", "--predictions", "out/all.csv", "--json"],
    ["predict", "runs/a", Tool.sketches, "--csv"],
    ["compare", "runs/a", "runs/b", "--out", "out/c"],
    [
      "surface", "runs/a", "runs/b", "--points", "9", "--images", "10", "--kind", "landscape",
      "--out", "out/s.svg",
    ],
    ["surface", "runs/a", "runs/b", "--kind", "cut", "--images", "10", "--out", "out/s.svg"],
    ["data", "doubt", sketches, "--epochs", "2", "--folds", "3", "--out", "out/d.svg"] + tiny,
    ["data", "doubt", "runs/a", "--out", "out/d.svg"],
    [
      "data", "enough", sketches, "--epochs", "1", "--sizes", "4", "--draws", "1", "--out",
      "out/e.svg",
    ] + tiny,
  ]
  private static let (sketches, tiny) = ("many", Tool.tiny)

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `commands print and write the same bytes in three processes`(launcher: Launcher) throws {
    try trainBoth()
    let drawn = try Tool.run(["data", "sketch", "many", "--count", "300"], in: folder)
    #expect(drawn.code == 0, "\(drawn.errors)")
    for words in Self.shared {
      let alone = try outcome(words, code: 0)
      #expect(alone.count > 1 || words[0] == "predict", "\(words)")
      let shared = try outcome(words, launcher.words(3), code: 0)
      #expect(shared.keys.sorted() == alone.keys.sorted(), "\(words)")
      for (file, bytes) in alone { #expect(shared[file] == bytes, "\(file) of \(words)") }
    }
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `names come from standard input of the first rank, and one file is skipped once`(
    launcher: Launcher
  ) throws {
    try trainBoth()
    let cats = try FileManager.default.contentsOfDirectory(atPath: "\(Tool.sketches)/cat").sorted()
    _ = try folder.write([1, 2, 3], to: "broken.jpg")
    let names =
      (["\(folder.path)/broken.jpg"] + cats.map { "\(Tool.sketches)/cat/\($0)" })
      .joined(separator: "\n")
    let words = ["predict", "runs/a", "-", "--csv"]
    let alone = try Tool.run(words, in: folder, input: names)
    let shared = try Tool.run(words, in: folder, input: names, launcher: launcher.words(3))
    #expect(alone.code == 65 && shared.code == 65, "\(shared.errors)")
    #expect(shared.output == alone.output)
    #expect(shared.errors.components(separatedBy: "skipped ").count == 2, "\(shared.errors)")
    #expect(shared.complaints.count == 1, "\(shared.errors)")
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `a surface goes on in several processes with the table of one`(launcher: Launcher) throws {
    try trainBoth()
    let words = ["surface", "runs/a", "runs/b", "--points", "9", "--images", "10"]
    let whole = try outcome(words + ["--out", "out/s.svg"], code: 0)
    let table = String(decoding: try #require(whole["s.csv"]), as: UTF8.self)
    let rows = table.split(separator: "\n")
    try folder.write(
      Array((rows.prefix(30).joined(separator: "\n") + "\n").utf8), to: "part.csv")
    let resumed = try Tool.run(
      words + ["--out", "part.svg", "--resume", "--overwrite"], in: folder,
      launcher: launcher.words(2))
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("29 points of part.csv"), "\(resumed.errors)")
    #expect(String(decoding: try folder.read("part.csv"), as: UTF8.self) == table)
    let missing = try train(launcher, 2, words + ["--out", "none.svg", "--resume"])
    expect(missing, code: 66, "none.csv: no such table")
  }

  /// A comparison of optimizers.
  private static let contest =
    [
      "compare", Tool.sketches, "--optimizers", "adam:rate=0.001,sgd", "--seeds", "2", "--rates",
      "3", "--threads", "1", "--quiet",
    ] + Tool.tiny

  /// What a comparison leaves that does not depend on the clock.
  private func contestResults(_ out: String) throws -> [String: [UInt8]] {
    var found = ["hits.csv": try folder.read("\(out)/hits.csv")]
    let table = String(decoding: try folder.read("\(out)/comparison.csv"), as: UTF8.self)
    // The last column has seconds.
    found["comparison.csv"] = table.split(separator: "\n").flatMap {
      $0.split(separator: ",", omittingEmptySubsequences: false).dropLast()
        .joined(separator: ",").utf8
    }
    let trials = "\(folder.path)/\(out)/trials"
    for trial in try FileManager.default.contentsOfDirectory(atPath: trials) {
      for file in ["checkpoints/best.safetensors", "steps.csv"] {
        found["\(trial)/\(file)"] = try folder.read("\(out)/trials/\(trial)/\(file)")
      }
    }
    return found
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `optimizers are compared by trainings in several processes`(launcher: Launcher) throws {
    let contest = Self.contest + ["--epochs", "2"]
    let alone = try Tool.run(contest + ["--out", "alone"], in: folder)
    #expect(alone.code == 0, "\(alone.errors)")
    let shared = try train(launcher, 3, contest + ["--out", "shared"])
    #expect(shared.code == 0, "\(shared.errors)")
    let expected = try contestResults("alone")
    #expect(expected.count == 2 + 2 * 18)
    let found = try contestResults("shared")
    #expect(found.keys.sorted() == expected.keys.sorted())
    for (file, bytes) in expected { #expect(found[file] == bytes, "\(file)") }
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `a signal to one rank stops a comparison, and each rank saves its training`(
    launcher: Launcher
  ) throws {
    // Long enough that no training ends before all ranks know.
    let contest = Self.contest + ["--epochs", "3000"]
    let process = try Tool.start(
      contest + ["--out", "shared"], in: folder, launcher: launcher.words(3))
    try wait(for: 2, rowsOf: "shared/trials/1-adam-search-0.000316/metrics.csv", process)
    kill(try #require(try ranks().last), SIGINT)
    let stopped = try Tool.outcome(of: process, in: folder)
    #expect(stopped.code == 130, "\(stopped.errors)")
    #expect(try ranks().isEmpty)
    let trials = "\(folder.path)/shared/trials"
    let states = try FileManager.default.contentsOfDirectory(atPath: trials).filter {
      FileManager.default.fileExists(
        atPath: "\(trials)/\($0)/checkpoints/last.state.safetensors")
    }
    #expect(states.count == 3, "\(states)")
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `a rank whose training cannot begin names itself and ends all`(launcher: Launcher) throws {
    let contest = Self.contest + ["--epochs", "1", "--out", "shared"]
    #expect(try Tool.run(contest, in: folder).code == 0)
    // The second training is that of the second rank.
    let record = "shared/trials/1-adam-search-0.001/run.json"
    _ = try folder.read(record)
    try folder.write(Array("{}".utf8), to: record)
    let failed = try train(launcher, 2, contest)
    #expect(failed.code == 65, "\(failed.errors)")
    #expect(failed.complaints.count == 1, "\(failed.errors)")
    #expect(failed.complaints.first?.contains("rank 1 on ") == true, "\(failed.errors)")
    #expect(failed.complaints.first?.contains(record) == true, "\(failed.errors)")
    #expect(try ranks().isEmpty)
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `what cannot be written is said once, and so is the version`(launcher: Launcher) throws {
    try trainBoth()
    try folder.write(Array("mine".utf8), to: "mine.csv")
    let refused = try train(
      launcher, 3, ["evaluate", "runs/a", "--predictions", "mine.csv"])
    expect(refused, code: 73, "mine.csv: exists, and is not as Marbles wrote it")
    let version = try train(launcher, 3, ["--version"])
    #expect(version.code == 0 && version.output.split(separator: "\n").count == 1, "\(version)")
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `a launcher that waits is ended`(launcher: Launcher) throws {
    let words = launcher.words(2)
    let script = try folder.write(
      Array("#!/bin/sh\n\"$@\"\nexec sleep 300\n".utf8), to: "mpirun-waits")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
    let process = try Tool.start(
      Self.choices + ["--epochs", "5000", "--out", "stuck"], in: folder,
      launcher: [script] + words)
    try wait(for: 4, rowsOf: "stuck/run/metrics.csv", process)
    let start = ContinuousClock.now
    kill(try #require(try ranks().last), SIGSTOP)
    let stuck = try Tool.outcome(of: process, in: folder)
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect(stuck.code == 128 + SIGKILL, "\(stuck.errors)")
    #expect(stuck.complaints.count == 1 && stuck.errors.contains("error: rank 1 on "))
    #expect(try ranks().isEmpty)
  }
}
