import TestSupport
import Testing

/// How numbers are printed for people and for programs.
@Suite struct NumbersTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `tables group digits by commas and JSON does not`() throws {
    let arguments = ["models", "kitten"]
    let table = try Tool.run(arguments, in: folder).output
    #expect(table.split(separator: "\n").contains { $0.hasPrefix("total") && $0.contains(",") })
    let json = try Tool.json(Tool.run(arguments + ["--json"], in: folder))
    let parameters = try #require(
      (json["network"] as? [String: Any])?["parameters"] as? Int)
    #expect(table.contains(" \(parameters / 1000),") && parameters >= 10_000)
  }
}
