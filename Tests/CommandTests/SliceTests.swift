import Foundation
import TestSupport
import Testing

/// `evaluate --slices` and the lists it takes columns from.
@Suite struct SliceTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Tool.train("a", in: folder)
    let sketch = try Tool.run(
      ["data", "sketch", "practice", "--count", "30", "--list", "--masks"], in: folder)
    #expect(sketch.code == 0, "\(sketch.errors)")
    #expect(sketch.output.hasSuffix("listed in practice.csv\nmasks in practice-masks\n"))
  }

  private func evaluate(_ data: String, _ slices: String, _ words: String...) throws -> Tool.Outcome
  {
    try Tool.run(["evaluate", "runs/a", data, "--slices", slices] + words, in: folder)
  }

  @Test func `every image is in one slice of each quantity and column`() throws {
    let outcome = try evaluate(
      "practice.csv", "brightness,size,aspect,format,backdrop,place,pose", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try Tool.json(outcome)
    let slices = try #require(report["slices"] as? [[String: Any]])
    let right = try #require(report["accuracy"] as? Double) * 30
    for quantity in ["brightness", "size", "aspect", "format", "backdrop", "place", "pose"] {
      let own = slices.filter { $0["quantity"] as? String == quantity }
      #expect(own.count > 1, "\(quantity)")
      #expect(own.compactMap { $0["count"] as? Int }.reduce(0, +) == 30, "\(quantity)")
      let correct = own.compactMap { $0["correct"] as? Int }.reduce(0, +)
      #expect(abs(Double(correct) - right) < 1e-6, "\(quantity)")
    }
    let table = String(decoding: try folder.read("practice.csv"), as: UTF8.self)
    for line in table.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",")
      #expect(fields[3] != "indoors" || ["room", "window", "sofa"].contains(fields[2]))
    }
  }

  @Test func `the table has a line for each slice, in 80 columns`() throws {
    let outcome = try evaluate("practice.csv", "place, brightness")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    for name in ["place ", "brightness ", "  indoors ", "  nowhere ", "  below "] {
      #expect(lines.contains { $0.hasPrefix(name) }, "\(name)")
    }
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test func `a column that has the name of a quantity is taken, and that is said`() throws {
    let list = String(decoding: try folder.read("practice.csv"), as: UTF8.self)
      .split(separator: "\n").enumerated().map { "\($1),\($0 == 0 ? "brightness" : "dim")" }
    try folder.write(Array((list.joined(separator: "\n") + "\n").utf8), to: "dim.csv")
    let outcome = try evaluate("dim.csv", "brightness,size", "--json")
    let slices = try #require(try Tool.json(outcome)["slices"] as? [[String: Any]])
    #expect(slices.first?["value"] as? String == "dim", "\(slices)")
    let notes = outcome.errors.split(separator: "\n").filter { $0.contains("--slices") }
    #expect(notes == ["note: --slices brightness is by the column of dim.csv"])
    #expect(try !evaluate("dim.csv", "brightness", "--quiet").errors.contains("--slices"))
  }

  @Test func `what is no slice is refused, and what there is is named`() throws {
    let unknown = try evaluate("practice.csv", "breed")
    #expect(unknown.code == 64)
    #expect(
      unknown.errors.contains(
        "'breed' is unknown; there are brightness, size, aspect, format and the columns backdrop, "
          + "place, typical, pose of practice.csv"), "\(unknown.errors)")
    let plain = try evaluate("practice", "pose")
    #expect(plain.code == 64 && plain.errors.contains("there are brightness, size, aspect, format"))
    for (slices, reason) in [
      ("size,size", "'size' is given twice"), ("size,", "a name is empty"),
    ] {
      let outcome = try evaluate("practice.csv", slices)
      #expect(outcome.code == 64 && outcome.errors.contains(reason), "\(outcome.errors)")
    }
    let list = String(decoding: try folder.read("practice.csv"), as: UTF8.self)
      .split(separator: "\n").enumerated().map { $0 == 0 ? "\($1),number" : "\($1),\($0)" }
    try folder.write(Array((list.joined(separator: "\n") + "\n").utf8), to: "numbered.csv")
    // Thirty numbers are divided into quarters, thirty names are not.
    let numbered = try Tool.json(evaluate("numbered.csv", "number", "--json"))
    let quarters = try #require(numbered["slices"] as? [[String: Any]])
    #expect(quarters.compactMap { $0["count"] as? Int } == [7, 8, 7, 8], "\(quarters)")
    #expect(quarters.first?["value"] as? String == "below 8", "\(quarters)")
    let gaps = list.enumerated().map { $0 % 10 == 5 ? $1.replacing(/,[0-9]+$/, with: ",") : $1 }
    try folder.write(Array((gaps.joined(separator: "\n") + "\n").utf8), to: "gaps.csv")
    let lacking = try Tool.json(evaluate("gaps.csv", "number", "--json"))
    let last = try #require((lacking["slices"] as? [[String: Any]])?.last)
    #expect(last["value"] as? String == "(empty)" && last["count"] as? Int == 3)
  }

  @Test func `masks are as large as their images, and never replace a file of the user`() throws {
    #expect(try folder.read("practice-masks/cat/cat-0001.png").count > 100)
    try folder.write([1], to: "practice.csv")
    let foreign = try Tool.run(
      ["data", "sketch", "practice", "--count", "30", "--list"], in: folder)
    #expect(foreign.code == 73, "\(foreign.errors)")
    #expect(try folder.read("practice.csv") == [1])
  }
}
