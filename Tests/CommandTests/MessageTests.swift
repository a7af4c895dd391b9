import Foundation
import TestSupport
import Testing

/// What is said when a command is mistyped, and what is shown of hostile names.
@Suite struct MessageTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [
    (["trian", "x"], "Did you mean 'marbles train'?"),
    (["data", "scam", "x"], "Did you mean 'marbles data scan'?"),
    (["data", "scna", "x"], "Did you mean 'marbles data scan'?"),
    (["data", "scan"], "See 'marbles data scan --help'."),
    (["train", "x", "--epochs", "-3"], "A negative number follows an equals sign: =-3."),
    (["train", "x", "--limit", "1"], "--limit is 1, expected 2 or more."),
    (["train", "x", "--model", "tabyy"], "--model: 'tabyy' is unknown; did you mean 'tabby'?\n"),
    (["train", "x", "--model", "vgg"], "--model: 'vgg' is unknown; there are kitten, tabby, "),
    (["train", "x", "--optimizer", "newton"], "'newton' is for surfaces only (marbles roll);"),
    (
      ["train", "x", "--architecture", "flatten, dense 3, dense 4"],
      "must be 'dense' without a number (one output per class); found '4' (character 25)"
    ),
  ])
  func `a mistyped command is told what was probably meant`(
    words: [String], answer: String
  ) throws {
    let outcome = try Tool.run(words, in: folder)
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains(answer), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test(arguments: [
    ["trian", "x"], ["train"], ["train", "x"], ["train", "x", "--optimizer", "adamm"],
    ["train", "x", "--schedule", "cosin"], ["train", "x", "--objective", "hubber"],
    ["train", "x", "--epochs", "many"], ["train", "x", "--learning-rate", "-1"],
    ["train", "x", "--model", "kiten"], ["train", "x", "--validation-split", "2"],
    ["train", "x", "--convolution", "fft"], ["train", "x", "--resume", "y"],
    ["evaluate", "x"], ["plot", "a", "b"], ["compare", "a"], ["roll", "nowhere"],
    ["roll", "bowl", "--optimizers", "adamm"], ["objective", "check", "y-"],
    ["objective", "plot", "nothing"], ["data", "split", "x"], ["lesson", "99"], ["report", "."],
    ["inspect", "."],
  ])
  func `what was mistyped is said in 80 columns`(words: [String]) throws {
    let outcome = try Tool.run(words, in: folder)
    #expect(outcome.code != 0)
    let line = outcome.errors.trimmingCharacters(in: .newlines)
    #expect(line.hasPrefix("error: ") && line.count <= 80 && !line.contains("\n"), "\(line)")
  }

  @Test func `what is no run or checkpoint is named for what it is`() throws {
    try Tool.train("a", in: folder)
    try Tool.train("b", in: folder)
    let image = "\(Tool.sketches)/cat/cat-0001.jpg"
    let best = "runs/a/checkpoints/best.safetensors"
    let state = "runs/a/checkpoints/last.state.safetensors"
    for (words, answer) in [
      (["train", "--resume", "runs"], "but it holds 2 runs; give one, such as runs/latest"),
      (["plot", "runs"], "give one, such as runs/latest"),
      (["predict", "runs", image], "give one, such as runs/latest"),
      (["plot", "runs/aa"], "runs/aa: no such run; did you mean runs/a?"),
      (["train", "--resume", "nothing"], "nothing: no such run"),
      (
        ["evaluate", Tool.sketches, "runs/a"], "the run or checkpoint comes first, then the images"
      ),
      (["plot", best], "a file of a run; give the run, runs/a"),
      (["plot", image], "a file, not a run; give a run directory, such as runs/latest"),
      (["inspect", "runs/a/checkpoints"], "not a run: it has no run.json"),
    ] {
      expect(try Tool.run(words, in: folder), code: 66, answer)
    }
    expect(
      try Tool.run(["plot", "runs/b", "runs/latest", "--out", "figures"], in: folder), code: 64,
      "runs/b and runs/latest are the same run")
    for (words, answer) in [
      (["predict", image, "x.jpg"], "not a safetensors file: it is an image (JPEG)"),
      (["predict", state, image], "state that a run resumes from; give best.safetensors or last"),
      (["evaluate", "runs/a/run.json"], "it begins with no header"),
      (
        ["inspect", "runs/a/metrics.csv"], "a file of a run; 'marbles inspect runs/a' shows the run"
      ),
    ] {
      expect(try Tool.run(words, in: folder), code: 65, answer)
    }
  }

  @Test func `a class that looks like a formula is text in a table and exact in JSON`() throws {
    for (name, animal) in [("=dog", "dog"), ("cat", "cat")] {
      for number in 1...8 {
        let file = "\(animal)/\(animal)-000\(number).jpg"
        let bytes = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(file)"))
        try folder.write(Array(bytes), to: "data/\(name)/\(number).jpg")
      }
    }
    let trained = try Tool.run(
      ["train", "data", "--name", "two words", "--epochs", "1"] + Tool.tiny, in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(trained.errors.contains("marbles evaluate 'runs/two words'"), "\(trained.errors)")
    let table = try Tool.run(
      ["evaluate", "runs/latest", "data", "--predictions", "-", "--quiet"], in: folder)
    #expect(table.output.contains(",'=dog"), "\(table.output) \(table.errors)")
    #expect(!table.output.contains(",=dog"))
    let report = try Tool.json(
      Tool.run(["predict", "runs/latest", "data/cat/1.jpg", "--json"], in: folder))
    #expect((report["classes"] as? [String])?.contains("=dog") == true)
  }
}
