import Foundation
import ImageLoading
import TestSupport
import Testing

@Suite struct DataEnoughTests {
  let folder: TemporaryFolder

  /// Draws sketches, which a tiny network learns a little of.
  init() throws {
    folder = try TemporaryFolder()
    let outcome = try Tool.run(
      ["data", "sketch", "sketches", "--count", "240"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  private func enough(_ options: String...) throws -> Tool.Outcome {
    try Tool.run(["data", "enough", "sketches"] + Tool.tiny + options, in: folder)
  }

  @Test func `a curve is measured, extended and answered, with its figure and its table`() throws {
    let outcome = try enough("--epochs", "4", "--sizes", "4", "--out", "curve.svg")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasSuffix("measured on 48 held-out images"))
    #expect(lines.contains { $0.hasPrefix("More images ") && $0.hasSuffix(".") })
    #expect(lines.suffix(3) == ["curve.svg", "curve.csv", ""])
    #expect(lines.allSatisfy { $0.count <= 80 })
    let table = String(decoding: try folder.read("curve.csv"), as: UTF8.self).split(separator: "\n")
    #expect(table[0] == "images,draw,right,held_out,accuracy")
    #expect(table.count == 9)
    let figure = String(decoding: try folder.read("curve.svg"), as: UTF8.self)
    #expect(figure.contains("<title>Would more images help?</title>"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/runs"))
  }

  @Test func `a report for programs is one object, the same for one seed`() throws {
    let outcomes = try ["1", "2"].map {
      try enough(
        "--epochs", "1", "--sizes", "4", "--draws", "1", "--json", "--overwrite", "--threads", $0)
    }
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(outcomes[0].output.utf8)) as? [String: Any])
    // Nothing is said of networks that have hardly learned.
    #expect(report["answer"] as? String == "unknown" && report["passes"] as? Int == 1)
    #expect((report["forecasts"] as? [Any])?.count == 3)
    #expect((report["sizes"] as? [[String: Any]])?.last?["images"] as? Int == 192)
    #expect(outcomes[0].output == outcomes[1].output)
  }

  @Test func `a budget chooses the passes, and says so`() throws {
    let outcome = try enough("--budget", "3s", "--sizes", "4", "--draws", "1")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("budget 3.0 s for 4 trainings: "), "\(outcome.errors)")
  }

  @Test func `too few images and options that do not fit are refused before training`() throws {
    let few = try enough("--epochs", "1", "--sizes", "6")
    #expect(few.code == 65 && few.errors.contains("are too few"), "\(few.errors)")
    #expect(try enough("--epochs", "1", "--budget", "3s").code == 64)
    #expect(try enough("--sizes", "3").code == 64)
    #expect(try enough("--draws", "0").code == 64)
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/learning-curve.png"))
  }
}
