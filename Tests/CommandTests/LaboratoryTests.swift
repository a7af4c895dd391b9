import Foundation
import Optimization
import Plotting
import TestSupport
import Testing

/// The objective laboratory and the catalogues, as people use them.
@Suite struct LaboratoryTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func rows(_ file: String) throws -> [Substring] {
    String(decoding: try folder.read(file), as: UTF8.self).split(separator: "\n")
  }

  @Test(arguments: [["objectives"], ["objective", "list"], ["schedules"], ["objective", "check"]])
  func `a catalogue fits a terminal of 80 columns`(command: [String]) throws {
    let outcome = try Tool.run(command, in: folder)
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count > 10)
    for line in lines { #expect(line.count <= 80, "\(line)") }
  }

  @Test func `catalogues are JSON for programs`() throws {
    let objectives = try Tool.json(Tool.run(["objectives", "--json"], in: folder))
    let entries = try #require(objectives["objectives"] as? [[String: Any]])
    let huber = try #require(entries.first { $0["name"] as? String == "huber" })
    let parameters = try #require(huber["parameters"] as? [[String: Any]])
    #expect(parameters.first?["default_value"] as? String == "1")
    let schedules = try Tool.json(Tool.run(["schedules", "--json"], in: folder))
    #expect((schedules["schedules"] as? [Any])?.count == 11)
  }

  @Test func `the lecture's figure comes out of one command, with its values`() throws {
    let outcome = try Tool.run(["objective", "plot", "mse", "mae", "huber"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let figure = try folder.read("objectives.png")
    #expect(Array(figure.prefix(4)) == [0x89, 0x50, 0x4E, 0x47])
    // Width and height of a PNG, most significant byte first.
    #expect(Array(figure[16..<24]) == [0, 0, 0x06, 0x40, 0, 0, 0x03, 0xE8])
    let table = try rows("objectives.csv")
    #expect(
      table[0] == "error,mse loss,mse slope,mae loss,mae slope,huber loss,huber slope")
    #expect(table[1] == "-3.0,9.0,-6.0,3.0,-1.0,2.5,-1.0")
    #expect(table.count == 482)
  }

  @Test func `objectives of classes are drawn over the margin`() throws {
    let outcome = try Tool.json(
      Tool.run(
        [
          "objective", "plot", "mse", "cross-entropy", "--out", "a.svg", "--format", "svg",
          "--json",
        ],
        in: folder))
    #expect(outcome["over"] as? String == "margin")
    #expect(outcome["figures"] as? [String] == ["a.svg", "a.csv"])
    #expect(try rows("a.csv")[0].hasPrefix("margin,"))
  }

  @Test func `a counterexample is printed under every no`() throws {
    let outcome = try Tool.run(["objective", "check", "mse", "expr:abs(y-p)*2"], in: folder)
    #expect(outcome.output.contains("d(0, 2) = 4 > d(0, 1) + d(1, 2) = 1 + 1"))
    #expect(outcome.output.contains("so it is a metric"))
    let json = try Tool.run(["objective", "check", "--json"], in: folder)
    let checks = try #require(
      JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(checks.count > ObjectiveCatalogue.standard.allNames.count)
    for check in checks {
      for verdict in try #require(check["verdicts"] as? [[String: Any]]) {
        let holds = try #require(verdict["holds"] as? Bool)
        #expect((verdict["counter_example"] as? String == nil) == holds)
      }
    }
  }

  @Test func `fit prints a table and draws the lines`() throws {
    let outcome = try Tool.run(["objective", "fit", "--out", "lines.png"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(folder.contents.contains("lines.png"))
    #expect(try rows("lines.csv").count == 61)
    let report = try Tool.json(Tool.run(["objective", "fit", "mse", "mae", "--json"], in: folder))
    let lines = try #require(report["lines"] as? [[String: Any]])
    let slopes = lines.compactMap { $0["slope"] as? Double }
    #expect(abs(slopes[0] - 0.4) > 0.1 && abs(slopes[1] - 0.4) < 0.05)
  }

  @Test func `schedules are drawn with the rate of every step`() throws {
    let outcome = try Tool.run(
      [
        "schedules", "--plot", "cosine", "expr:peak*(1-t)", "--steps", "100", "--warmup", "0",
        "--learning-rate",
        "2",
      ],
      in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let table = try rows("schedules.csv")
    #expect(table.count == 101)
    #expect(table[0] == "step,cosine,expr:peak*(1-t)")
    #expect(table[1] == "0,2.0,2.0" && table[51].hasSuffix(",1.0"))
    #expect(table[100].hasPrefix("99,0.0,"))
    #expect(try Tool.run(["schedules", "--plot", "--theme", "print"], in: folder).code == 0)
  }

  @Test func `a trained objective is what evaluate measures`() throws {
    let trained = try Tool.json(
      Tool.train(
        "a", ["--json", "--objective", "huber:delta=0.5", "--schedule", "step:every=0.5"],
        in: folder))
    let configuration = try #require(trained["configuration"] as? [String: Any])
    #expect(configuration["objective"] as? String == "huber:delta=0.5")
    #expect(configuration["schedule"] as? String == "step:every=0.5")
    let result = try #require(trained["result"] as? [String: Any])
    let evaluated = try Tool.json(Tool.run(["evaluate", "runs/a", "--json"], in: folder))
    #expect(evaluated["loss"] as? Double == result["test_loss"] as? Double)
    #expect(evaluated["objective"] as? String == "huber:delta=0.5")
  }

  @Test(arguments: [
    (["objective", "plot", "hubr"], "did you mean 'huber'"),
    (["objective", "plot", "expr:y + * p"], "▸* p"),
    (["objective", "plot"], "is missing. See"),
    (["objective", "plot", "cross-entropy", "--over", "error"], "draw it over the margin"),
    (["objective", "check", "nothing"], "is not an objective"),
    (["objective", "fit", "hinge"], "measures numbers"),
    (["objective", "fit", "--noise", "-1"], "--noise"),
    (["schedules", "cosine"], "add --plot"),
    (["schedules", "--plot", "cosine:final=x"], "expected a number"),
    (["schedules", "--plot", "expr:-peak"], "at step 0"),
    (["train", Tool.sketches, "--schedule", "expr:0.01-t"], "at step"),
    (
      ["train", Tool.sketches, "--schedule", "expr:0.01*(1-t)", "--learning-rate-at", "2=0.5"],
      "--learning-rate-at 2=0.5: the schedule is a formula without 'peak'"
    ),
    (["train", Tool.sketches, "--objective", "cross-entropy:weights=1/2/3"], "2 classes"),
  ])
  func `what cannot be done is said on one line with code 64`(
    arguments: [String], part: String
  ) throws {
    let outcome = try Tool.run(arguments, in: folder)
    #expect(outcome.code == 64, "\(outcome.output)")
    #expect(outcome.complaints.count == 1)
    #expect(outcome.errors.contains(part), "\(outcome.errors)")
    #expect(!folder.contents.contains { $0.hasSuffix(".png") || $0.hasPrefix("runs") })
  }

  @Test(arguments: ["plot", "check"])
  func `a formula that is finite nowhere is refused`(command: String) throws {
    for formula in ["expr:1/0", "expr:log(-1)*y"] {
      let outcome = try Tool.run(["objective", command, formula], in: folder)
      #expect(outcome.code == 64 && outcome.complaints.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("\(formula): is not finite at any"))
      #expect(outcome.output.isEmpty)
    }
  }

  @Test func `a message about a long formula can be read`() throws {
    let long = "expr:" + String(repeating: "p+", count: 20_000)
    for command in [
      ["objective", "plot", long], ["objective", "check", long], ["roll", long],
      ["objective", "fit", "expr:" + String(repeating: "p+", count: 1000) + "q"],
      ["train", Tool.sketches, "--objective", long], ["schedules", long],
    ] {
      let outcome = try Tool.run(command, in: folder)
      #expect(outcome.code == 64 && outcome.errors.count <= 200, "\(outcome.errors)")
    }
  }

  @Test func `a fit that diverges ends with 2 and draws nothing`() throws {
    let outcome = try Tool.run(["objective", "fit", "expr:exp(1000*abs(y-p))"], in: folder)
    #expect(outcome.code == 2)
    #expect(outcome.complaints.count == 1)
    #expect(!folder.contents.contains("fit.png"))
  }

  @Test func `a figure that cannot be written ends with 73`() throws {
    let outcome = try Tool.run(["objective", "plot", "mse", "--out", "no/where.png"], in: folder)
    #expect(outcome.code == 73)
    #expect(outcome.complaints.count == 1)
  }
}
