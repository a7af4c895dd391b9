import Foundation
import Support
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = "\(folder.path)/a.txt"
  }

  @Test func `a file is replaced, and nothing else is left behind`() throws {
    try AtomicFile.write(Data("first, and longer".utf8), to: path)
    try AtomicFile.write(Data("second".utf8), to: path)
    #expect(try folder.read("a.txt") == Array("second".utf8))
    #expect(folder.contents == ["a.txt"])
  }

  @Test func `pieces are written one after another`() throws {
    try AtomicFile.write(to: path) { output throws(FileError) in
      for piece in ["one ", "two ", "three"] { try output.write(Data(piece.utf8)) }
    }
    #expect(try folder.read("a.txt") == Array("one two three".utf8))
  }

  @Test func `a write that fails halfway leaves the old file and no other`() throws {
    try AtomicFile.write(Data("old".utf8), to: path)
    let error = #expect(throws: FileError.self) {
      try AtomicFile.write(to: path) { output throws(FileError) in
        try output.write(Data("new".utf8))
        throw FileError(path: "elsewhere", reason: "enough")
      }
    }
    #expect(error == FileError(path: path, reason: "enough"))
    #expect(try folder.read("a.txt") == Array("old".utf8))
    #expect(folder.contents == ["a.txt"])
  }

  @Test func `a device is written into, not replaced`() throws {
    try AtomicFile.write(Data("gone".utf8), to: "/dev/null", in: .named)
    #expect(FileManager.default.isWritableFile(atPath: "/dev/null"))
  }

  @Test func `a missing folder is named with the system's reason`() {
    let missing = "\(folder.path)/no/a.txt"
    #expect(throws: FileError(path: missing, reason: "No such file or directory")) {
      try AtomicFile.write(Data(), to: missing)
    }
  }

  @Test func `lines are added at the end`() throws {
    #expect(throws: FileError.self) { try AtomicFile.append(Data("one\n".utf8), to: path) }
    try AtomicFile.append(Data("one\n".utf8), to: path, creating: true)
    try AtomicFile.append(Data("two\n".utf8), to: path)
    #expect(try folder.read("a.txt") == Array("one\ntwo\n".utf8))
  }
}
