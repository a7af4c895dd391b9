import Foundation
import Support
import TestSupport
import Testing

/// What is beside a file while it is replaced, and what stays of the file.
@Suite struct TemporaryFileTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = "\(folder.path)/a.txt"
  }

  func mode(_ path: String) throws -> Int {
    try #require(
      FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }

  /// The name of the temporary file during a write.
  func temporaryName() throws -> String {
    var name: String?
    try AtomicFile.write(to: path) { _ throws(FileError) in
      name = folder.contents.first { $0 != "a.txt" }
    }
    return try #require(name)
  }

  @Test func `a temporary file says what it is to become, under a name never used before`() throws {
    let names = try (0..<3).map { _ in try temporaryName() }
    #expect(Set(names).count == 3)
    for name in names {
      #expect(AtomicFile.destination(ofTemporary: name) == "a.txt")
      #expect(!name.contains("\(getpid())."))
    }
    for other in ["a.txt", "a.txt.part", "a.txt.1234.part", "0123456789abcdef.part"] {
      #expect(AtomicFile.destination(ofTemporary: other) == nil)
    }
  }

  @Test(arguments: [0o600, 0o640, 0o664, 0o755])
  func `a file that is replaced keeps its mode, and is never open to more than before`(
    old: Int
  ) throws {
    try AtomicFile.write(Data("old".utf8), to: path)
    try FileManager.default.setAttributes([.posixPermissions: old], ofItemAtPath: path)
    try AtomicFile.write(to: path) { output throws(FileError) in
      try output.write(Data("new".utf8))
      let name = folder.contents.first { $0 != "a.txt" } ?? ""
      #expect((try? mode("\(folder.path)/\(name)")) == 0o600)
    }
    #expect(try mode(path) == old)
    #expect(try folder.read("a.txt") == Array("new".utf8))
  }

  @Test func `a link stays a link, and the file it leads to is replaced`() throws {
    try folder.write(Array("old".utf8), to: "there/b.txt")
    for (link, target) in [
      ("a.txt", "there/b.txt"), ("c.txt", "a.txt"), ("d.txt", "there/new.txt"),
    ] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/\(link)", withDestinationPath: target)
    }
    try AtomicFile.write(Data("new".utf8), to: "\(folder.path)/c.txt", in: .named)
    try AtomicFile.write(Data("made".utf8), to: "\(folder.path)/d.txt", in: .named)
    #expect(try folder.read("there/b.txt") == Array("new".utf8))
    #expect(try folder.read("there/new.txt") == Array("made".utf8))
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: path) == "there/b.txt")
  }

  @Test func `links in a circle are an error, not a hang`() throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "a.txt")
    let error = #expect(throws: FileError.self) {
      try AtomicFile.write(Data(), to: path, in: .named)
    }
    #expect(error?.path == path && error?.reason.contains("symbolic links") == true)
  }

  @Test func `what a killed writer left is cleared away by the next, what a living one has is not`()
    throws
  {
    let abandoned = "a.txt.0123456789abcdef.part", other = "b.txt.0123456789abcdef.part"
    try folder.write([1], to: abandoned)
    try folder.write([1], to: other)
    try AtomicFile.write(to: path) { _ throws(FileError) in
      try AtomicFile.write(Data("second".utf8), to: path)
      // The outer write goes on.
    }
    #expect(folder.contents == ["a.txt", other])
    #expect(try folder.read("a.txt").isEmpty)
  }

  @Test func `a link with the name of a temporary file is not followed`() throws {
    try folder.write(Array("mine".utf8), to: "precious")
    try FileManager.default.createSymbolicLink(
      atPath: "\(path).0123456789abcdef.part", withDestinationPath: "precious")
    try AtomicFile.write(Data("new".utf8), to: path)
    #expect(try folder.read("precious") == Array("mine".utf8))
  }

  @Test func `a name as long as names can be is written`() throws {
    let long = String(repeating: "ü", count: 125) + ".txt"
    try AtomicFile.write(Data("new".utf8), to: "\(folder.path)/\(long)")
    #expect(folder.contents == [long])
  }
}
