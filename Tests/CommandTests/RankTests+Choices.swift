import Foundation
import TestSupport
import Testing

// What a run in several processes is asked for while it trains, and how its sums are added.
extension RankTests {
  /// In a process beside the training, whose outputs go elsewhere.
  private func steer(_ run: String, _ words: [String]) throws -> Tool.Outcome {
    try Tool.run(["steer", "\(folder.path)/\(run)"] + words, in: TemporaryFolder())
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `all ranks pause, take another rate and go on after the same step`(
    launcher: Launcher
  ) throws {
    let process = try Tool.start(
      Self.choices + ["--epochs", "60", "--out", "steered"], in: folder,
      launcher: launcher.words(2))
    try wait(for: 4, rowsOf: "steered/run/metrics.csv", process)
    let paused = try steer("steered/run", ["--pause"])
    #expect(paused.code == 0 && paused.output.hasPrefix("paused"), "\(paused)")
    let rows = try folder.read("steered/run/steps.csv").count
    let changed = try steer("steered/run", ["--learning-rate", "0.005"])
    #expect(changed.code == 0 && changed.output.contains("--learning-rate-at"), "\(changed)")
    #expect(try folder.read("steered/run/steps.csv").count == rows)
    #expect(try steer("steered/run", ["--continue"]).output.hasPrefix("goes on"))
    let ended = try Tool.outcome(of: process, in: folder)
    #expect(ended.code == 0, "\(ended.errors)")
    let alone = try Tool.run(
      ["train", "--repeat", "steered/run", "--name", "run", "--out", "alone", "--quiet"],
      in: folder)
    #expect(alone.code == 0, "\(alone.errors)")
    #expect(try results("steered") == results("alone"))
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `a run that pauses ends with a signal to any rank, saved once`(launcher: Launcher) throws {
    let process = try Tool.start(
      Self.choices + ["--epochs", "5000", "--out", "waiting"], in: folder,
      launcher: launcher.words(3))
    try wait(for: 4, rowsOf: "waiting/run/metrics.csv", process)
    #expect(try steer("waiting/run", ["--pause"]).output.hasPrefix("paused"))
    kill(try #require(try ranks().last), SIGTERM)
    let ended = try Tool.outcome(of: process, in: folder)
    #expect(ended.code == 130, "\(ended.errors)")
    let events = String(decoding: try folder.read("waiting/run/events.jsonl"), as: UTF8.self)
    #expect(events.components(separatedBy: "\"interrupted\"").count == 2, "\(events.suffix(300))")
    #expect(try ranks().isEmpty)
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `images are read by one rank each, and again from one cache`(launcher: Launcher) throws {
    let alone = try Tool.run(Self.choices + ["--out", "alone"], in: folder)
    #expect(alone.code == 0, "\(alone.errors)")
    let cache = ["--cache", "disk", "--cache-folder", "\(folder.path)/cache"]
    for (out, options) in [("none", ["--cache", "none"]), ("first", cache), ("again", cache)] {
      let shared = try train(launcher, 3, Self.choices + ["--out", out] + options)
      #expect(shared.code == 0, "\(shared.errors)")
      #expect(try results(out) == results("alone"), "\(out)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/cache").count == 1)
  }

  @Test(
    .enabled(if: !installed.isEmpty, isMissing),
    arguments: installed.flatMap { launcher in
      [("fast", 0.001), ("fast16", 0.05)].map { (launcher, $0.0, $0.1) }
    })
  func `sums in any order are nearly the same`(
    launcher: Launcher, order: String, tolerance: Double
  ) throws {
    let alone = try Tool.run(Self.choices + ["--out", "alone"], in: folder)
    #expect(alone.code == 0, "\(alone.errors)")
    let words = Self.choices.filter { $0 != "--quiet" } + ["--reduce", order, "--out", order]
    let shared = try train(launcher, 3, words)
    #expect(shared.code == 0, "\(shared.errors)")
    #expect(shared.errors.contains("bits may differ"))
    func losses(_ out: String) throws -> [Double] {
      try Tool.metrics("\(out)/run", in: folder).dropFirst().compactMap { Double($0[3]) }
    }
    for (one, other) in zip(try losses(order), try losses("alone")) {
      #expect(abs(one - other) <= tolerance * abs(other), "\(one) for \(other)")
    }
    #expect(try losses(order).count == 3)
  }

  @Test func `an order of sums needs several processes`() throws {
    let refused = try Tool.run(["train", Tool.sketches, "--reduce", "fast"], in: folder)
    expect(refused, code: 64, "--reduce", "without mpirun")
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `a rank that alone is started wrongly is named`(launcher: Launcher) throws {
    let words = [Tool.path, "train", Tool.sketches] + Tool.briefly
    let both = words + [":", "-np", "1"] + words + ["--epochs", "none"]
    let wrong = try Tool.run(
      Array(both.dropFirst()), in: folder, launcher: launcher.words(1))
    #expect(wrong.code == 64, "\(wrong.errors)")
    #expect(wrong.complaints.count == 1, "\(wrong.errors)")
    #expect(
      wrong.complaints.first?.contains("rank 1 on ") == true
        && wrong.complaints.first?.contains("another command line") == true, "\(wrong.errors)")
    #expect(try ranks().isEmpty)
  }

  @Test(.enabled(if: !installed.isEmpty, isMissing), arguments: installed)
  func `scaling is measured from one rank to all`(launcher: Launcher) throws {
    let measured = try train(
      launcher, 3,
      ["bench", "scaling", "--json", "--seconds", "0", "--figure", "scaling.svg"] + Tool.tiny)
    #expect(measured.code == 0, "\(measured.errors)")
    let results = try #require(Tool.json(measured)["results"] as? [[String: Any]])
    #expect(results.map { $0["ranks"] as? Int } == [1, 2, 3])
    for result in results.dropFirst() {
      #expect(try #require(result["calls"] as? Int) > 0)
      #expect(try #require(result["predicted"] as? Double) > 0)
    }
    let table = String(decoding: try folder.read("scaling.csv"), as: UTF8.self)
    #expect(table.split(separator: "\n").count == 4)
    expect(try Tool.run(["bench", "scaling"], in: folder), code: 64, "mpirun")
  }
}
