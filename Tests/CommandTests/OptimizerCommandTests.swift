import Foundation
import TestSupport
import Testing

/// The optimizers, on the sketches that come with the project and on surfaces.
@Suite struct OptimizerCommandTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func optimizers() throws -> [String] {
    let catalogue = try Tool.json(Tool.run(["optimizers", "--json"], in: folder))
    let list = try #require(catalogue["optimizers"] as? [[String: Any]])
    return list.compactMap { $0["name"] as? String }
  }

  @Test func `every optimizer trains kitten at its default rate without a NaN`() throws {
    let names = try optimizers()
    #expect(names.count >= 20)
    for name in names {
      let outcome = try Tool.run(
        [
          "train", Tool.sketches, "--name", name, "--epochs", "1", "--model", "kitten",
          "--image-size", "32", "--batch-size", "8", "--optimizer", name, "--json",
        ], in: folder)
      #expect(outcome.code == 0, "\(name): \(outcome.errors)")
      let record = try Tool.json(outcome)
      let configuration = try #require(record["configuration"] as? [String: Any])
      #expect(configuration["optimizer"] as? String == name)
      let steps = String(decoding: try folder.read("runs/\(name)/steps.csv"), as: UTF8.self)
      #expect(steps.split(separator: "\n").count == 4, "\(name) took other than 3 steps")
      #expect(!steps.contains("nan") && !steps.contains("inf"), "\(name): \(steps)")
    }
  }

  @Test func `parameters reach the run and are written down`() throws {
    let text = "rmsprop:momentum=0.5,ema=0.9"
    let outcome = try Tool.train(
      "a", ["--optimizer", text, "--weight-decay", "0.01", "--json"], in: folder)
    let configuration = try #require(try Tool.json(outcome)["configuration"] as? [String: Any])
    let written = try #require(configuration["optimizer"] as? String)
    #expect(written.hasPrefix("rmsprop:") && written.contains("ema=0.9"))
    #expect(written.contains("momentum=0.5") && written.contains("decay=0.01"))
    try Tool.train("plain", ["--optimizer", "rmsprop"], in: folder)
    #expect(
      try Tool.metrics("runs/a", in: folder) != Tool.metrics("runs/plain", in: folder))
  }

  @Test func `a race is a table, a CSV file, figures and a JSON object`() throws {
    let race = ["roll", "saddle", "--optimizers", "sgd,momentum,adam:beta1=0.8,rate=0.1"]
    let table = try Tool.run(race, in: folder)
    #expect(table.code == 0, "\(table.errors)")
    #expect(table.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(table.output.contains("minimum, step"))
    let files = [
      "--csv", "race.csv", "--out", "race.svg", "--landscape", "land.png", "--rate-map",
      "rates.png", "--steps", "40",
    ]
    let record = try Tool.json(Tool.run(race + files + ["--json"], in: folder))
    let marbles = try #require(record["marbles"] as? [[String: Any]])
    #expect(marbles.count == 3)
    #expect(marbles[2]["learning_rate"] as? Double == 0.1)
    #expect(record["figures"] as? [String] == ["race.svg", "land.png", "rates.png"])
    let rows = String(decoding: try folder.read("race.csv"), as: UTF8.self)
      .split(separator: "\n")
    #expect(rows[0] == "marble,optimizer,learning_rate,step,x,y,height,slope")
    #expect(rows.count == 1 + 3 * 41)
    for name in ["race.svg", "land.png", "rates.png"] {
      #expect(try folder.read(name).count > 2000)
    }
  }

  @Test func `several rates are several marbles, and every step can be told`() throws {
    let outcome = try Tool.run(
      [
        "roll", "bowl", "--optimizers", "sgd", "--learning-rate", "0.1,0.9,1.1", "--steps", "2",
        "--explain",
      ], in: folder)
    #expect(outcome.code == 0)
    for words in ["−0.1 · 6", "= 2.4", "−0.9 · 6", "−1.1 · 6"] {
      #expect(outcome.output.contains(words), "no '\(words)' in \(outcome.output)")
    }
  }

  @Test func `an animation is one PNG with a frame for each step`() throws {
    let outcome = try Tool.run(
      [
        "roll", "himmelblau", "--optimizers", "sgd,adam", "--steps", "12", "--animation", "a.png",
      ], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let bytes = Data(try folder.read("a.png"))
    let start = try #require(bytes.firstRange(of: Data("acTL".utf8))?.upperBound)
    // The background, the start and twelve steps; the poster is no frame.
    #expect(bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } == 14)
  }

  @Test(arguments: [
    (["--optimizers", "adem"], "did you mean 'adam'"),
    (["--optimizers", "adam:beta=1"], "no parameter 'beta'"),
    (["--start", "1,2,3"], "2 numbers"),
    (["--learning-rate", "-1"], "positive"),
    (["--steps", "0"], "--steps"),
    (["--out", "race.gif"], ".svg"),
    (["--animation", "race.svg"], ".png"),
    (["--window", "1,0,0,1"], "lower end first"),
    (["--tune", "--learning-rate", "0.1"], "--tune"),
  ])
  func `a race that makes no sense is refused on one line`(
    options: [String], words: String
  ) throws {
    let outcome = try Tool.run(["roll", "saddle"] + options, in: folder)
    #expect(outcome.code == 64, "\(outcome.errors)")
    #expect(outcome.complaints.count == 1)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func `an unknown surface, a bad formula and an unknown optimizer are told`() throws {
    for (arguments, words) in [
      (["roll", "sadle"], "saddle"), (["roll", "expr: x +"], "expr"),
      (["train", Tool.sketches, "--optimizer", "adamm"], "adam"),
    ] {
      let outcome = try Tool.run(arguments, in: folder)
      #expect(outcome.code == 64, "\(outcome.errors)")
      #expect(outcome.complaints.count == 1 && outcome.errors.contains(words))
    }
  }

  @Test func `catalogues keep to 80 columns`() throws {
    for name in ["optimizers", "surfaces"] {
      let outcome = try Tool.run([name], in: folder)
      let wide = outcome.output.split(separator: "\n").filter { $0.count > 80 }
      #expect(outcome.code == 0 && wide.isEmpty, "\(wide)")
    }
  }
}
