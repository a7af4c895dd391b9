import Foundation
import TestSupport
import Testing

/// What `report` refuses.
@Suite struct ReportRefusalTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Tool.train("a", ["--test-split", "0.4"], in: folder)
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try folder.read(path), as: UTF8.self)
  }

  @Test func `what no report can be of is refused`() throws {
    try folder.write([1], to: "other/file")
    expect(try Tool.run(["report", "nowhere"], in: folder), code: 66, "nowhere", "no such run")
    expect(try Tool.run(["report", "runs"], in: folder), code: 66, "holds", "runs/latest")
    expect(
      try Tool.run(["report", "other"], in: folder), code: 66, "other", "evaluation or comparison")
    expect(
      try Tool.run(["report", "runs/a", "runs/latest", "--out", "x.html"], in: folder), code: 64,
      "the same run")
    expect(try Tool.run(["report", "runs/a", "runs/a"], in: folder), code: 64, "--out <file.html>")
    expect(
      try Tool.run(["report", "runs/a", "--theme", "pink"], in: folder), code: 64, "--theme")
  }

  @Test func `a file that is no page, no place or not Marbles' own is not written`() throws {
    func refuse(_ out: String, _ code: Int32, _ words: String...) throws {
      expect(
        try Tool.run(["report", "runs/a", "--out", out], in: folder), code: code, words)
    }
    try refuse("a.txt", 64, "--out", ".html")
    try refuse("nowhere/a.html", 73, "nowhere")
    try refuse("runs/a/run.json", 64, ".html")
    try refuse("\(Tool.sketches)/a.html", 64, "among the images")
    try folder.write(Array("mine".utf8), to: "mine.html")
    try refuse("mine.html", 73, "--overwrite")
    #expect(try text("mine.html") == "mine")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/runs/a/report.html", withDestinationPath: "../../mine.html")
    expect(try Tool.run(["report", "runs/a"], in: folder), code: 73, "is a link")
    #expect(try text("mine.html") == "mine")
  }

  @Test(
    .timeLimit(.minutes(2)),
    arguments: [
      "run.json", "metrics.csv", "steps.csv", "layers.csv", "data-report.json",
      "checkpoints/best.safetensors", "checkpoints", "evaluation/metrics.json",
      "evaluation/predictions.csv", "evaluation",
    ])
  func `what a report reads is neither a link nor a pipe`(name: String) throws {
    let evaluated = try Tool.run(["evaluate", "runs/a"], in: folder)
    #expect(evaluated.code == 0, "\(evaluated.errors)")
    let (path, manager) = ("\(folder.path)/runs/a/\(name)", FileManager.default)
    try manager.moveItem(atPath: path, toPath: "\(folder.path)/elsewhere")
    try manager.createSymbolicLink(atPath: path, withDestinationPath: "\(folder.path)/elsewhere")
    expect(try Tool.run(["report", "runs/a"], in: folder), code: 66, "runs/a/\(name)", "link")
    guard name.contains(".") else { return }
    try manager.removeItem(atPath: path)
    unsafe #expect(mkfifo(path, 0o644) == 0)
    expect(
      try Tool.run(["report", "runs/a"], in: folder), code: 66, "runs/a/\(name)",
      "not a plain file")
    try manager.removeItem(atPath: path)
    // Zeros that take no room on the disk.
    try folder.write([], to: "runs/a/\(name)")
    try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: 3 << 30)
    let huge = try Tool.run(["report", "runs/a"], in: folder)
    #expect(huge.complaints.count == 1 && huge.errors.contains(name), "\(huge.errors)")
    #expect([65, 66].contains(huge.code) && huge.output.isEmpty)
  }

  @Test func `an evaluation whose files do not belong together is refused`() throws {
    let outcome = try Tool.run(["evaluate", "runs/a", "--out", "e"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let (metrics, table) = (try folder.read("e/metrics.json"), try text("e/predictions.csv"))
    func refuse(_ table: String, _ words: String...) throws {
      try folder.write(Array(table.utf8), to: "e/predictions.csv")
      expect(try Tool.run(["report", "e"], in: folder), code: 65, ["e/predictions.csv"] + words)
    }
    let lines = table.split(separator: "\n").map(String.init)
    try refuse(String(table.dropLast(3)), "ends within a line")
    try refuse("", "is empty")
    try refuse(lines.dropLast().joined(separator: "\n") + "\n", "expected")
    try refuse(table.replacing("logit_cat", with: "logit_cow"), "logit_cat")
    try refuse(table.replacing(",cat,", with: ",cow,"), "cow")
    try refuse(lines.joined(separator: ",\n") + "\n", "fields")
    try folder.write(Array(table.utf8), to: "e/predictions.csv")
    try folder.write(metrics.dropLast(9), to: "e/metrics.json")
    expect(try Tool.run(["report", "e"], in: folder), code: 65, "metrics.json", "measure again")
    try folder.write(metrics, to: "e/metrics.json")
    try FileManager.default.removeItem(atPath: "\(folder.path)/e/predictions.csv")
    expect(try Tool.run(["report", "e"], in: folder), code: 66, "e/predictions.csv", "missing")
  }
}
