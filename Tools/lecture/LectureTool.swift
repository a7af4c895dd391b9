import Foundation
import Lessons

/// Regenerates the lecture: runs the commands of all slides, and writes its two pages.
///
/// Usage: `lecture TOOL FOLDER PAGE`: the built `marbles`, an empty folder for figures and their
/// `index.html`, and the page of Markdown to write.
@main
struct LectureTool {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4 else {
      note("usage: lecture TOOL FOLDER PAGE")
      exit(64)
    }
    let lecture = Lecture.standard
    let tool = URL(filePath: arguments[1])
    let start = ContinuousClock.now
    do {
      let results = try LectureRun(
        lecture: lecture,
        toolFolder: tool.deletingLastPathComponent().path(percentEncoded: false),
        folder: arguments[2]
      ).results()
      let index = URL(filePath: arguments[2]).appending(path: "index.html")
      try Data(Index(lecture: lecture, results: results).html.utf8).write(to: index)
      try Data(LecturePage(lecture).text.utf8).write(
        to: URL(filePath: arguments[3]), options: .atomic)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      note("\(arguments[2])/index.html after \(Int(seconds / 60)) min \(Int(seconds) % 60) s")
    } catch {
      note("error: \(error)")
      exit(1)
    }
  }
}
