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
    (["data", "scan"], "See 'marbles data scan --help'."),
    (["train", "x", "--epochs", "-3"], "A negative number follows an equals sign: =-3."),
    (["train", "x", "--limit", "1"], "--limit is 1, expected 2 or more."),
  ])
  func `a mistyped command is told what was probably meant`(
    words: [String], answer: String
  ) throws {
    let outcome = try Tool.run(words, in: folder)
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains(answer), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
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
