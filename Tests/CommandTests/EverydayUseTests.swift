import Foundation
import ImageLoading
import TestSupport
import Testing

/// The tool as people use it, on the sketches that come with the project.
@Suite struct EverydayUseTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a run leaves every file it promises`() throws {
    let outcome = try Tool.train("a", in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.first == "run    runs/a" && lines.count == 3, "\(outcome.output)")
    let files = Set(folder.contents)
    for name in [
      "run.json", "split.json", "data-report.json", "metrics.csv", "steps.csv", "layers.csv",
      "events.jsonl", "checkpoints/best.safetensors", "checkpoints/last.safetensors",
      "checkpoints/last.state.safetensors", "plots/loss.png", "plots/accuracy.png",
      "plots/layers.png",
    ] {
      #expect(files.contains("runs/a/\(name)"), "no \(name)")
    }
    #expect(!files.contains { $0.hasSuffix(".part") })
    #expect(files.contains("runs/latest"))
  }

  @Test func `two runs with one seed, and runs on one and two threads, write the same tables`()
    throws
  {
    try Tool.train("a", ["--threads", "1"], in: folder)
    try Tool.train("b", ["--threads", "2"], in: folder)
    try Tool.train("c", ["--threads", "2"], in: folder)
    try Tool.train("d", ["--threads", "2", "--seed", "9"], in: folder)
    let metrics = try ["a", "b", "c", "d"].map { try Tool.metrics("runs/\($0)", in: folder) }
    #expect(metrics[0] == metrics[1] && metrics[1] == metrics[2])
    #expect(metrics[3] != metrics[0])
    #expect(metrics[0].count == 4)
  }

  @Test func `evaluate gives the accuracy the run reported`() throws {
    let trained = try Tool.json(Tool.train("a", ["--json"], in: folder))
    let result = try #require(trained["result"] as? [String: Any])
    let evaluated = try Tool.json(Tool.run(["evaluate", "runs/a", "--json"], in: folder))
    #expect(evaluated["accuracy"] as? Double == result["test_accuracy"] as? Double)
    #expect(evaluated["loss"] as? Double == result["test_loss"] as? Double)
    #expect(evaluated["count"] as? Int == result["test_count"] as? Int)
  }

  @Test func `a network trained in bfloat16 is evaluated and asked in either precision`() throws {
    let network = [
      "--architecture", "conv 16 3x3, pool 2, relu, conv 16 3x3, global-pool, flatten, dense",
      "--precision", "bfloat16",
    ]
    let trained = try Tool.json(Tool.train("a", network + ["--json"], in: folder))
    let result = try #require(trained["result"] as? [String: Any])
    func loss(_ options: [String]) throws -> Double? {
      let outcome = try Tool.run(["evaluate", "runs/a", "--json"] + options, in: folder)
      return try Tool.json(outcome)["loss"] as? Double
    }
    let own = try #require(try loss([]))
    let exact = try #require(try loss(["--precision", "float32"]))
    #expect(own == result["test_loss"] as? Double)
    #expect(own != exact && abs(own - exact) < 0.01)
    let asked = try Tool.run(
      ["predict", "runs/a", Tool.sketches, "--precision", "float32"], in: folder)
    #expect(asked.code == 0, "\(asked.errors)")
    let inspected = try Tool.run(["inspect", "runs/a"], in: folder)
    #expect(inspected.output.contains("bfloat16"), "\(inspected.output)")
    let evaluated = try Tool.run(["evaluate", "runs/a"], in: folder)
    #expect(evaluated.output.contains("\nmeasured in bfloat16\n"), "\(evaluated.output)")
    #expect(!evaluated.errors.contains("no layer"), "\(evaluated.errors)")
    // In what is not the default of the network, the page gives the option.
    _ = try Tool.run(
      ["evaluate", "runs/a", "--precision", "float32", "--out", "exact"], in: folder)
    let report = try Tool.run(["report", "exact"], in: folder)
    #expect(report.code == 0, "\(report.errors)")
    let page = String(decoding: try folder.read("exact/report.html"), as: UTF8.self)
    #expect(page.contains("--precision float32 --out exact") && !page.contains("in bfloat16"))
  }

  @Test func `bfloat16 that no layer multiplies is said to be without effect`() throws {
    let words = "no layer of this network multiplies bfloat16"
    let trained = try Tool.train("a", ["--precision", "bfloat16"], in: folder)
    #expect(trained.errors.contains(words), "\(trained.errors)")
    for command in [["evaluate", "runs/a"], ["predict", "runs/a", Tool.sketches]] {
      let asked = try Tool.run(command, in: folder)
      #expect(asked.errors.contains(words), "\(asked.errors)")
      let exact = try Tool.run(command + ["--precision", "float32"], in: folder)
      #expect(!exact.errors.contains(words), "\(exact.errors)")
    }
  }

  @Test func `a cache on disk or none changes nothing, and is never put among the images`() throws {
    try Tool.train("plain", in: folder)
    let cache = ["--cache", "disk", "--cache-folder", "\(folder.path)/cache"]
    try Tool.train("first", cache, in: folder)
    #expect(folder.contents.contains { $0.hasSuffix(".pictures") })
    try Tool.train("second", cache, in: folder)
    try Tool.train("third", ["--cache", "none"], in: folder)
    let metrics = try ["plain", "first", "second", "third"].map {
      try Tool.metrics("runs/\($0)", in: folder)
    }
    #expect(metrics.dropFirst().allSatisfy { $0 == metrics[0] })
    let evaluations = try ["memory", "none"].map {
      try Tool.run(["evaluate", "runs/third", "--cache", $0, "--json"], in: folder).output
    }
    #expect(evaluations[0] == evaluations[1])
    let refused = try Tool.train(
      "fourth", ["--cache", "disk", "--cache-folder", "\(Tool.sketches)/cache"], in: folder)
    #expect(refused.code == 64)
    #expect(refused.complaints.count == 1)
  }

  @Test func `a checkpoint alone is enough to evaluate and predict`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let inRun = try Tool.json(
      Tool.run(["evaluate", "runs/a", Tool.sketches, "--json"], in: folder))
    try folder.write(
      try folder.read("runs/a/checkpoints/best.safetensors"), to: "alone.safetensors")
    try FileManager.default.removeItem(atPath: "\(folder.path)/runs")
    let alone = try Tool.json(
      Tool.run(["evaluate", "alone.safetensors", Tool.sketches, "--json"], in: folder))
    #expect(alone["loss"] as? Double == inRun["loss"] as? Double)
    #expect(alone["count"] as? Int == 24)
    let predicted = try Tool.json(
      Tool.run(["predict", "alone.safetensors", "\(Tool.sketches)/cat", "--json"], in: folder))
    let predictions = try #require(predicted["predictions"] as? [[String: Any]])
    #expect(predictions.count == 12)
    #expect(predictions.allSatisfy { ["cat", "dog"].contains($0["prediction"] as? String) })
    for prediction in predictions {
      let probabilities = try #require(prediction["probabilities"] as? [Double])
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5)
      #expect((prediction["logits"] as? [Double])?.count == 2)
    }
  }

  @Test func `predictions agree with evaluation, image by image`() throws {
    try Tool.train("a", in: folder)
    let evaluation = try Tool.run(
      ["evaluate", "runs/a", Tool.sketches, "--predictions", "all.csv", "--json"], in: folder)
    let accuracy = try #require(Tool.json(evaluation)["accuracy"] as? Double)
    let listed = String(decoding: try folder.read("all.csv"), as: UTF8.self)
      .split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    #expect(listed.count == 24)
    #expect(abs(Double(listed.count { $0[1] == $0[2] }) / 24 - accuracy) < 1e-9)
    let csv = try Tool.run(["predict", "runs/a", Tool.sketches, "--csv"], in: folder)
    let predicted = csv.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    for row in predicted {
      let same = try #require(listed.first { row[0].hasSuffix($0[0]) })
      #expect(row[1] == same[2])
    }
  }

  @Test func `predict reads names from standard input, and names what it cannot read`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    try folder.write(Array("no".utf8), to: "no image.jpg")
    let outcome = try Tool.run(
      ["predict", "runs/a", "-"], in: folder,
      input: "\(Tool.sketches)/cat/cat-0001.jpg\nno image.jpg\n")
    #expect(outcome.code == 65)
    #expect(outcome.output.contains("cat-0001.jpg"))
    #expect(outcome.errors.contains("skipped no image.jpg: not an image"))
  }

  @Test func `a table of predictions fits 80 columns`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let outcome = try Tool.run(["predict", "runs/a", Tool.sketches], in: folder)
    #expect(outcome.output.split(separator: "\n").count == 25)
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func `class names with spaces and umlauts live through everything`() throws {
    for (original, name) in [("cat", "süße Katze"), ("dog", "Wau, wau!")] {
      for file in try FileManager.default.contentsOfDirectory(
        atPath: "\(Tool.sketches)/\(original)")
      {
        try folder.write(
          Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(original)/\(file)")),
          to: "my photos/\(name)/\(file)")
      }
    }
    let trained = try Tool.run(
      ["train", "my photos", "--name", "ein Lauf", "--epochs", "1"] + Tool.tiny, in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    let evaluated = try Tool.run(["evaluate", "runs/ein Lauf"], in: folder)
    #expect(evaluated.code == 0 && evaluated.output.contains("süße Katze"))
    let csv = try Tool.run(
      ["predict", "runs/ein Lauf", "my photos/Wau, wau!", "--csv"], in: folder)
    #expect(
      csv.output.hasPrefix("path,prediction,probability_süße Katze,\"probability_Wau, wau!\"\n"))
  }

  @Test func `plot draws again what was deleted, and several runs together`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    try Tool.train("b", ["--optimizer", "momentum"], epochs: 1, in: folder)
    try FileManager.default.removeItem(atPath: "\(folder.path)/runs/a/plots")
    #expect(try Tool.run(["plot", "runs/a"], in: folder).code == 0)
    #expect(folder.contents.contains("runs/a/plots/loss.png"))
    let both = try Tool.run(
      ["plot", "runs/a", "runs/b", "--out", "both", "--format", "svg", "--json"], in: folder)
    #expect(try Tool.json(both)["figures"] as? [String] == ["both/loss.svg", "both/accuracy.svg"])
    #expect(folder.contents.contains("both/loss.svg"))
  }

  @Test func `inspect tells about checkpoints, runs and images`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let run = try Tool.run(["inspect", "runs/a"], in: folder)
    #expect(run.output.contains("finished"))
    let file = try Tool.run(["inspect", "runs/a/checkpoints/best.safetensors"], in: folder)
    #expect(file.output.contains("0.weight") && file.output.contains("4×3×3×3"))
    let image = try Tool.run(
      ["inspect", "\(Tool.sketches)/cat/cat-0001.jpg", "--json"], in: folder)
    #expect(try Tool.json(image)["format"] as? String == "JPEG")
  }

  @Test func `scan counts classes`() throws {
    let scan = try Tool.json(Tool.run(["data", "scan", Tool.sketches, "--json"], in: folder))
    let classes = try #require(scan["classes"] as? [[String: Any]])
    #expect(classes.map { $0["name"] as? String } == ["cat", "dog"])
    #expect(classes.map { $0["usable"] as? Int } == [12, 12])
  }

  @Test func `a drawn set is the same for the same seed`() throws {
    for name in ["a", "b"] {
      let outcome = try Tool.run(
        ["data", "sketch", name, "--count", "6", "--seed", "3"], in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    let files = folder.contents.filter { $0.hasPrefix("a/") && $0.contains(".") }
    #expect(files.count == 6)
    for file in files { #expect(try folder.read(file) == folder.read("b" + file.dropFirst())) }
  }

  @Test(arguments: [
    [], ["train"], ["evaluate"], ["predict"], ["plot"], ["inspect"], ["data"], ["data", "scan"],
    ["data", "sketch"], ["bench"], ["bench", "step"], ["bench", "kernels"], ["bench", "decode"],
  ])
  func `help exits with 0, fits 80 columns and shows an example`(command: [String]) throws {
    let outcome = try Tool.run(command + ["--help"], in: folder)
    #expect(outcome.code == 0)
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    if !command.isEmpty && command != ["data"] && command != ["bench"] {
      #expect(outcome.output.contains("Example: marbles \(command.joined(separator: " "))"))
    }
  }

  @Test func `quiet training prints its result and says nothing`() throws {
    let outcome = try Tool.train("a", ["--quiet"], epochs: 1, in: folder)
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.first == "run    runs/a")
    // A line that begins with blanks says more about the one above.
    let kinds = lines.dropFirst().map { $0.prefix(7) }.filter { $0 != "       " }
    #expect(kinds == ["test   ", "best   "])
  }

  @Test func `the result of a run as JSON says where the run is`() throws {
    let report = try Tool.json(Tool.train("a", ["--json"], epochs: 1, in: folder))
    #expect(report["path"] as? String == "runs/a")
    #expect(report["status"] as? String == "finished")
  }
}
