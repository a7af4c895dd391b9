import Lessons
import Support

/// What was solved, as people and programs read it.
struct LessonReport {
  let lecture: Lecture
  let progress: LessonProgress
  let path: String

  // MARK: Text

  /// A line for each slide, and what comes next.
  var table: String {
    let width = (lecture.slides.map(\.name.count).max() ?? 0) + 2
    let rows = lecture.slides.map { slide in
      "\(marks(of: slide))  \(slide.name.left(width))\(slide.title)"
    }
    let keys = lecture.slides.flatMap(\.keys)
    let solved = keys.count { progress[$0].isSolved }
    let next = lecture.slides.first { $0.keys.contains { !progress[$0].isSolved } }
    return
      (rows + [
        "", "\(solved) of \(keys.count) exercises solved (● solved, ◐ answered wrongly, ○ open)",
        next.map { "next: marbles lesson \($0.name)" } ?? "that was all",
      ]).joined(separator: "\n")
  }

  /// The questions of a slide, and which are solved.
  func exercises(of slide: Slide) -> String {
    let rows = slide.exercises.enumerated().flatMap { place, exercise in
      let mark = Self.mark(progress[slide.key(of: exercise)])
      return "\(mark) \(place + 1)  \(exercise.question)".words(width: 80, indent: "     ")
    }
    return (["\(slide.name): \(slide.title)", ""] + rows).joined(separator: "\n")
  }

  private func marks(of slide: Slide) -> String {
    slide.keys.map { Self.mark(progress[$0]) }.joined()
  }

  private static func mark(_ record: LessonProgress.Record) -> String {
    record.isSolved ? "●" : record.wrong > 0 ? "◐" : "○"
  }

  // MARK: Values

  /// What `--json` prints.
  struct Record: Encodable {
    struct Part: Encodable {
      struct Question: Encodable {
        var name: String, question: String, choices: [String]?
        var isSolved: Bool, wrong: Int
      }
      var name: String, title: String, commands: [String], exercises: [Question]
    }
    var file: String, solved: Int, count: Int
    var slides: [Part]
  }

  /// The state of a slide, or of all.
  func record(of slide: Slide?) -> Record {
    let slides = slide.map { [$0] } ?? lecture.slides
    let keys = slides.flatMap(\.keys)
    return Record(
      file: path, solved: keys.count { progress[$0].isSolved }, count: keys.count,
      slides: slides.map { slide in
        Record.Part(
          name: slide.name, title: slide.title, commands: slide.commands.map(\.text),
          exercises: slide.exercises.map { question($0, of: slide) })
      })
  }

  private func question(_ exercise: Exercise, of slide: Slide) -> Record.Part.Question {
    let record = progress[slide.key(of: exercise)]
    var choices: [String]?
    if case .choice(let texts, _) = exercise.answer { choices = texts }
    return Record.Part.Question(
      name: exercise.name, question: exercise.question, choices: choices,
      isSolved: record.isSolved, wrong: record.wrong)
  }
}
