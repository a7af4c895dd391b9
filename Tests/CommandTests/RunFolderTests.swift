import Foundation
import TestSupport
import Testing

/// What is a run's and what is the user's around it.
@Suite struct RunFolderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func link(_ name: String, to target: String) throws {
    let path = "\(folder.path)/\(name)"
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  private func resume(_ more: String...) throws -> Tool.Outcome {
    try Tool.run(["train", "--resume", "runs/a"] + more, in: folder)
  }

  @Test func `a link in the place of a folder of a run is not written through`() throws {
    for part in ["plots", "checkpoints"] {
      try Tool.train("a", ["--schedule", "constant"], epochs: 1, in: folder)
      let mine = try folder.write(Array("mine".utf8), to: "mine/loss.png")
      try FileManager.default.copyItem(
        atPath: "\(folder.path)/runs/a/checkpoints/last.state.safetensors",
        toPath: "\(folder.path)/mine/last.state.safetensors")
      for name in ["best", "last"] {
        try FileManager.default.copyItem(
          atPath: "\(folder.path)/runs/a/checkpoints/\(name).safetensors",
          toPath: "\(folder.path)/mine/\(name).safetensors")
      }
      try link("runs/a/\(part)", to: "../../mine")
      for outcome in [try resume("--epochs", "2"), try Tool.run(["plot", "runs/a"], in: folder)] {
        expect(outcome, code: 73, "runs/a/\(part)", "a link in the place of a folder")
      }
      #expect(try String(contentsOfFile: mine, encoding: .utf8) == "mine")
      try FileManager.default.removeItem(atPath: "\(folder.path)/runs")
      try FileManager.default.removeItem(atPath: "\(folder.path)/mine")
    }
  }

  @Test func `figures of a run are Marbles' own`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    for _ in 1...2 {
      let drawn = try Tool.run(["plot", "runs/a", "--out", "runs/a/plots"], in: folder)
      #expect(drawn.code == 0, "\(drawn.errors)")
    }
    try folder.write(Array("mine".utf8), to: "runs/a/plots/loss.png")
    expect(
      try Tool.run(["plot", "runs/a", "--out", "runs/a/plots"], in: folder), code: 73, "--overwrite"
    )
  }

  @Test func `a snapshot of hard links is not added to`() throws {
    try Tool.train("a", ["--schedule", "constant"], epochs: 1, in: folder)
    let events = "\(folder.path)/events.jsonl"
    try FileManager.default.linkItem(atPath: "\(folder.path)/runs/a/events.jsonl", toPath: events)
    let before = try folder.read("events.jsonl")
    #expect(try resume("--epochs", "2").code == 0)
    #expect(try folder.read("events.jsonl") == before)
  }

  @Test func `latest is left alone where it leads to no run`() throws {
    try folder.write([], to: "runs/keep/file")
    try link("runs/latest", to: "keep")
    try Tool.train("a", epochs: 1, in: folder)
    let latest = "\(folder.path)/runs/latest"
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: latest) == "keep")
    try FileManager.default.removeItem(atPath: latest)
    for name in ["b", "c"] {
      try Tool.train(name, epochs: 1, in: folder)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: latest) == name)
    }
  }

  @Test func `a resume that is refused leaves the figures`() throws {
    try Tool.train("a", ["--schedule", "constant"], epochs: 2, in: folder)
    try folder.write(Array("a figure".utf8), to: "runs/a/plots/loss.png")
    let rows = String(decoding: try folder.read("runs/a/metrics.csv"), as: UTF8.self)
      .split(separator: "\n")
    try folder.write(
      Array((rows[0...1] + rows[3...]).joined(separator: "\n").utf8), to: "runs/a/metrics.csv")
    expect(try resume("--epochs", "3"), code: 65, "the row of epoch 1 is missing")
    #expect(try folder.read("runs/a/plots/loss.png") == Array("a figure".utf8))
  }

  @Test(arguments: [
    ("split.json", 66, "put the run's own file back"),
    ("steps.csv", 65, "the row of step 1 is missing"),
  ])
  func `a file that a run lost is named`(file: String, code: Int, words: String) throws {
    try Tool.train("a", ["--schedule", "constant"], epochs: 1, in: folder)
    try FileManager.default.removeItem(atPath: "\(folder.path)/runs/a/\(file)")
    expect(try resume("--epochs", "2"), code: Int32(code), "runs/a/\(file)", words)
  }

  @Test func `a best network that is gone is named, unless it is the last one`() throws {
    try Tool.train("a", ["--schedule", "constant"], epochs: 1, in: folder)
    for name in ["best", "last"] {
      try FileManager.default.removeItem(
        atPath: "\(folder.path)/runs/a/checkpoints/\(name).safetensors")
    }
    expect(
      try resume("--epochs", "2"), code: 65, "best.safetensors", "put the run's own file back")
  }

  @Test func `another split is not taken for changed images`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let split = try Tool.run(
      ["data", "split", Tool.sketches, "--seed", "5", "--out", "s.json"], in: folder)
    #expect(split.code == 0)
    try folder.write(try folder.read("s.json"), to: "runs/a/split.json")
    expect(
      try resume("--epochs", "2"), code: 65, "not the split that the run was trained with")
  }

  @Test func `what is left of a run that never began can be removed, and that is said`() throws {
    try folder.write([], to: "runs/a/checkpoints/x")
    expect(
      try Tool.train("a", epochs: 1, in: folder), code: 73, "or remove it",
      "stopped before it began")
    expect(try resume(), code: 66, "remove it and start a new one")
  }
}
