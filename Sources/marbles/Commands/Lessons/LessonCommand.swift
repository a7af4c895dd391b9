import ArgumentParser
import Lessons
import Support

struct LessonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson",
    abstract: "Asks the exercises of the lecture, and checks the answers.",
    usage: "marbles lesson [<slide>] [<options>]",
    discussion: """
      Without a slide, prints all of them and what is solved. With one, asks its
      exercises that are not solved yet, or all when they are. A number may be
      written as 0.5, 1/2, 5e-1 or 50%; a choice is a letter. '?' is a hint, 's'
      shows the solution, 'q' ends. What was solved is kept in
      ~/.local/state/marbles/lesson.json, or below $XDG_STATE_HOME.

      Examples:
        marbles lesson
        marbles lesson bowl
      """)

  @Argument(
    help: "The name of a slide, such as bowl.",
    completion: .list(Lecture.standard.slides.map(\.name)))
  var slide: String?

  @Flag(help: "Print slides, or the exercises of one, and ask nothing.") var list = false

  @Flag(help: "Forget what was solved, of one slide or of all.") var reset = false

  @Flag(help: "Print one JSON object on standard output, and ask nothing.") var json = false

  @Flag(name: .shortAndLong, help: "Ask only: no text of the slide, no commands.")
  var quiet = false

  func validate() throws {
    if list, reset { throw ValidationError("--list and --reset exclude each other") }
    if quiet, list || reset || json || slide == nil {
      throw ValidationError("--quiet needs a slide whose exercises are asked")
    }
    _ = try chosen
  }

  func run() throws {
    let lecture = Lecture.standard
    let chosen = try chosen
    let store = LessonStore()
    if reset {
      let keys = (chosen.map { [$0] } ?? lecture.slides).flatMap(\.keys)
      let forgotten = try store.forget(keys)
      if !json { return Console.output("forgot \(forgotten.counted("exercise"))") }
    }
    let progress = try store.progress()
    let report = LessonReport(lecture: lecture, progress: progress, path: store.path)
    if json {
      Console.output(jsonText(report.record(of: chosen)))
    } else if let chosen, list {
      Console.output(report.exercises(of: chosen))
    } else if let chosen {
      try LessonDialogue(slide: chosen, lecture: lecture, store: store, isQuiet: quiet).run()
    } else {
      Console.output(report.table)
    }
  }

  /// The slide that was named; nil for none.
  private var chosen: Slide? {
    get throws {
      guard let name = slide else { return nil }
      let (slide, meant) = Lecture.standard.slide(named: name)
      if let slide { return slide }
      let hint = meant.map { "did you mean '\($0)'?" } ?? "'marbles lesson' lists them"
      throw ValidationError("there is no slide '\(name.fitted(40))'; \(hint)")
    }
  }
}

extension Slide {
  /// What progress calls its exercises.
  var keys: [String] { exercises.map(key) }
}

/// Reads and writes what was solved, and says what is wrong with the file.
struct LessonStore {
  private let file = LessonProgressFile.standard

  var path: String { file.path }

  /// What was solved.
  ///
  /// - Throws: `Failure` if the file cannot be read.
  func progress() throws -> LessonProgress {
    try kept {
      let (progress, setAside) = try file.load()
      if let setAside {
        Console.note(
          "\(path) holds no progress of lessons; it was moved to \(setAside), and you begin anew")
      }
      return progress
    }
  }

  /// Keeps an answer.
  @discardableResult
  func note(_ key: String, isRight: Bool) throws -> LessonProgress {
    try kept { try file.update { $0.note(key, isRight: isRight) } }
  }

  /// Forgets exercises, and returns how many had been answered.
  func forget(_ keys: [String]) throws -> Int {
    _ = try progress()
    return try kept {
      var count = 0
      _ = try file.update { count = $0.forget(keys) }
      return count
    }
  }

  private func kept<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as FileError {
      throw Failure(.output, "\(error); set XDG_STATE_HOME to a folder of yours")
    } catch let error as PlainFile.Refusal {
      throw Failure(
        .output,
        "\(path): progress cannot be kept there: \(error.reason); move it away or set "
          + "XDG_STATE_HOME to a folder of yours")
    }
  }
}
