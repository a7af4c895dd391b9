import Optimization
import Testing

private struct Entry: CatalogueEntry {
  static let kind = "objective"
  var name: String, summary = "one of two"
  var parameters: [ChoiceParameter] = []
}

private let catalogue = Catalogue([
  Entry(name: "plain"),
  Entry(
    name: "huber",
    parameters: [
      ChoiceParameter("delta", 1, in: 1e-6...1e6, "where it changes"),
      ChoiceParameter("rounds", .count(1...10), [3], "how often"),
      ChoiceParameter("at", .ascending(0...1), [0.5, 0.75], "where"),
      ChoiceParameter("weights", .perClass(0...9), [], "how much"),
      ChoiceParameter("nesterov", .flag, [0], "look ahead"),
    ]),
])

@Suite struct ChoiceTests {
  @Test func `what is not given has its default`() throws {
    let choice = try Choice("huber:delta=0.5", in: catalogue)
    #expect(choice.values["delta"] == 0.5)
    #expect(choice.values.count("rounds") == 3)
    #expect(choice.values.list("at") == [0.5, 0.75])
    #expect(choice.values.list("weights") == [])
    #expect(!choice.values.flag("nesterov"))
  }

  @Test(arguments: [
    ("plain", "plain"), ("huber:delta=1", "huber"),
    ("huber:delta=5e-1,rounds=4", "huber:delta=0.5,rounds=4"),
    ("huber:nesterov=true,weights=3/1,at=0.25/1", "huber:at=0.25/1,weights=3/1,nesterov=true"),
  ])
  func `a choice is written back as its shortest text`(text: String, canonical: String) throws {
    let choice = try Choice(text, in: catalogue)
    #expect(choice.description == canonical)
    #expect(try Choice(canonical, in: catalogue).description == canonical)
  }

  @Test(arguments: [
    ("hubre", "did you mean 'huber'?"), ("", "there are plain, huber"),
    ("plain:x=1", "takes no parameters"), ("huber:sigma=1", "there are delta, rounds"),
    ("huber:", "no parameter ''"), ("huber:delta", "expected a number from 1e-06 to 1000000"),
    ("huber:delta=nan", "is 'nan'"), ("huber:delta=0", "expected a number"),
    ("huber:delta=1,delta=2", "given twice"), ("huber:rounds=2.5", "a whole number from 1 to 10"),
    ("huber:at=0.5/", "separated by slashes"),
    ("huber:at=0.5/0.25", "ascending"), ("huber:weights=1/10", "one per class"),
    ("huber:nesterov=1", "true or false"),
    ("huber:delta=0.5,", "no parameter ''"),
  ])
  func `what cannot be read is said with what was expected`(text: String, part: String) throws {
    let error = try #require(throws: ChoiceError.self) {
      try Choice(text, in: catalogue)
    }
    #expect(error.description.contains(part), "\(error)")
  }

  @Test func `a choice is equal to another text that means the same`() throws {
    let choice = try Choice("huber:rounds=3,delta=2", in: catalogue)
    #expect(try choice == Choice("huber:delta=2.0", in: catalogue))
    #expect(try choice != Choice("huber", in: catalogue))
  }

  @Test func `a catalogue with one more entry knows it, and the old one does not`() throws {
    let more = catalogue.adding(Entry(name: "own"))
    #expect(more.allNames == ["plain", "huber", "own"])
    #expect(try Choice("own", in: more).description == "own")
    #expect(throws: ChoiceError.self) { try Choice("own", in: catalogue) }
  }

  @Test(arguments: ["plain", "", "expr", "a b", "a:b", "a=b", "a,b", "a/b"])
  func `a name that is taken or cannot be written traps`(name: String) async {
    await #expect(processExitsWith: .failure) { [name] in
      _ = catalogue.adding(Entry(name: name))
    }
  }
}
