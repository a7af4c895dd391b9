import Lessons
import Testing

@Suite struct ExerciseTests {
  private let half = Exercise(
    "half", "?", number: 0.5, within: 0.005, hint: "", why: "", mistakes: [2: "upside down"])
  private let many = Exercise(
    "many", "?", count: 12_288, hint: "", why: "", mistakes: [4096: "pixels"])
  private let choice = Exercise(
    "choice", "?", choices: ["no": "not so", "yes": nil, "never": "nor so"], hint: "", why: "")

  @Test(arguments: [
    "0.5", ".5", "0.50", "1/2", "5e-1", "50%", " 0.5 ", "x = 0.5", "2^-1", "1 - 0.5", "0.496",
    "ln(2)/ln(4)", "+0.5", "−0.5 + 1", "1·0.5",
  ])
  func `a number may be written in any common form`(text: String) {
    #expect(half.check(text) == .right(note: nil), "\(text)")
  }

  @Test func `a decimal comma is understood, and said to be a point here`() {
    #expect(half.check("0,5") == .right(note: "read as 0.5"))
    #expect(
      half.check("2,0")
        == .wrong(
          meaning: "upside down", note: "read as 2.0"))
  }

  @Test func `commas group the digits of a whole number`() {
    #expect(many.check("12,288") == .right(note: nil))
    #expect(many.check("12288") == .right(note: nil))
    #expect(many.check("64*64*3") == .right(note: nil))
    #expect(many.check("4,096") == .wrong(meaning: "pixels", note: nil))
    #expect(many.check("12289") == .wrong(meaning: nil, note: nil))
    #expect(many.check("12,28") != .right(note: nil))
    // Asked for a fraction, one comma begins the decimals and two group digits.
    #expect(half.check("0,500") == .right(note: "read as 0.500"))
    #expect(half.check("1,000,000") == .wrong(meaning: nil, note: nil))
  }

  @Test(arguments: ["six", "", "1/0", "0/0", "--", "x", "1 2", "nan", "inf", "0.5.1", "50%%"])
  func `what is no number is said to be none`(text: String) {
    #expect(
      half.check(text) == .unreadable(expected: "a number, such as 0.5, 2/3 or 1e-3"), "\(text)")
  }

  @Test func `a number is right up to its tolerance`() {
    #expect(half.check("0.505") == .right(note: nil))
    #expect(half.check("0.506") == .wrong(meaning: nil, note: nil))
    #expect(half.check("0.494") == .wrong(meaning: nil, note: nil))
  }

  @Test func `a choice is a letter in either case`() {
    for text in ["b", "B", "b)", "(b)", " b "] {
      #expect(choice.check(text) == .right(note: nil), "\(text)")
    }
    #expect(choice.check("a") == .wrong(meaning: "not so", note: nil))
    #expect(choice.check("c") == .wrong(meaning: "nor so", note: nil))
    for text in ["d", "1", "", "ab", "yes"] {
      #expect(choice.check(text) == .unreadable(expected: "a letter from a to c"), "\(text)")
    }
  }
}
