import Foundation
import TestSupport
import Testing
import Training

/// An option that is given is used or refused, never ignored.
@Suite struct UnusedOptionTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func expectRefused(_ arguments: [String], _ words: String...) throws {
    expect(try Tool.run(arguments, in: folder), code: 64, words)
  }

  @Test(arguments: [
    ["--learning-rate", "0.1"], ["--optimizer=sgd"], ["--limit", "10"], ["--seed=1"],
    ["--model", "kitten"], ["--name", "b"], ["--out", "runs"], ["--strict"],
    ["--objective", "huber"],
    ["--batch-size", "32"], ["--split-file", "s.json"], ["--convolution", "im2col"],
    ["--precision", "bfloat16"],
    ["--validation-split", "0.1"], ["--augmentation", "none"], ["--schedule", "cosine"],
  ])
  func `a choice that a run has made is refused when it is resumed`(option: [String]) throws {
    try expectRefused(
      ["train", "--resume", "runs/a"] + option, String(option[0].prefix { $0 != "=" }),
      "cannot be used with --resume", "--data, --epochs, --patience")
    try expectRefused(["train"] + option + ["--resume=runs/a"], "with --resume")
  }

  @Test func `a parameter that the optimizer does not have is wrong usage`() throws {
    try expectRefused(["train", Tool.sketches, "--nesterov"], "'adam' has no parameter 'nesterov'")
  }

  @Test(arguments: [
    ["--seed", "7"], ["--theme", "print"], ["--overwrite"], ["--csv", "a.csv", "--theme", "print"],
  ])
  func `an option of what a race does not have is wrong usage`(options: [String]) throws {
    try expectRefused(["roll", "bowl"] + options, "cannot be used without")
    try expectRefused(["evaluate", "runs/a", "--overwrite"], "cannot be used without")
  }

  @Test func `all options that cannot be used are named at once`() throws {
    try expectRefused(
      ["train", "--resume", "runs/a", "--limit", "10", "--epochs", "3", "--seed", "2"],
      "--limit, --seed cannot be used")
  }

  @Test func `what may change is used when a run is resumed, and remembered`() throws {
    try Tool.train("a", ["--patience", "1", "--learning-rate", "1e-30"], epochs: 9, in: folder)
    let outcome = try Tool.run(
      [
        "train", "--resume", "runs/a", "--patience", "2", "--epochs", "8", "--threads", "1",
        "--cache", "none", "--quiet", "--json",
      ], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let configuration = try RunRecord(
      contentsOf: RunDirectory(path: "\(folder.path)/runs/a")
    ).configuration
    #expect(configuration.patience == 2 && configuration.epochs == 8)
    #expect(try Tool.metrics("runs/a", in: folder).count == 4)
  }

  @Test func `of two options for one thing, neither is ignored`() throws {
    let train = ["train", Tool.sketches]
    for split in [["--test-split", "0.1"], ["--validation-split=0.2"], ["--limit", "9"]] {
      try expectRefused(
        train + ["--split-file", "s.json"] + split, String(split[0].prefix { $0 != "=" }),
        "with --split-file")
    }
    try expectRefused(
      train + ["--architecture", "flatten, dense", "--model", "kitten"], "--model cannot")
    try expectRefused(train + ["--cache-folder", "c"], "--cache-folder", "--cache disk")
    try expectRefused(
      train + ["--cache", "none", "--cache-limit", "4"], "--cache-limit", "--cache disk")
    try expectRefused(["predict", "a.safetensors", "b.jpg", "--csv", "--json"], "--csv", "--json")
    try expectRefused(["schedules", "--steps", "9"], "--steps", "--plot")
    try expectRefused(
      ["data", "show", Tool.sketches, "--out", "a.png", "--augmentation", "light"], "--augmented")
    #expect(folder.contents.allSatisfy { $0.hasPrefix(".") })
  }

  @Test func `a fraction for a part that the images bring along is refused`() throws {
    func list(_ parts: [String]) throws {
      var list = "path,label,split\n"
      for animal in ["cat", "dog"] {
        for number in 1...9 {
          list +=
            "\(Tool.sketches)/\(animal)/\(animal)-000\(number).jpg,\(animal),"
            + "\(parts[number % parts.count])\n"
        }
      }
      try folder.write(Array(list.utf8), to: "list.csv")
    }
    let train = ["train", "list.csv", "--name", "a", "--epochs", "1"] + Tool.tiny
    try list(["train", "test"])
    for command in [train, ["data", "split", "list.csv", "--out", "s.json"]] {
      try expectRefused(
        command + ["--test-split", "0.1"], "--test-split cannot", "(train, test): leave it out")
    }
    #expect(try Tool.run(train + ["--validation-split=0.2"], in: folder).code == 0)
    let configuration = try RunRecord(
      contentsOf: RunDirectory(path: "\(folder.path)/runs/a")
    ).configuration
    #expect(configuration.validationSplit == 0.2 && configuration.testSplit == 0)
    try list(["train", "val"])
    try expectRefused(
      train + ["--validation-split", "0.1", "--test-split=0.1"],
      "--validation-split, --test-split cannot", "(train, validation): leave it out")
  }

  @Test func `patience without validation images is refused before the run exists`() throws {
    try expectRefused(
      ["train", Tool.sketches, "--patience", "2", "--validation-split", "0"] + Tool.briefly,
      "--patience")
    #expect(!folder.contents.contains("runs"))
  }

  @Test func `the name of the link to the newest run is no run's name`() throws {
    for name in ["latest", "Latest"] {
      try expectRefused(["train", Tool.sketches, "--name", name], "--name latest")
    }
  }

  @Test(arguments: [false, true])
  func `a file or folder called latest is left alone`(isFolder: Bool) throws {
    let file = isFolder ? "runs/latest/mine" : "runs/latest"
    try folder.write(Array("mine".utf8), to: file)
    #expect(try Tool.train("a", epochs: 1, in: folder).code == 0)
    #expect(try folder.read(file) == Array("mine".utf8))
    #expect(!folder.contents.contains { $0.contains(".latest") })
  }

  @Test func `a name that is taken is refused before the images are read`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    try folder.write([1], to: "runs/file")
    for (name, words) in [("a", "--resume runs/a"), ("file", "choose another --name")] {
      let outcome = try Tool.train(name, in: folder)
      #expect(outcome.code == 73, "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("error: runs/\(name): exists"), "\(outcome.errors)")
      #expect(outcome.errors.contains(words))
    }
  }
}
