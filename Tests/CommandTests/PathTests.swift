import Foundation
import TestSupport
import Testing

/// One reading of a path everywhere, and images that are found again.
@Suite struct PathTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["desk", "elsewhere"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
    }
    try FileManager.default.copyItem(
      atPath: Tool.sketches, toPath: "\(folder.path)/desk/photos")
  }

  /// Runs the tool in a folder below, with the temporary folder as home.
  func run(
    _ arguments: [String], in place: String = "desk", input: String = "/dev/null"
  ) throws -> Tool.Outcome {
    let process = Process()
    process.executableURL = URL(filePath: Tool.path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: "\(folder.path)/\(place)")
    process.environment = ProcessInfo.processInfo.environment.merging(["HOME": folder.path]) { $1 }
    process.standardOutput = try FileHandle(
      forWritingTo: URL(filePath: folder.write([], to: ".out")))
    process.standardError = try FileHandle(
      forWritingTo: URL(filePath: folder.write([], to: ".err")))
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: input))
    try process.run()
    return try Tool.outcome(of: process, in: folder)
  }

  let short = ["--epochs", "1"] + Tool.tiny

  @Test func `a tilde is the home folder in every option and argument`() throws {
    let trained = try run(["train", "~/desk/photos", "--out=~/runs", "--name", "a"] + short)
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(folder.contents.contains("runs/a/run.json"))
    for command in [
      ["inspect", "~/runs/a"], ["evaluate", "~/runs/a", "--predictions=~/all.csv"],
      ["predict", "~/runs/a", "~/desk/photos/cat"], ["plot", "~/runs/a", "--out=~/figures"],
      ["train", "--resume=~/runs/a", "--epochs", "2"],
      ["data", "split", "~/desk/photos", "--out=~/split.json"],
      ["train", "photos", "--split-file=~/split.json", "--out=~/runs", "--name", "b"] + short,
      ["roll", "bowl", "--csv=~/roll.csv"],
      ["train", "photos", "--cache", "disk", "--cache-folder=~/cache", "--name", "c"] + short,
    ] {
      let outcome = try run(command)
      #expect(outcome.code == 0, "\(command): \(outcome.errors)")
    }
    let found = folder.contents
    for name in ["all.csv", "figures/loss.png", "split.json", "runs/b", "roll.csv", "cache"] {
      #expect(found.contains(name), "no \(name)")
    }
    #expect(!found.contains { $0.hasPrefix("desk/~") })
  }

  @Test func `a tilde is the home folder in a list on standard input`() throws {
    #expect(try run(["train", "photos", "--name", "a"] + short).code == 0)
    let list = try folder.write(Array("~/desk/photos/cat/cat-0001.jpg\n".utf8), to: "list")
    let outcome = try run(["predict", "runs/a", "-"], input: list)
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test func `a name that begins with a tilde and is no one's home is a name`() throws {
    #expect(try run(["roll", "bowl", "--csv", "./~a.csv"]).code == 0)
    #expect(try run(["roll", "bowl", "--csv", "~nobody-here.csv"]).code == 0)
    #expect(folder.contents.contains("desk/~a.csv"))
    #expect(folder.contents.contains("desk/~nobody-here.csv"))
  }

  @Test func `an empty path is wrong usage`() throws {
    for command in [["train", ""], ["train", "photos", "--out", ""], ["inspect", ""]] {
      let outcome = try run(command)
      #expect(outcome.code == 64 && outcome.errors.contains("empty"), "\(outcome.errors)")
    }
  }

  @Test func `a run finds its images from any folder`() throws {
    #expect(try run(["train", "photos", "--name", "a"] + short).code == 0)
    for command in [
      ["evaluate", "../desk/runs/a"], ["train", "--resume", "../desk/runs/a", "--epochs", "2"],
    ] {
      let outcome = try run(command, in: "elsewhere")
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
  }

  @Test func `a list names its images from any folder too`() throws {
    let list = folder.contents.filter { $0.hasPrefix("desk/photos/") && $0.contains("-") }
      .map { "\($0.dropFirst(5)),\($0.dropFirst(12).prefix(3))\n" }.joined()
    try folder.write(Array("path,label\n\(list)".utf8), to: "desk/list.csv")
    #expect(try run(["train", "list.csv", "--name", "a"] + short).code == 0)
    let outcome = try run(["evaluate", "../desk/runs/a"], in: "elsewhere")
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test func `images that were moved are named with --data, and remembered by the run`() throws {
    #expect(try run(["train", "photos", "--name", "a"] + short).code == 0)
    try FileManager.default.moveItem(
      atPath: "\(folder.path)/desk/photos", toPath: "\(folder.path)/elsewhere/images")
    for command in [["evaluate", "runs/a"], ["train", "--resume", "runs/a", "--epochs", "2"]] {
      let missing = try run(command)
      #expect(missing.code == 66 && missing.complaints.count == 1, "\(missing.errors)")
      #expect(missing.errors.contains("--data"))
      let moved = try run(command + ["--data", "../elsewhere/images"])
      #expect(moved.code == 0, "\(moved.errors)")
    }
    #expect(try run(["evaluate", "../desk/runs/a"], in: "elsewhere").code == 0)
  }

  @Test func `--data is refused where it says nothing`() throws {
    #expect(try run(["train", "photos", "--name", "a"] + short).code == 0)
    for command in [
      ["train", "photos", "--data", "photos"],
      ["evaluate", "runs/a", "photos", "--data", "photos"],
    ] {
      let outcome = try run(command)
      #expect(outcome.code == 64 && outcome.errors.contains("--data"), "\(outcome.errors)")
    }
  }

  @Test func `other images under the same name are not the run's`() throws {
    #expect(try run(["train", "photos", "--name", "a"] + short).code == 0)
    try FileManager.default.removeItem(atPath: "\(folder.path)/desk/photos/cat/cat-0001.jpg")
    let outcome = try run(["train", "--resume", "runs/a", "--epochs", "2", "--data", "photos"])
    #expect(outcome.code == 65, "\(outcome.errors)")
  }
}
