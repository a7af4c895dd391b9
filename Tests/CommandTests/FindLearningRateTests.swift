import Foundation
import ImageLoading
import Support
import TestSupport
import Testing
import Training

@Suite struct FindLearningRateTests {
  let folder: TemporaryFolder
  let stripes = "stripes"

  /// Draws images that the tiny network learns: lying and standing stripes in noise.
  init() throws {
    folder = try TemporaryFolder()
    var noise = UInt32(1)
    for index in 0..<100 {
      let isLying = index.isMultiple(of: 2)
      var bytes: [UInt8] = []
      for place in 0..<256 {
        let isDark = ((isLying ? place / 16 : place % 16) + index / 2 % 4) / 2 % 2 == 0
        for _ in 0..<3 {
          noise = noise &* 1_664_525 &+ 1_013_904_223
          bytes.append((isDark ? 60 : 160) + UInt8(noise >> 24) / 7)
        }
      }
      try folder.write(
        ImageEncoder.png(PixelBuffer(width: 16, height: 16, bytes: bytes), level: 1),
        to: "\(stripes)/\(isLying ? "lying" : "standing")/\(index).png")
    }
  }

  private func find(_ options: String...) throws -> Tool.Outcome {
    try Tool.run(["find-learning-rate", stripes] + Tool.tiny + options, in: folder)
  }

  private func rate(_ outcome: Tool.Outcome) throws -> String {
    String(try #require(outcome.output.firstMatch(of: /rate   (\S+) \(valley/)?.1))
  }

  @Test func `a rate is suggested, with its figure and its table`() throws {
    let outcome = try find("--steps", "60", "--out", "curve.svg")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let rate = try rate(outcome)
    #expect(outcome.output.contains("steepest fall at "))
    #expect(outcome.output.hasSuffix("curve.svg\ncurve.csv\n"))
    #expect(
      outcome.errors.hasSuffix(
        "next   marbles train \((["stripes"] + Tool.tiny).map(quoted).joined(separator: " ")) "
          + "--learning-rate \(rate)\n"))
    let table = String(decoding: try folder.read("curve.csv"), as: UTF8.self)
      .split(separator: "\n")
    #expect(table.first == "step,learning_rate,loss,smoothed_loss")
    #expect(table.count > 20 && table.count <= 61)
    let figure = String(decoding: try folder.read("curve.svg"), as: UTF8.self)
    #expect(figure.contains("<title>Learning rate range test</title>"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/runs"))
  }

  @Test func `the next command takes what was given, but not what is for the test`() throws {
    let outcome = try find(
      "--steps=60", "--from", "1e-4", "--optimizer", "momentum:nesterov=true", "--seed", "2",
      "--theme=print", "--out", "a b.png", "--overwrite", "--augmentation=none", "--to", "10",
      "--strict")
    let command = try #require(outcome.errors.split(separator: "\n").last)
    #expect(
      command.hasSuffix(
        " --optimizer 'momentum:nesterov=true' --seed 2 '--augmentation=none' --strict "
          + "--learning-rate \(try rate(outcome))"), "\(outcome.errors)")
    #expect(!command.contains("a b") && !command.contains("--to") && !command.contains("60"))
  }

  /// A word as a shell takes it.
  private func quoted(_ word: String) -> String { word.contains(" ") ? "'\(word)'" : word }

  @Test func `the same seed suggests the same rate, whatever the number of threads`() throws {
    let outputs = try ["1", "2"].map { try find("--steps", "60", "--threads", $0).output }
    #expect(outputs[0] == outputs[1])
  }

  @Test func `a report for programs is one object`() throws {
    let report = try Tool.json(find("--steps", "60", "--json", "--quiet"))
    #expect(report["learning_rate"] as? Double == report["valley"] as? Double)
    #expect(report["method"] as? String == "valley" && report["steps"] as? Int == 60)
    #expect(report["figures"] as? [String] == ["learning-rate.png", "learning-rate.csv"])
  }

  @Test func `a curve without a shape suggests nothing, and is drawn all the same`() throws {
    let options = ["--from", "1e-12", "--to", "1e-10", "--steps", "20", "--out", "flat.png"]
    let outcome = try Tool.run(
      ["find-learning-rate", stripes] + Tool.tiny + options, in: folder)
    expect(
      Tool.Outcome(code: outcome.code, output: "", errors: outcome.errors), code: 1,
      "no learning rate can be suggested", "--from, --to")
    #expect(outcome.output == "flat.png\nflat.csv\n")
    let report = try Tool.run(
      ["find-learning-rate", stripes, "--json"] + Tool.tiny + options, in: folder)
    let object = try Tool.json(report)
    #expect(report.code == 1 && object["learning_rate"] == nil && object["reason"] != nil)
  }

  @Test(arguments: [
    (["--optimizer", "rprop"], "rprop uses the learning rate of its first step only"),
    (["--optimizer", "newton"], "'newton' is for surfaces only"),
    (["--optimizer", "adam:rate=0.1"], "leave it out"), (["--steps", "5"], "expected 20 to"),
    (["--from", "1", "--to", "0.1"], "at least 10 times --from"), (["--from", "-1"], "--from"),
    (["--learning-rate", "0.1"], "--learning-rate"), (["--epochs", "3"], "--epochs"),
    (["--out", "stripes/curve.png"], "lies among the images"),
    (["--out", "c.txt"], ".svg or .pdf"),
  ])
  func `what has no meaning for the test is wrong usage`(options: [String], word: String) throws {
    expect(
      try Tool.run(["find-learning-rate", stripes] + Tool.tiny + options, in: folder), code: 64,
      word)
  }

  @Test func `a table of the user's is not replaced`() throws {
    try folder.write([1, 2], to: "learning-rate.csv")
    expect(try find("--steps", "20"), code: 73, "learning-rate.csv", "--overwrite")
  }

  // MARK: train --learning-rate auto

  private func train(
    _ name: String, _ rate: String, _ options: [String] = []
  ) throws
    -> Tool.Outcome
  {
    try Tool.run(
      ["train", stripes, "--name", name, "--epochs", "2", "--learning-rate", rate] + Tool.tiny
        + options, in: folder)
  }

  @Test func `a run with the rate that was found is the run with that rate`() throws {
    let found = try train("a", "auto")
    #expect(found.code == 0, "\(found.errors)")
    let match = try #require(
      found.errors.firstMatch(of: /learning rate (\S+) \(valley of 200 steps from 1e-05 to 10\)/))
    #expect(try train("b", String(match.1)).code == 0)
    let runs = try ["a", "b"].map {
      try RunRecord(contentsOf: RunDirectory(path: "\(folder.path)/runs/\($0)"))
    }
    #expect(runs[0].configuration.learningRate == runs[1].configuration.learningRate)
    #expect(runs[0].configuration.learningRateTest?.steps == 200)
    #expect(runs[1].configuration.learningRateTest == nil)
    #expect(try Tool.metrics("runs/a", in: folder) == Tool.metrics("runs/b", in: folder))
    #expect(try folder.read("runs/a/steps.csv") == folder.read("runs/b/steps.csv"))
    let resumed = try Tool.run(["train", "--resume", "runs/a", "--epochs", "3"], in: folder)
    #expect(resumed.code == 0 && !resumed.errors.contains("learning rate"))
    let record = try RunRecord(contentsOf: RunDirectory(path: "\(folder.path)/runs/a"))
    #expect(record.configuration.learningRate == runs[0].configuration.learningRate)
    #expect(record.configuration.learningRateTest == runs[0].configuration.learningRateTest)
  }

  @Test func `where no rate can be suggested, no run begins`() throws {
    // No parameter of the network can change what the loss is.
    let outcome = try train("a", "auto", ["--objective", "expr:0*p + 0.5"])
    expect(outcome, code: 65, "--learning-rate auto: no learning rate can be suggested", "number")
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/runs"))
  }

  @Test func `a rate that cannot be found automatically is wrong usage`() throws {
    expect(
      try train("a", "auto", ["--optimizer", "rprop"]), code: 64, "first step only")
    expect(
      try train("a", "auto", ["--optimizer", "adam:rate=0.1"]), code: 64, "given twice")
    expect(
      try train("a", "otto"), code: 64, "--learning-rate", "expected a number above 0, or auto")
  }
}
