import Foundation
import TestSupport
import Testing

/// What is printed for people fits a terminal of 80 columns.
@Suite struct ConsoleWidthTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func isNarrow(_ text: String) -> Bool {
    text.split(separator: "\n").allSatisfy { $0.count <= 80 }
  }

  @Test func `training begins with a few short lines, however many choices differ`() throws {
    let choices = [
      "--mixup", "0.2", "--cutmix", "1", "--label-smoothing", "0.1", "--optimizer",
      "rmsprop:momentum=0.9,ema=0.99", "--schedule", "step:every=0.25",
    ]
    let outcome = try Tool.train("r", choices, epochs: 1, in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(isNarrow(outcome.output) && isNarrow(outcome.errors), "\(outcome.errors)")
    let lines = outcome.errors.split(separator: "\n")
    let begin = lines.drop { !$0.hasPrefix("model") }.prefix(4).map(String.init)
    #expect(
      begin.prefix(3) == [
        "model  own at 16×16 · 7 layers · 130 parameters",
        "images augmentation light, mixup 0.2, cutmix 1",
        "loss   cross-entropy, label smoothing 0.1",
      ])
    #expect(begin.last?.hasPrefix("steps  rmsprop:") == true)
    let inspected = try Tool.run(["inspect", "runs/r"], in: folder).output
    #expect(inspected.contains(", augmentation light, mixup 0.2, cutmix 1\n"))
    #expect(inspected.contains("objective   cross-entropy, label smoothing 0.1\n"))
  }

  @Test func `what is inspected fits, also names and paths without a blank`() throws {
    let name = String(repeating: "a-very-long-name-", count: 8)
    let bytes = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/cat/cat-0001.jpg"))
    for (label, count) in [(name, 3), ("dog", 3)] {
      for number in 0..<count {
        try folder.write(Array(bytes) + [UInt8(number)], to: "d/\(label)/\(number).jpg")
      }
    }
    let nested =
      "conv 4, residual (residual (conv 4, residual (conv 4 3x3 stride 1))), "
      + "global-pool, flatten, dense"
    let trained = try Tool.run(
      [
        "train", "d", "--name", name, "--architecture", nested, "--image-size", "16", "--epochs",
        "1", "--validation-split", "0", "--test-split", "0",
      ], in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    for path in ["runs/\(name)", "runs/\(name)/checkpoints/last.safetensors"] {
      let output = try Tool.run(["inspect", path], in: folder).output
      #expect(isNarrow(output) && output.contains("a-very-long-name-a"), "\(output)")
    }
  }

  @Test func `an error ends its lines between words on a terminal, and is one line elsewhere`()
    throws
  {
    let words = ["roll", "bowl", "--optimizers", "sgd", "--start", "1,2,3", "--window", "1"]
    let line = try Tool.run(words, in: folder).errors
    #expect(line.count > 60 && line.split(separator: "\n").count == 1, "\(line)")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/script")
    process.currentDirectoryURL = URL(filePath: folder.path)
    let command =
      "stty cols 40 rows 24; NO_COLOR=1 exec '\(Tool.path)' \(words.joined(separator: " "))"
    process.arguments = ["-qec", command, "out"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try folder.read("out"), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).drop { !$0.hasPrefix("error: ") }
      .prefix { !$0.hasPrefix("Script done") }
    #expect(lines.count > 1 && lines.allSatisfy { $0.count <= 40 }, "\(text)")
    let whole = lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    #expect("\(whole)\n" == line)
  }

  @Test func `a run that changes nothing at random does not say so`() throws {
    let outcome = try Tool.train("r", ["--augmentation", "none"], epochs: 1, in: folder)
    #expect(!outcome.errors.contains("\nimages "))
    #expect(try !Tool.run(["inspect", "runs/r"], in: folder).output.contains("augmentation"))
  }

  @Test func `the confusion of six classes fits, column below column`() throws {
    let names = [
      "abyssinian", "bengal cat", "chartreux", "dachshund", "english setter", "foxhound",
    ]
    let sketches = try FileManager.default.subpathsOfDirectory(atPath: Tool.sketches)
      .filter { $0.hasSuffix(".jpg") || $0.hasSuffix(".png") }.sorted()
    for (index, sketch) in sketches.enumerated() {
      let bytes = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(sketch)"))
      let name = "six/\(names[index % 6])/\(index).\(sketch.suffix(3))"
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/six/\(names[index % 6])", withIntermediateDirectories: true)
      try folder.write(Array(bytes), to: name)
    }
    let training = ["train", "six", "--name", "r", "--epochs", "1"] + Tool.tiny
    #expect(try Tool.run(training, in: folder).code == 0)
    let outcome = try Tool.run(["evaluate", "runs/r", "six"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(isNarrow(outcome.output), "\(outcome.output)")
    for name in names + ["precision", "recall"] { #expect(outcome.output.contains(name.prefix(5))) }
    #expect(outcome.output.split(separator: "\n").count { $0.hasPrefix("label ") } == 2)
  }
}
