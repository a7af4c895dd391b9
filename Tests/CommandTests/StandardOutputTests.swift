import Foundation
import TestSupport
import Testing

/// What is printed arrives, or the exit code says that it did not.
@Suite struct StandardOutputTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Runs the tool in a shell, with a redirection or a pipe behind it.
  func shell(_ arguments: [String], _ rest: String) throws -> Tool.Outcome {
    let quoted = ([Tool.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", "set -o pipefail; \(quoted) \(rest)"]
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.standardOutput = try FileHandle(
      forWritingTo: URL(filePath: folder.write([], to: ".out")))
    process.standardError = try FileHandle(
      forWritingTo: URL(filePath: folder.write([], to: ".err")))
    try process.run()
    return try Tool.outcome(of: process, in: folder)
  }

  @Test func `no command ends with 0 when standard output is full or closed`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let commands = [
      ["evaluate", "runs/a"], ["evaluate", "runs/a", "--json"],
      ["evaluate", "runs/a", "--predictions", "-"],
      ["predict", "runs/a", Tool.sketches], ["predict", "runs/a", Tool.sketches, "--csv"],
      ["inspect", "runs/a"], ["data", "scan", Tool.sketches], ["models"], ["layers"],
      ["roll", "bowl", "--csv", "-"], ["plot", "runs/a"], ["--help"], ["train", "--help"],
      ["--version"], ["--generate-completion-script", "bash"],
      ["train", Tool.sketches, "--epochs", "1"] + Tool.tiny,
    ]
    for command in commands {
      for target in ["> /dev/full", ">&-"] {
        let outcome = try shell(command, target)
        #expect(outcome.code == 73, "\(command) \(target): \(outcome.errors)")
        #expect(outcome.complaints.count == 1, "\(command)")
        #expect(outcome.errors.contains("standard output: cannot write"), "\(command)")
      }
    }
  }

  @Test func `a run whose result cannot be printed is finished all the same`() throws {
    let command = ["train", Tool.sketches, "--name", "a", "--epochs", "1"] + Tool.tiny
    #expect(try shell(command, "> /dev/full").code == 73)
    #expect(
      try Tool.json(Tool.run(["inspect", "runs/a", "--json"], in: folder))["status"]
        as? String == "finished")
  }

  @Test func `a reader that has seen enough ends a command as its signal does`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let files = (0..<400).map { _ in "\(Tool.sketches)/cat" }
    let command = ["predict", "runs/a"] + files + ["--csv"]
    for before in ["", "trap '' PIPE; "] {
      let quoted = ([Tool.path] + command).map { "'\($0)'" }.joined(separator: " ")
      let outcome = try shell(["--version"], "> /dev/null; \(before)\(quoted) | head -n 1")
      #expect(outcome.code == 128 + SIGPIPE, "\(outcome.code) \(outcome.errors)")
      #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    }
  }

  @Test func `a closed stream is not written into the file that is opened next`() throws {
    let outcome = try shell(["roll", "saddle", "--csv", "a.csv"], ">&- 2>&- <&-")
    #expect(outcome.code == 73)
    let lines = String(decoding: try folder.read("a.csv"), as: UTF8.self).split(separator: "\n")
    #expect(lines.first == "marble,optimizer,learning_rate,step,x,y,height,slope")
    #expect(lines.allSatisfy { $0.split(separator: ",").count == 8 })
  }

  @Test func `a limit on the size of files is an error, not a signal`() throws {
    let outcome = try shell(["--version"], "> /dev/null; ulimit -f 1; '\(Tool.path)' layers")
    #expect(outcome.code == 73, "\(outcome.errors)")
  }

  @Test func `a table on standard output stays alone there`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let rolled = try Tool.run(["roll", "bowl", "--csv", "-"], in: folder)
    #expect(rolled.code == 0)
    #expect(rolled.output.hasPrefix("marble,optimizer"))
    #expect(rolled.output.split(separator: "\n").allSatisfy { $0.contains(",") })
    #expect(rolled.errors.contains("minimum"))
    let evaluated = try Tool.run(["evaluate", "runs/a", "--predictions", "-"], in: folder)
    #expect(evaluated.output.hasPrefix("path,class,prediction"))
    #expect(evaluated.output.split(separator: "\n").allSatisfy { $0.contains(",") })
    let split = try Tool.json(Tool.run(["data", "split", Tool.sketches, "--out", "-"], in: folder))
    #expect(split["entries"] != nil)
    #expect(!folder.contents.contains("-"))
    for command in [
      ["roll", "bowl", "--csv", "-", "--json"], ["roll", "bowl", "--out", "-"],
      ["evaluate", "runs/a", "--predictions", "-", "--json"], ["evaluate", "-"],
      ["data", "mean", Tool.sketches, "--out", "-"], ["data", "scan", "-"],
    ] {
      let outcome = try Tool.run(command, in: folder)
      #expect(outcome.code == 64 && outcome.complaints.count == 1, "\(command)")
    }
  }

  @Test func `an image on the input of predict is not taken for names`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let process = "'\(Tool.path)' predict runs/a - < \(Tool.sketches)/cat/cat-0001.jpg"
    let outcome = try shell(["--version"], "> /dev/null; \(process)")
    #expect(outcome.code == 65 && outcome.complaints.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("standard input: holds no file names"))
  }
}
