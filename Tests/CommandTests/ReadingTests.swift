import Foundation
import TestSupport
import Testing

/// The sentence below the title of a figure says what its numbers do.
@Suite struct ReadingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The texts of the figure that a command draws, and what it prints.
  private func texts(
    _ words: [String], option: String = "--out"
  ) throws -> (figure: String, report: [String: Any]) {
    let outcome = try Tool.run(words + [option, "figure.svg", "--json"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let figure = String(decoding: try folder.read("figure.svg"), as: UTF8.self)
    return (figure, try Tool.json(outcome))
  }

  @Test func `a race names the first and the last marble at a lowest place`() throws {
    let (figure, report) = try texts(["roll", "ravine", "--optimizers", "sgd,momentum,adam"])
    let marbles = try #require(report["marbles"] as? [[String: Any]])
    let arrivals = marbles.compactMap { marble -> (name: String, step: Int)? in
      guard let name = marble["optimizer"] as? String, let step = marble["steps_to_minimum"] as? Int
      else { return nil }
      return (name, step)
    }.sorted { $0.step < $1.step }
    let first = try #require(arrivals.first)
    let last = try #require(arrivals.last)
    #expect(figure.contains("First at a lowest place: \(first.name), in step \(first.step)"))
    if arrivals.count > 1 {
      #expect(figure.contains("last: \(last.name), in step \(last.step)"))
    }
  }

  @Test func `a race that nobody ends says what became of the marbles`() throws {
    let alone = try texts(["roll", "bowl", "--learning-rate", "1.1"]).figure
    #expect(alone.contains("It diverged."))
    func race(_ rate: String) throws -> String {
      try texts(["roll", "bowl", "--optimizers", "sgd,adam", "--learning-rate", rate]).figure
    }
    #expect(try race("0.002").contains("None reaches a lowest place: 2 still rolled at the end."))
    #expect(
      try race("1e-9").contains(
        "None reaches a lowest place: 2 hardly moved any more, far from a bottom."))
  }

  @Test func `a map of starts says which part of them leads where`() throws {
    let (figure, _) = try texts(["roll", "hills"], option: "--basin-map")
    let parts = try #require(figure.firstMatch(of: /Of all starts, (\d+)% to \(/))
    #expect((1...100).contains(Int(parts.1) ?? 0))
  }

  @Test func `a map of rates names the choice with the widest range`() throws {
    let (figure, _) = try texts(
      ["roll", "bowl", "--optimizers", "sgd,adam"], option: "--rate-map")
    #expect(
      figure.contains(
        "adam falls to a hundredth of the height over the widest range of rates, from")
    )
  }

  @Test func `figures of objectives and schedules say what they compare`() throws {
    let objectives = try texts(["objective", "plot", "mse", "mae", "huber"]).figure
    #expect(
      objectives.contains(
        "At an error of 3, mse pulls hardest, with a slope of 6, mae and huber least, with 1."))
    let alone = try texts(["objective", "plot", "mae"]).figure
    #expect(alone.contains("At an error of 3, it pulls with a slope of 1."))
    let schedules = try texts(
      ["schedules", "--plot", "constant", "cosine", "--warmup", "0"]).figure
    #expect(
      schedules.contains(
        "On average, warm-up included, the rate is 100% of the highest with constant, "
          + "50% with cosine."))
  }

  @Test func `a line fit says whose slope is furthest from the truth`() throws {
    let (figure, report) = try texts(["objective", "fit", "mse", "huber"])
    let lines = try #require(report["lines"] as? [[String: Any]])
    let truth = try #require(report["true_slope"] as? Double)
    let misses = lines.compactMap { ($0["slope"] as? Double).map { abs($0 / truth - 1) * 100 } }
    #expect(misses.count == 2 && misses[0] > misses[1])
    #expect(
      figure.contains(
        String(
          format: "The slope of mse is off by %.1f%%, that of huber by %.1f%%.", misses[0],
          misses[1])))
  }
}
