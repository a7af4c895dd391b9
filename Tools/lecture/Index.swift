import Lessons

/// A page of HTML with every slide: what to say, what was run, what came out, and the figures.
struct Index {
  let lecture: Lecture
  /// One list for each slide.
  let results: [[LectureRun.Result]]

  /// The whole page; its figures are files beside it.
  var html: String {
    let sections = zip(lecture.slides, results).enumerated().map { number, content in
      section(number + 1, content.0, content.1)
    }
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>The lecture, slide by slide</title>
      <meta name="viewport" content="width=device-width">
      <style>
      body { font: 17px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }
      img { max-width: 100% } img.pixels { width: 20em; image-rendering: pixelated }
      figure { margin: 1.5em 0 }
      pre { background: #f3f1f8; padding: .7em 1em; overflow-x: auto; font-size: 13px }
      section { border-top: 1px solid #ccc; margin-top: 3em } figcaption { color: #444 }
      </style></head><body>
      <h1>The lecture, slide by slide</h1>
      <ol>\(contents)</ol>
      \(sections.joined(separator: "\n"))
      </body></html>

      """
  }

  private var contents: String {
    lecture.slides.map { "<li><a href=\"#\($0.name)\">\($0.title.escaped)</a></li>" }.joined()
  }

  private func section(_ number: Int, _ slide: Slide, _ results: [LectureRun.Result]) -> String {
    let words = slide.words.map { "<p>\($0.escaped)</p>" }
    return
      (["<section id=\"\(slide.name)\"><h2>\(number). \(slide.title.escaped)</h2>"] + words
      + results.map(run) + slide.earlierFigures.map { view($0) }
      + ["<p>Exercises: <code>marbles lesson \(slide.name)</code></p></section>"])
      .joined(separator: "\n")
  }

  private func run(_ result: LectureRun.Result) -> String {
    let command = result.command
    let output = result.output.isEmpty ? "" : "\n\n\(result.output.escaped)"
    // What a network sees is shown pixel by pixel.
    let look = command.text.contains("data view") ? " class=\"pixels\"" : ""
    let figures = command.figures.map { view($0, look) }
    let head = command.purpose.prefix(1).uppercased() + command.purpose.dropFirst()
    return (["<p>\(head.escaped):</p>", "<pre>$ \(command.text.escaped)\(output)</pre>"] + figures)
      .joined(separator: "\n")
  }

  private func view(_ figure: SlideCommand.Figure, _ look: String = "") -> String {
    "<figure><img\(look) src=\"\(figure.path.escaped)\" alt=\"\(figure.caption.escaped)\">"
      + "<figcaption>\(figure.path.escaped): \(figure.caption.escaped)</figcaption></figure>"
  }
}

extension String {
  /// As text and as a value between double quotes.
  fileprivate var escaped: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
