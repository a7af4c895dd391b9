internal import Foundation
package import Support

/// Which exercises were solved, and after how many wrong answers.
package struct LessonProgress: Codable, Equatable, Sendable {
  /// What is known of one exercise.
  package struct Record: Codable, Equatable, Sendable {
    /// Answers that were wrong, before the first that was right.
    package var wrong = 0
    /// Whether it was answered rightly.
    package var isSolved = false
  }

  private static let version = 1

  private var version = Self.version
  /// By the key of the exercise: `bowl/slope`.
  private var exercises: [String: Record] = [:]

  /// Nothing was answered yet.
  package init() {}

  /// What is known of an exercise.
  package subscript(key: String) -> Record { exercises[key] ?? Record() }

  /// Notes an answer.
  package mutating func note(_ key: String, isRight: Bool) {
    var record = self[key]
    // What comes after a right answer is practice.
    guard !record.isSolved else { return }
    if isRight { record.isSolved = true } else { record.wrong += 1 }
    exercises[key] = record
  }

  /// Forgets some exercises.
  ///
  /// - Returns: How many of them had been answered.
  package mutating func forget(_ keys: [String]) -> Int {
    keys.count { exercises.removeValue(forKey: $0) != nil }
  }

  /// Reads what `text` wrote; nil if it is something else.
  fileprivate init?(_ data: Data) {
    guard let progress = try? jsonDecoder().decode(Self.self, from: data),
      progress.version == Self.version
    else { return nil }
    self = progress
  }
}

/// The file in which progress is kept.
package struct LessonProgressFile: Sendable {
  /// Where it is.
  package let path: String

  /// Names a file.
  package init(path: String) { self.path = path }

  /// `marbles/lesson.json` in the user's state folder, as the XDG Base Directory Specification
  /// defines it.
  package static var standard: LessonProgressFile {
    let environment = ProcessInfo.processInfo.environment
    // The specification tells programs to ignore relative paths.
    if let base = environment["XDG_STATE_HOME"], base.hasPrefix("/") {
      return LessonProgressFile(path: "\(base)/marbles/lesson.json")
    }
    return LessonProgressFile(
      path: URL.homeDirectory.appending(path: ".local/state/marbles/lesson.json")
        .path(percentEncoded: false))
  }

  /// What was kept; a file that holds something else is set aside, never replaced.
  ///
  /// - Returns: The progress, and the path to which another file was moved; nil for none.
  /// - Throws: Why the file could not be read or moved.
  package func load() throws(PlainFile.Refusal) -> (progress: LessonProgress, setAside: String?) {
    let bytes: [UInt8]
    do throws(PlainFile.Refusal) {
      bytes = try PlainFile.bytes(of: path, limit: 1 << 30)
    } catch {
      if error.isMissing { return (LessonProgress(), nil) }
      throw error
    }
    if let progress = LessonProgress(Data(bytes)) { return (progress, nil) }
    return (LessonProgress(), try setAside())
  }

  /// Replaces what is kept as a whole.
  ///
  /// - Throws: `FileError` naming what could not be written.
  package func save(_ progress: LessonProgress) throws(FileError) {
    try Folder.create(AtomicFile.folder(of: path))
    try AtomicFile.write(Data(prettyJSON(progress).utf8), to: path)
  }

  /// Changes what is kept, as it is now: another lesson may have changed it since.
  ///
  /// - Returns: What is kept now.
  /// - Throws: `PlainFile.Refusal`, `FileError`.
  package func update(_ change: (inout LessonProgress) -> Void) throws -> LessonProgress {
    var progress = try load().progress
    change(&progress)
    try save(progress)
    return progress
  }

  /// Moves the file to the first free name beside it.
  private func setAside() throws(PlainFile.Refusal) -> String {
    var number = 1
    var status = stat()
    while unsafe lstat("\(path).damaged-\(number)", &status) == 0 { number += 1 }
    let free = "\(path).damaged-\(number)"
    guard unsafe rename(path, free) == 0 else { throw .lastSystemCall }
    return free
  }
}
