import Foundation
import Lessons

/// Runs every command of the lecture in order, in one folder.
struct LectureRun {
  /// What a command left.
  struct Result {
    let command: SlideCommand
    let output: String
    let seconds: Double
  }

  /// A command that failed, or left no figure.
  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  let lecture: Lecture
  /// The folder of the tool, and that in which the commands run.
  let toolFolder: String, folder: String

  /// Runs all commands, and reports each on standard error.
  ///
  /// - Returns: The results, slide by slide.
  /// - Throws: `Problem` at the first command that fails.
  func results() throws -> [[Result]] {
    let count = lecture.slides.reduce(0) { $0 + $1.commands.count }
    var done = 0
    return try lecture.slides.map { slide in
      let results = try slide.commands.map { command in
        done += 1
        note("[\(done) of \(count)] \(slide.name): \(command.text)")
        let result = try run(command)
        note("    \(String(format: "%.1f", result.seconds)) s")
        return result
      }
      if let missing = missing(slide.earlierFigures) {
        throw Problem(description: "\(slide.name): no earlier command has left \(missing)")
      }
      return results
    }
  }

  private func run(_ command: SlideCommand) throws -> Result {
    let log = URL(filePath: folder).appending(path: ".output")
    guard FileManager.default.createFile(atPath: log.path(percentEncoded: false), contents: nil)
    else { throw Problem(description: "\(folder): cannot write") }
    defer { try? FileManager.default.removeItem(at: log) }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command.text]
    process.currentDirectoryURL = URL(filePath: folder)
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = "\(toolFolder):\(environment["PATH"] ?? "/usr/bin:/bin")"
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    // One file for both, in the order in which they are written.
    let file = try FileHandle(forWritingTo: log)
    (process.standardOutput, process.standardError) = (file, file)
    let start = ContinuousClock.now
    try process.run()
    process.waitUntilExit()
    let duration = ContinuousClock.now - start
    let output = String(decoding: try Data(contentsOf: log), as: UTF8.self)
    guard process.terminationStatus == 0, process.terminationReason == .exit else {
      throw Problem(
        description: "\(command.text): ended with \(process.terminationStatus)\n\(output)")
    }
    if let missing = missing(command.figures) {
      throw Problem(description: "\(command.text): has left no \(missing)\n\(output)")
    }
    return Result(command: command, output: output, seconds: duration / .seconds(1))
  }

  /// The first figure that is not there.
  private func missing(_ figures: [SlideCommand.Figure]) -> String? {
    figures.map(\.path).first { path in
      let file = URL(filePath: folder).appending(path: path).path(percentEncoded: false)
      return !FileManager.default.fileExists(atPath: file)
    }
  }
}

/// Prints a line on standard error.
func note(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
