import Foundation
import Lessons
import TestSupport
import Testing

@Suite struct LessonProgressTests {
  let folder: TemporaryFolder
  let file: LessonProgressFile

  init() throws {
    folder = try TemporaryFolder()
    file = LessonProgressFile(path: "\(folder.path)/state/marbles/lesson.json")
  }

  @Test func `what was answered is read again`() throws {
    #expect(try file.load().progress == LessonProgress())
    _ = try file.update { $0.note("bowl/slope", isRight: false) }
    let kept = try file.update { $0.note("bowl/slope", isRight: true) }
    #expect(kept["bowl/slope"].isSolved && kept["bowl/slope"].wrong == 1)
    #expect(try file.load().progress == kept)
    #expect(try file.load().setAside == nil)
  }

  @Test func `a solved exercise stays as it was solved`() {
    var progress = LessonProgress()
    progress.note("a/b", isRight: true)
    progress.note("a/b", isRight: false)
    #expect(progress["a/b"].isSolved && progress["a/b"].wrong == 0)
  }

  @Test func `two lessons at once both keep their answers`() throws {
    let other = LessonProgressFile(path: file.path)
    _ = try file.load()
    _ = try other.update { $0.note("bowl/step", isRight: true) }
    let kept = try file.update { $0.note("bowl/slope", isRight: true) }
    #expect(kept["bowl/step"].isSolved && kept["bowl/slope"].isSolved)
  }

  @Test(arguments: ["", "{", "[]", "{\"version\":2,\"exercises\":{}}", "\u{0}\u{FF}", "null"])
  func `a file that holds no progress is set aside, with its content`(content: String) throws {
    try folder.write(Array(content.utf8), to: "state/marbles/lesson.json")
    try folder.write([1], to: "state/marbles/lesson.json.damaged-1")
    let (progress, setAside) = try file.load()
    #expect(progress == LessonProgress())
    #expect(setAside == "\(file.path).damaged-2")
    #expect(try folder.read("state/marbles/lesson.json.damaged-2") == Array(content.utf8))
    #expect(try folder.read("state/marbles/lesson.json.damaged-1") == [1])
  }

  @Test func `only what is asked for is forgotten`() throws {
    var progress = LessonProgress()
    for key in ["a/1", "a/2", "b/1"] { progress.note(key, isRight: true) }
    #expect(progress.forget(["a/1", "a/2", "a/3"]) == 2)
    #expect(!progress["a/1"].isSolved && progress["b/1"].isSolved)
  }

  @Test func `a folder in the place of the file is an error, not a beginning`() throws {
    try folder.write([], to: "state/marbles/lesson.json/x")
    #expect(throws: (any Error).self) { try file.load() }
    #expect(throws: (any Error).self) { try file.save(LessonProgress()) }
  }
}
