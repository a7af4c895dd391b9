internal import Support

/// The lecture as a page of Markdown.
package struct LecturePage {
  private let lecture: Lecture
  private static let width = 120

  /// Creates the page of a lecture.
  package init(_ lecture: Lecture) { self.lecture = lecture }

  /// The whole page, which ends in a newline.
  package var text: String {
    ([Self.head, table] + lecture.slides.enumerated().map(section)).joined(separator: "\n") + "\n"
  }

  private static let head =
    (["# The lecture, slide by slide", ""]
    + wrapped(
      "For each slide: what to say, what to run, what to see, and three exercises. `make lecture` "
        + "runs all commands of this page in `lecture/` and leaves `lecture/index.html`, which "
        + "shows every figure and every output. `marbles lesson` asks the exercises in a "
        + "terminal, checks the answers and keeps what was solved; it needs no network.")
    + [
      "", "```sh", "make lecture               # all figures of this page",
      "marbles lesson             # the slides, and how far you are",
      "marbles lesson bowl        # the exercises of one of them", "```", "",
    ]
    + wrapped(
      "Begin in an empty folder: later commands use what earlier ones have written. The answers "
        + "are worked out by Marbles' own code where they can be, and compared with PyTorch.")
    + [""]).joined(separator: "\n")

  /// A row for each slide.
  private var table: String {
    let rows = lecture.slides.enumerated().map { number, slide in
      let commands = slide.commands.map { "`\($0.name)`" }.uniqued.joined(separator: ", ")
      let figures = slide.figures.map { "`\($0.path)`" }.joined(separator: ", ")
      return "| \(number + 1) | [\(slide.title)](#\(slide.name)) | `\(slide.name)` | \(commands) "
        + "| \(figures.isEmpty ? "–" : figures) |"
    }
    return
      (["| | slide | name | commands | figures |", "| --- | --- | --- | --- | --- |"] + rows)
      .joined(separator: "\n") + "\n"
  }

  private func section(_ number: Int, _ slide: Slide) -> String {
    var lines = ["<a name=\"\(slide.name)\"></a>", "", "## \(number + 1). \(slide.title)", ""]
    for paragraph in slide.words { lines += Self.wrapped(paragraph) + [""] }
    if !slide.commands.isEmpty {
      lines += ["```sh"] + slide.commands.flatMap { ["# \($0.purpose)", $0.text] } + ["```", ""]
    }
    let figures = slide.figures
    for figure in figures {
      lines += Self.wrapped("* `\(figure.path)`: \(figure.caption)", indent: "  ")
    }
    if !figures.isEmpty { lines.append("") }
    for figure in figures {
      if let picture = figure.picture { lines += ["![\(figure.caption)](images/\(picture))", ""] }
    }
    for (place, exercise) in slide.exercises.enumerated() {
      lines += Self.lines(of: exercise, number: place + 1) + [""]
    }
    return lines.joined(separator: "\n")
  }

  /// The question, and its answer behind a fold.
  private static func lines(of exercise: Exercise, number: Int) -> [String] {
    var lines = wrapped("**Exercise \(number).** \(exercise.question)")
    if case .choice(let choices, _) = exercise.answer {
      lines += [""]
      lines += choices.enumerated().flatMap { place, choice in
        wrapped("* \(Exercise.letter(place))) \(choice)", indent: "  ")
      }
    }
    lines += ["", "<details><summary>Answer</summary>", ""]
    lines += wrapped(
      "**\(exercise.solution)**" + (exercise.solution.hasSuffix(".") ? " " : ". ")
        + exercise.explanation)
    let mistakes = exercise.mistakes.map { "* \(exercise.text(of: $0)): \($0.meaning)" }
    if !mistakes.isEmpty { lines += [""] + mistakes.flatMap { wrapped($0, indent: "  ") } }
    return lines + ["", "</details>"]
  }

  /// Lines of at most 120 characters, without signs that Markdown would take for its own.
  private static func wrapped(_ text: String, indent: String = "") -> [String] {
    text.words(width: width, indent: indent)
  }
}

extension SlideCommand {
  /// The command without what it is given: `data sketch`.
  fileprivate var name: String {
    let words = text.split(separator: " ").dropFirst()
    let count = ["data", "objective"].contains(words.first ?? "") ? 2 : 1
    return words.prefix(count).joined(separator: " ")
  }
}

extension Exercise {
  /// A wrong answer as people write it.
  package func text(of mistake: Mistake) -> String {
    if case .choice = answer { return "\(Self.letter(Int(mistake.answer))))" }
    if let whole = Int(exactly: mistake.answer) {
      // Where no whole number is asked for, a comma begins the decimals.
      if case .count = answer { return whole.grouped }
      return "\(whole)"
    }
    return mistake.answer.text(within: abs(mistake.answer) / 200)
  }
}

extension String {
  /// Broken at blanks into lines of at most `width` characters, all but the first indented.
  package func words(width: Int, indent: String = "") -> [String] {
    split(separator: " ").reduce(into: [String]()) { lines, word in
      guard let last = lines.last, last.count + 1 + word.count <= width else {
        return lines.append((lines.isEmpty ? "" : indent) + word)
      }
      lines[lines.count - 1] = last + " " + word
    }
  }
}

extension [String] {
  /// Without repetitions, in order.
  fileprivate var uniqued: [String] {
    reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
