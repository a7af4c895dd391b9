import Foundation
import Lessons
import Support

/// Asks the exercises of a slide, one after another, on standard input and output.
struct LessonDialogue {
  let slide: Slide
  let lecture: Lecture
  let store: LessonStore
  let isQuiet: Bool

  /// Wrong answers after which the solution is shown.
  private static let mostWrong = 3
  /// Lines that are read for one exercise at most.
  private static let mostLines = 12

  private enum Ending { case next, quit }

  /// Asks what is not solved yet; everything if all is.
  ///
  /// - Throws: `Failure` if progress cannot be kept.
  func run() throws {
    let progress = try store.progress()
    let isSolved = slide.exercises.map { progress[slide.key(of: $0)].isSolved }
    let repeats = isSolved.allSatisfy(\.self)
    if !isQuiet { introduce(repeats: repeats, solved: isSolved.count(where: \.self)) }
    for (place, exercise) in slide.exercises.enumerated() where repeats || !isSolved[place] {
      say("\(place + 1) of \(slide.exercises.count): \(exercise.question)")
      say(choices: exercise)
      guard try ask(exercise) == .next else { break }
      if Console.outputIsTerminal { Console.output("") }
    }
    try conclude()
  }

  // MARK: Questions

  private func ask(_ exercise: Exercise) throws -> Ending {
    var wrong = 0
    for _ in 0..<Self.mostLines {
      guard let line = answer() else { return .quit }
      switch line {
      case "": continue
      case "q", "quit", "exit": return .quit
      case "?": say("hint: \(exercise.hint)")
      case "s":
        solve(exercise)
        return .next
      default:
        let verdict = exercise.check(line)
        say(verdict, of: exercise)
        switch verdict {
        case .unreadable: continue
        case .right:
          try store.note(slide.key(of: exercise), isRight: true)
          return .next
        case .wrong:
          try store.note(slide.key(of: exercise), isRight: false)
          wrong += 1
        }
        if wrong == Self.mostWrong {
          solve(exercise)
          return .next
        }
      }
    }
    solve(exercise)
    return .next
  }

  /// The next line of standard input, trimmed; nil at its end.
  private func answer() -> String? {
    let isTerminal = isatty(STDIN_FILENO) == 1
    if isTerminal { Console.write(status: "> ") }
    guard let line = readLine() else {
      // Below the prompt.
      if isTerminal { Console.write(status: "\n") }
      return nil
    }
    let text = line.trimmingCharacters(in: .whitespaces)
    return ["Q", "S", "QUIT", "EXIT"].contains(text) ? text.lowercased() : text
  }

  // MARK: Texts

  private func introduce(repeats: Bool, solved: Int) {
    say("\(slide.name): \(slide.title)")
    for paragraph in slide.words { say(paragraph, spaced: true) }
    if !slide.commands.isEmpty { say("try:", spaced: true) }
    for command in slide.commands { Console.output("  \(command.text)") }
    if repeats { say("all solved; once more for practice", spaced: true) }
    if !repeats, solved > 0 { say("\(solved) of \(slide.exercises.count) solved", spaced: true) }
    if isatty(STDIN_FILENO) == 1 { say("? hint, s solution, q end", spaced: true) }
    if Console.outputIsTerminal { Console.output("") }
  }

  /// On a terminal a line for each choice, elsewhere one for all.
  private func say(choices exercise: Exercise) {
    guard case .choice(let choices, _) = exercise.answer else { return }
    let lines = choices.enumerated().map { "\(Exercise.letter($0))) \($1)" }
    if Console.outputIsTerminal {
      lines.forEach { say($0, indent: "   ") }
    } else {
      say(lines.joined(separator: " "))
    }
  }

  private func say(_ verdict: Exercise.Verdict, of exercise: Exercise) {
    switch verdict {
    case .unreadable(let expected): say("not understood: expected \(expected)")
    case .right(let note):
      if let note { say(note) }
      say("right: \(exercise.explanation)")
    case .wrong(let meaning, let note):
      if let note { say(note) }
      say("wrong" + (meaning.map { ": \($0)" } ?? "; '?' is a hint"))
    }
  }

  private func solve(_ exercise: Exercise) {
    let end = exercise.solution.hasSuffix(".") ? "" : "."
    say("solution: \(exercise.solution)\(end) \(exercise.explanation)")
  }

  private func conclude() throws {
    let progress = try store.progress()
    let keys = slide.keys
    let solved = keys.count { progress[$0].isSolved }
    say("\(slide.name): \(solved) of \(keys.count) solved")
    guard !isQuiet, solved == keys.count else { return }
    let open = lecture.slides.first { slide in
      slide.keys.contains { !progress[$0].isSolved }
    }
    say(open.map { "next: marbles lesson \($0.name)" } ?? "that was all: every exercise is solved")
  }

  /// Prints one line, broken only for a person's eyes.
  private func say(_ text: String, indent: String = "", spaced: Bool = false) {
    guard Console.outputIsTerminal else { return Console.output(text) }
    let lines = text.words(width: min(Console.width, 80), indent: indent)
    Console.output((spaced ? "\n" : "") + lines.joined(separator: "\n"))
  }
}
