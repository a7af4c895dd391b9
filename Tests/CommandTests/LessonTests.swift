import Foundation
import Lessons
import TestSupport
import Testing

/// Exercises as a student answers them, in a pipe.
@Suite struct LessonTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let file = "state/marbles/lesson.json"

  private func lesson(_ arguments: String..., input: String = "") throws -> Tool.Outcome {
    try Tool.run(
      ["lesson"] + arguments, in: folder, input: input,
      environment: ["XDG_STATE_HOME": "\(folder.path)/state"])
  }

  private func solved(_ slide: String = "bowl") throws -> Int {
    try #require(Tool.json(lesson(slide, "--json"))["solved"] as? Int)
  }

  @Test func `all slides are listed, with what is solved and what comes next`() throws {
    _ = try lesson("tensors", input: "12,288\n18\n1572864\n")
    let outcome = try lesson()
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    for slide in Lecture.standard.slides { #expect(outcome.output.contains(slide.name)) }
    #expect(outcome.output.contains("●●●  tensors"))
    #expect(outcome.output.contains("3 of \(Lecture.standard.exercises.count) exercises solved"))
    #expect(outcome.output.contains("next: marbles lesson bias"))
    for line in outcome.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(try lesson("--list").output == outcome.output)
  }

  @Test func `right answers are praised, wrong ones explained, and both are kept`() throws {
    let outcome = try lesson("bowl", input: "9\n6\n2,4\n25\n26\n")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(
      lines.map { $0.prefix { $0 != ":" } }.filter { ["right", "wrong"].contains($0) } == [
        "wrong", "right", "right", "wrong", "right",
      ])
    #expect(lines.contains("wrong: That is the height, f(3)."))
    #expect(lines.contains { $0.hasPrefix("read as 2.4") })
    #expect(lines.contains("bowl: 3 of 3 solved"))
    let state = try Tool.json(lesson("bowl", "--json"))
    let slides = try #require(state["slides"] as? [[String: Any]])
    let exercises = try #require(slides.first?["exercises"] as? [[String: Any]])
    #expect(exercises.map { $0["wrong"] as? Int } == [1, 0, 1])
    #expect(exercises.allSatisfy { $0["is_solved"] as? Bool == true })
  }

  @Test func `only what is open is asked again`() throws {
    _ = try lesson("bowl", input: "6\nq\n")
    let outcome = try lesson("bowl", "--quiet", input: "2.4\n26\n")
    #expect(!outcome.output.contains("1 of 3") && outcome.output.contains("2 of 3"))
    #expect(try solved() == 3)
    let again = try lesson("bowl", input: "q\n")
    #expect(again.output.contains("once more for practice") && again.output.contains("1 of 3"))
  }

  @Test func `a hint gives nothing away, and a solution is not solved`() throws {
    let outcome = try lesson("bowl", "-q", input: "?\ns\ns\ns\n")
    #expect(outcome.output.contains("hint: f′(x) = 2x."))
    #expect(outcome.output.contains("solution: 26. n >"))
    #expect(outcome.output.contains("bowl: 0 of 3 solved"))
    #expect(try solved() == 0)
  }

  @Test func `three wrong answers are followed by the solution`() throws {
    let outcome = try lesson("bowl", "-q", input: "1\n2\n4\n2.4\nq\n")
    #expect(outcome.output.contains("solution: 6. f′(3)"))
    #expect(outcome.output.contains("right: 3 − 0.1 · 6 = 2.4."))
  }

  @Test func `an input that never ends is answered to its end`() throws {
    for line in ["?", "x", "", "b", "1"] {
      let endless = String(repeating: "\(line)\n", count: 100)
      let outcome = try lesson("bias", "-q", input: endless)
      #expect(outcome.code == 0 && outcome.output.contains("3 of 3: "), "\(line)")
    }
  }

  @Test func `the end of the input ends the lesson, and keeps what was answered`() throws {
    let outcome = try lesson("bowl", "-q", input: "6")
    #expect(outcome.code == 0 && outcome.output.hasSuffix("bowl: 1 of 3 solved\n"))
    #expect(try solved() == 1)
  }

  @Test func `a question and each answer are a line in a pipe`() throws {
    let outcome = try lesson("bias", "-q", input: "0.9\na\nc\n0.951\n")
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    let words = lines.map { $0.prefix { $0 != ":" && $0 != ")" } }
    #expect(
      words == [
        "1 of 3", "right", "2 of 3", "a", "wrong", "right", "3 of 3", "right", "bias", "",
      ], "\(outcome.output)")
  }

  @Test func `progress is forgotten when that is asked for`() throws {
    _ = try lesson("bowl", input: "6\n2.4\n26\n")
    _ = try lesson("tensors", input: "12288\n")
    #expect(try lesson("bowl", "--reset").output == "forgot 3 exercises\n")
    #expect(try solved() == 0 && solved("tensors") == 1)
    #expect(try lesson("--reset").output == "forgot 1 exercise\n")
  }

  @Test func `a damaged file is said, set aside, and no crash`() throws {
    try folder.write(Array("no progress".utf8), to: Self.file)
    let outcome = try lesson("bowl", "-q", input: "6\n")
    #expect(outcome.code == 0 && outcome.errors.contains("was moved to"), "\(outcome.errors)")
    #expect(try folder.read("\(Self.file).damaged-1") == Array("no progress".utf8))
    #expect(try solved() == 1)
  }

  @Test func `answers that cannot be kept end with 73`() throws {
    try folder.write([], to: "state/marbles")
    let outcome = try lesson("bowl", "-q", input: "6\n2.4\n")
    #expect(outcome.code == 73 && outcome.complaints.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("XDG_STATE_HOME"))
    #expect(!outcome.output.contains("2 of 3"))
  }

  @Test(arguments: [
    (["bowls"], "did you mean 'bowl'"), (["zzzzzz"], "'marbles lesson' lists them"),
    (["--quiet"], "--quiet needs"), (["bowl", "--json", "-q"], "--quiet needs"),
    (["bowl", "--list", "--reset"], "exclude"), (["bowl", "step"], "nexpected argument"),
  ])
  func `what cannot be asked is said with code 64`(arguments: [String], part: String) throws {
    expect(try Tool.run(["lesson"] + arguments, in: folder), code: 64, part)
  }
}
