import Foundation
import TestSupport
import Testing

/// Models that come with Marbles are called by their names.
@Suite struct ShippedModelTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a name that no model has is answered with those that there are`() throws {
    let outcome = try Tool.run(["predict", "cats-and-fish", Tool.sketches], in: folder)
    #expect(outcome.code == 66)
    #expect(
      outcome.errors.contains("no such file, run or model (cats-and-dogs, "),
      "\(outcome.errors)")
  }

  @Test(arguments: ["cats-and-dogs", "cats-and-dogs-quick"])
  func `a model is found by its name, and is the one its card describes`(name: String) throws {
    let outcome = try Tool.run(["predict", name, Tool.sketches, "--json"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try Tool.json(outcome)
    #expect(report["classes"] as? [String] == ["cat", "dog"])
    let file = try #require(report["checkpoint"] as? String)
    #expect(try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0 < 8_000_000)
    let card = try String(
      contentsOfFile: file.replacing(".safetensors", with: ".md"), encoding: .utf8)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.arguments = [file]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let hash = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      .prefix(64)
    #expect(card.contains("`\(hash.prefix(32))` `\(hash.suffix(32))`"), "\(hash)")
  }

  @Test func `a file of the same name comes first`() throws {
    try folder.write(Array("none".utf8), to: "cats-and-dogs")
    let outcome = try Tool.run(["predict", "cats-and-dogs", Tool.sketches], in: folder)
    expect(outcome, code: 65, "cats-and-dogs: ")
  }

  @Test func `a name that no model has is refused`() throws {
    let outcome = try Tool.run(["predict", "cats-and-cows", Tool.sketches], in: folder)
    expect(outcome, code: 66, "cats-and-cows")
  }

  @Test func `a model is inspected, and is where training may begin`() throws {
    let inspected = try Tool.run(["inspect", "cats-and-dogs"], in: folder)
    #expect(inspected.code == 0 && inspected.output.contains("160×160×3"), "\(inspected.errors)")
    let outcome = try Tool.run(
      ["train", Tool.sketches, "--initial-weights", "cats-and-dogs-quick", "--epochs", "1"],
      in: folder)
    #expect(outcome.code == 0 && outcome.errors.contains("tabby at 128×128"), "\(outcome.errors)")
  }
}
