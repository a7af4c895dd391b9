import Foundation
import TestSupport
import Testing

/// An output that a person has named may be a pipe of the shell, but not one in a folder.
@Suite struct PipeOutputTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(.timeLimit(.minutes(2)))
  func `a pipe as an output is refused, not waited for`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    unsafe #expect(mkfifo("\(folder.path)/pipe", 0o644) == 0)
    let commands = [
      ["evaluate", "runs/a", "--predictions", "pipe"],
      ["evaluate", "runs/a", "--confusion", "pipe"],
      ["data", "mean", Tool.sketches, "--out", "pipe"],
      ["data", "split", Tool.sketches, "--out", "pipe"],
      ["roll", "bowl", "--csv", "pipe"], ["objective", "plot", "mse", "--out", "pipe"],
    ]
    for command in commands {
      expect(try Tool.run(command, in: folder), code: 73, "pipe: is a pipe")
    }
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/plots", withIntermediateDirectories: true)
    unsafe #expect(mkfifo("\(folder.path)/plots/loss.png", 0o644) == 0)
    expect(
      try Tool.run(["plot", "runs/a", "--out", "plots"], in: folder), code: 73,
      "loss.png: is a pipe")
  }

  @Test func `an output may be a pipe of the shell or a stream of the tool`() throws {
    for target in [">(cat > table.csv)", "/dev/stdout | cat > table.csv"] {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/bash")
      process.arguments = ["-c", "\"$0\" roll bowl --quiet --csv \(target); wait", Tool.path]
      process.currentDirectoryURL = URL(filePath: folder.path)
      try process.run()
      process.waitUntilExit()
      // What the shell started may end a little later.
      let deadline = ContinuousClock.now + .seconds(10)
      while (try? folder.read("table.csv"))?.isEmpty ?? true, .now < deadline { usleep(10_000) }
      let table = String(decoding: try folder.read("table.csv"), as: UTF8.self)
      #expect(table.contains("optimizer,"), "\(target): \(table.prefix(200))")
      try FileManager.default.removeItem(atPath: "\(folder.path)/table.csv")
    }
  }
}
