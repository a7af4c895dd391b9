import Foundation
import ImageLoading
import TestSupport
import Testing
import Training

@Suite struct CompareTests {
  let folder: TemporaryFolder

  /// Draws sketches, and trains two networks that hold the same ones out.
  init() throws {
    folder = try TemporaryFolder()
    let outcome = try Tool.run(["data", "sketch", "sketches", "--count", "80"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    for (name, options) in [("a", ["--optimizer", "adam"]), ("b", ["--optimizer", "sgd"])] {
      let outcome = try Tool.run(
        ["train", "sketches", "--name", name, "--test-split", "0.4", "--quiet"] + Tool.briefly
          + options, in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
  }

  private func compare(_ arguments: String...) throws -> Tool.Outcome {
    try Tool.run(["compare"] + arguments, in: folder)
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try folder.read(path), as: UTF8.self)
  }

  @Test func `runs are judged on the test images they share, image by image`() throws {
    let outcome = try compare("runs/a", "runs/b", "--csv", "hits.csv", "--figure", "c.svg")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "32 images of the test part of sketches")
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(outcome.output)")
    #expect(lines.suffix(3) == ["hits.csv", "c.svg", ""])
    #expect(outcome.output.contains("distinguishable"))
    #expect(try text("c.svg").contains("<title>Which network is better?</title>"))
    let report = try Tool.json(compare("runs/a", "runs/b", "--json"))
    let networks = try #require(report["networks"] as? [[String: Any]])
    let table = try text("hits.csv").split(separator: "\n")
    #expect(table.count == 33 && table[0] == "path,label,a,b")
    for network in networks {
      // The same as when it is evaluated alone.
      let name = try #require(network["name"] as? String)
      let alone = try Tool.json(Tool.run(["evaluate", "runs/\(name)", "--json"], in: folder))
      #expect(network["accuracy"] as? Double == alone["accuracy"] as? Double)
      #expect(network["accuracy_low"] as? Double == alone["accuracy_low"] as? Double)
      let file = "\(name).csv"
      #expect(
        try Tool.run(["evaluate", "runs/\(name)", "--predictions", file], in: folder).code == 0)
      let predictions = try text(file).split(separator: "\n").dropFirst().map {
        $0.split(separator: ",")
      }
      let right = predictions.map { "\($0[0]),\($0[1] == $0[2] ? 1 : 0)" }
      let column = name == "a" ? 2 : 3
      let hits = table.dropFirst().map { $0.split(separator: ",") }.map { "\($0[0]),\($0[column])" }
      #expect(hits.sorted() == right.sorted())
      #expect(network["right"] as? Int == hits.count { $0.hasSuffix(",1") })
    }
    #expect((report["pairs"] as? [Any])?.count == 1)
  }

  @Test func `images that one run has trained on are left out and counted`() throws {
    let outcome = try Tool.run(
      [
        "train", "sketches", "--name", "c", "--test-split", "0.4", "--seed", "7", "--quiet",
      ] + Tool.briefly, in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try Tool.json(compare("runs/a", "runs/b", "runs/c", "--json"))
    let images = try #require(report["images"] as? Int)
    let left = try #require(report["not_shared"] as? Int)
    let splits = try ["a", "c"].map {
      Set(
        try SplitFile.read("\(folder.path)/runs/\($0)/split.json").entries
          .filter { $0.split == .test }.map(\.sha256))
    }
    #expect(images == splits[0].intersection(splits[1]).count && images < 32)
    #expect(images + left == splits[0].union(splits[1]).count)
    #expect((report["pairs"] as? [Any])?.count == 3)
    // A folder: everything that no run has used, which here are the same images.
    let folderReport = try Tool.json(
      compare("runs/a", "runs/b", "runs/c", "--data", "sketches", "--json"))
    #expect(folderReport["images"] as? Int == images)
    #expect(folderReport["seen"] as? Int == 80 - images)
  }

  @Test func `a network that is measured in bfloat16 is named`() throws {
    let trained = try Tool.run(
      [
        "train", "sketches", "--name", "c", "--test-split", "0.4", "--quiet", "--precision",
        "bfloat16",
      ] + Tool.briefly, in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    let outcome = try compare("runs/a", "runs/c")
    #expect(outcome.output.contains("\nmeasured in bfloat16: c\n"), "\(outcome.output)")
    let report = try Tool.json(compare("runs/a", "runs/c", "--json"))
    for network in try #require(report["networks"] as? [[String: Any]]) {
      let isRounded = network["name"] as? String == "c"
      #expect(network["precision"] as? String == (isRounded ? "bfloat16" : nil))
    }
    #expect(try !compare("runs/a", "runs/b").output.contains("bfloat16"))
  }

  @Test func `what cannot be compared is refused, with what to do`() throws {
    expect(try compare("runs/a"), code: 64, "give two, or DATA")
    expect(try compare("runs/a", "runs/a"), code: 64, "is given twice")
    expect(try compare("runs/a", "runs/b", "--part", "train"), code: 64, "--part is train")
    expect(try compare("runs/a", "runs/b", "--epochs", "3"), code: 64, "--epochs cannot be used")
    expect(try compare("runs/a", "runs/b", "--theme", "print"), code: 64, "without --figure")
    expect(try compare("runs/a", "runs/b", "--out", "runs/a"), code: 64, "runs/a: is a run")
    expect(try compare("runs/a", "runs/none"), code: 66, "no such file", "a run directory")
    try folder.write(folder.read("runs/a/checkpoints/best.safetensors"), to: "a.safetensors")
    expect(try compare("runs/b", "a.safetensors"), code: 64, "--data")
    expect(
      try compare("runs/a", "runs/b", "--csv", "runs/a/metrics.csv"), code: 64,
      "is a file of the run")
    expect(
      try compare("sketches", "--optimizers", "adam,adam", "--epochs", "1"), code: 64, "twice")
    expect(try compare("sketches", "--optimizers", "adam", "--epochs", "1"), code: 64, "expected 2")
    expect(try compare("sketches", "--optimizers", "adam,newton"), code: 64, "surfaces only")
    expect(try compare("sketches", "--optimizers", "adam,rprop"), code: 64, "first step only")
    expect(
      try compare("sketches", "--optimizers", "adam,sgd", "--csv", "a.csv"), code: 64,
      "--csv cannot be used with --optimizers")
    expect(
      try compare("sketches", "--optimizers", "adam,sgd", "--budget", "5s"), code: 64,
      "too short for 24 trainings")
    expect(
      try compare("sketches", "--optimizers", "adam,sgd", "--out", "sketches/c"), code: 64,
      "lies among the images")
    // A checkpoint that is in no run can be judged on a folder, and that is said.
    let known = try compare("runs/b", "a.safetensors", "--data", "sketches")
    #expect(known.code == 0 && !known.output.contains("nobody knows"), "\(known.errors)")
    try FileManager.default.moveItem(
      atPath: "\(folder.path)/runs/a", toPath: "\(folder.path)/runs/moved")
    let outcome = try compare("runs/b", "a.safetensors", "--data", "sketches")
    #expect(outcome.code == 0 && outcome.output.contains("nobody knows"), "\(outcome.errors)")
  }

  // MARK: Optimizers

  private var contest: [String] {
    [
      "compare", "sketches", "--optimizers", "adam,sgd:decay=0.01", "--seeds", "2", "--epochs", "2",
      "--rates", "3", "--test-split", "0.3", "--out", "c",
    ] + Tool.tiny
  }

  @Test func `optimizers are compared with tables, figures and verdicts that agree`() throws {
    let outcome = try Tool.run(contest + ["--animate", "race.png"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("cost   18 trainings: 14 to find rates (1 epoch)"))
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("24 test images · 2 seeds · 2 epochs ("), "\(lines[0])")
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(outcome.output)")
    #expect(lines.contains { $0.contains("sgd:decay=0.01") })
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(folder.read("c/comparison.json"))) as? [String: Any])
    let files = try #require(report["files"] as? [String])
    #expect(files.count == 8 && Array(lines.suffix(9).dropLast().map(String.init)) == files)
    for file in files { #expect(!(try folder.read(file)).isEmpty) }
    let trials = try text("c/comparison.csv").split(separator: "\n")
    #expect(trials.count == 19 && trials.count { $0.contains(",final,") } == 4)
    let hits = try text("c/hits.csv").split(separator: "\n")
    // The best comes first, as in the table that is printed.
    let order = try #require(report["optimizers"] as? [[String: Any]]).compactMap {
      $0["optimizer"] as? String
    }
    #expect(hits.count == 25 && order.count == 2)
    #expect(
      hits[0]
        == (["path", "label"] + order.flatMap { ["\($0) seed 1", "\($0) seed 2"] })
        .joined(separator: ","))
    // 18 trainings, of an epoch or two, each with the network before training.
    #expect(try text("c/curves.csv").split(separator: "\n").count == 1 + 14 * 2 + 4 * 3)
    // A training is a run like any other.
    let alone = try Tool.json(
      Tool.run(["evaluate", "c/trials/1-adam-seed-1", "--json"], in: folder))
    let optimizers = try #require(report["optimizers"] as? [[String: Any]])
    let adam = try #require(optimizers.first { $0["optimizer"] as? String == "adam" })
    #expect((adam["accuracies"] as? [Double])?.first == alone["accuracy"] as? Double)
    // Again, nothing is trained, and a choice that differs is refused.
    let again = try Tool.run(contest + ["--json"], in: folder)
    #expect(again.code == 0 && again.errors.contains("18 are done"), "\(again.errors)")
    #expect(try Tool.json(again)["answer"] as? String == report["answer"] as? String)
    expect(
      try Tool.run(contest.map { $0 == "2" ? "3" : $0 } + ["--quiet"], in: folder), code: 64,
      "holds a comparison in which", "another --out")
  }

  @Test func `a comparison that is killed goes on, and gives what it would have given`() throws {
    let whole = try Tool.run(contest.map { $0 == "c" ? "whole" : $0 } + ["--quiet"], in: folder)
    #expect(whole.code == 0, "\(whole.errors)")
    for milliseconds in [400, 700, 1000, 1300] {
      let process = try Tool.start(contest + ["--quiet"], in: folder)
      Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let resumed = try Tool.run(contest + ["--quiet"], in: folder)
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try folder.read("c/hits.csv") == folder.read("whole/hits.csv"))
    let columns = try ["c", "whole"].map { name in
      try text("\(name)/comparison.csv").split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(separator: ",")
      }
    }
    #expect(columns[0] == columns[1] && columns[0].count == 19)
  }

  @Test func `an interruption saves, and the same command goes on`() throws {
    let process = try Tool.start(contest, in: folder)
    // Until it has something to go on with.
    let plan = "\(folder.path)/c/plan.json"
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: plan) {
      Thread.sleep(forTimeInterval: 0.05)
    }
    kill(process.processIdentifier, SIGINT)
    let outcome = try Tool.outcome(of: process, in: folder)
    if outcome.code != 0 {
      #expect(outcome.code == 130, "\(outcome.errors)")
      #expect(outcome.errors.contains("the same command goes on"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/c/comparison.json"))
    }
    #expect(try Tool.run(contest + ["--quiet"], in: folder).code == 0)
  }
}
