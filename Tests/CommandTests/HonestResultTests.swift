import Foundation
import TestSupport
import Testing
import Training

/// Results that would mislead are not printed without a word.
@Suite struct HonestResultTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func copy(_ animals: ClosedRange<Int>, to part: String) throws {
    for animal in ["cat", "dog"] {
      for number in animals {
        let file = "\(animal)/\(animal)-000\(number).jpg"
        let bytes = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(file)"))
        try folder.write(Array(bytes), to: "data/\(part)/\(file)")
      }
    }
  }

  @Test func `test images that are trained on too are warned of`() throws {
    try copy(1...8, to: "train")
    try copy(7...9, to: "test")
    let trained = try Tool.run(
      ["train", "data", "--name", "a", "--epochs", "1", "--validation-split", "0"] + Tool.tiny,
      in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(
      trained.errors.contains("4 of 6 test images are copies of some to train on"),
      "\(trained.errors)")
    let report = try Tool.json(Tool.run(["evaluate", "runs/a", "--json"], in: folder))
    #expect(report["trained_on"] as? Int == 4)
    #expect(try Tool.run(["evaluate", "runs/a"], in: folder).errors.contains("trained on 4"))
  }

  @Test func `what a checkpoint without its run was trained on is not known`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let best = try folder.read("runs/a/checkpoints/best.safetensors")
    try folder.write(Array(best), to: "loose.safetensors")
    let report = try Tool.json(
      Tool.run(["evaluate", "loose.safetensors", Tool.sketches, "--json"], in: folder))
    #expect(report["count"] as? Int == 24)
    #expect(report["trained_on"] == nil)
  }

  @Test func `a network that answers with no numbers is refused`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let path = "\(folder.path)/runs/a/checkpoints/best.safetensors"
    var checkpoint = try Checkpoint(contentsOf: path)
    for index in checkpoint.parameters.scalars.indices {
      checkpoint.parameters.scalars[index] = .greatestFiniteMagnitude
    }
    try checkpoint.write(to: "\(folder.path)/wild.safetensors")
    for words in [["predict", "wild.safetensors"], ["evaluate", "wild.safetensors"]] {
      let outcome = try Tool.run(words + [Tool.sketches], in: folder)
      #expect(outcome.code == 65)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("answers are not numbers"), "\(outcome.errors)")
    }
  }
}
