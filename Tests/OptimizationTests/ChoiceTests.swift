import Optimization
import Testing

private let catalogue = [
  ChoiceEntry("plain", "nothing to decide"),
  ChoiceEntry(
    "huber", "round below, straight above",
    [
      ChoiceParameter("delta", 1, in: 1e-6...1e6, "where it changes"),
      ChoiceParameter("rounds", .count(1...10), [3], "how often"),
      ChoiceParameter("at", .list(0...1), [0.5, 0.75], "where"),
      ChoiceParameter("nesterov", .flag, [0], "look ahead"),
    ]),
]

@Suite struct ChoiceTests {
  @Test func `what is not given has its default`() throws {
    let choice = try Choice("huber:delta=0.5", from: catalogue, kind: "objective")
    #expect(choice["delta"] == 0.5)
    #expect(choice["rounds"] == 3)
    #expect(choice.list("at") == [0.5, 0.75])
    #expect(choice["nesterov"] == 0)
  }

  @Test(arguments: [
    ("plain", "plain"), ("huber:delta=1", "huber"),
    ("huber:delta=5e-1,rounds=4", "huber:delta=0.5,rounds=4"),
    ("huber:at=0.25/1/0.5,nesterov=true", "huber:at=0.25/1/0.5,nesterov=true"),
  ])
  func `a choice is written back as its shortest text`(text: String, canonical: String) throws {
    let choice = try Choice(text, from: catalogue, kind: "objective")
    #expect(choice.description == canonical)
    #expect(try Choice(canonical, from: catalogue, kind: "objective").description == canonical)
  }

  @Test(arguments: [
    ("hubre", "did you mean 'huber'?"), ("", "there are plain, huber"),
    ("plain:x=1", "takes no parameters"), ("huber:sigma=1", "there are delta, rounds"),
    ("huber:", "no parameter ''"), ("huber:delta", "expected a number from 1e-06 to 1000000"),
    ("huber:delta=nan", "is 'nan'"), ("huber:delta=0", "expected a number"),
    ("huber:delta=1,delta=2", "given twice"), ("huber:rounds=2.5", "a whole number from 1 to 10"),
    ("huber:at=0.5/", "with slashes"), ("huber:nesterov=1", "true or false"),
    ("huber:delta=0.5,", "no parameter ''"),
  ])
  func `what cannot be read is said with what was expected`(text: String, part: String) throws {
    let error = try #require(throws: ChoiceError.self) {
      try Choice(text, from: catalogue, kind: "objective")
    }
    #expect(error.description.contains(part), "\(error)")
  }
}
