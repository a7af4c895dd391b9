import Foundation
import Support
import TestSupport
import Testing

/// Where Marbles' own file belongs, there may be anything.
@Suite struct PlainFileTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = "\(folder.path)/a.txt"
  }

  @Test(.timeLimit(.minutes(1)))
  func `a pipe in the place of an own file is refused, not waited for`() throws {
    unsafe #expect(mkfifo(path, 0o644) == 0)
    let reading = #expect(throws: PlainFile.Refusal.self) { try PlainFile.bytes(of: path) }
    #expect(reading?.reason == "not a plain file" && reading?.isMissing == false)
    #expect(throws: PlainFile.Refusal.self) { try PlainFile.mapped(path) }
    let refusal = FileError(path: path, reason: "not a plain file")
    #expect(throws: refusal) { try AtomicFile.write(Data([1]), to: path) }
    #expect(throws: refusal) { try AtomicFile.append(Data([1]), to: path) }
    #expect(throws: refusal) { try AtomicFile.synchronize(path) }
  }

  @Test func `an own file is not written through a link`() throws {
    try folder.write(Array("mine".utf8), to: "precious")
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "precious")
    #expect(throws: FileError(path: path, reason: "not a plain file")) {
      try AtomicFile.write(Data([1]), to: path)
    }
    #expect(throws: FileError(path: path, reason: "a link, not a plain file")) {
      try AtomicFile.append(Data([1]), to: path)
    }
    let reads: [() throws -> Void] = [
      { _ = try PlainFile.mapped(path, followsLinks: false) },
      { _ = try PlainFile.bytes(of: path, followsLinks: false) },
    ]
    for read in reads {
      let reading = #expect(throws: PlainFile.Refusal.self) { try read() }
      #expect(reading?.reason == "a link, not a plain file" && reading?.isMissing == false)
    }
    #expect(try PlainFile.bytes(of: path) == Array("mine".utf8))
    #expect(try folder.read("precious") == Array("mine".utf8))
  }

  @Test func `a file is read and mapped as it is, also an empty one`() throws {
    for bytes in [[], Array("abc".utf8)] {
      try folder.write(bytes, to: "a.txt")
      #expect(try PlainFile.bytes(of: path) == bytes)
      #expect(try Array(PlainFile.mapped(path)) == bytes)
    }
  }

  @Test func `what is missing is told from what cannot be opened`() throws {
    let missing = #expect(throws: PlainFile.Refusal.self) { try PlainFile.bytes(of: path) }
    #expect(missing?.isMissing == true)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "a.txt")
    let closed = #expect(throws: PlainFile.Refusal.self) { try PlainFile.bytes(of: path) }
    #expect(closed?.isMissing == false && closed?.reason.contains("symbolic links") == true)
  }

  @Test func `a folder is made with those above it, and what is in the way is named`() throws {
    for name in ["a/b/c", "a/b/c", "a/d/", "."] {
      try Folder.create("\(folder.path)/\(name)")
      #expect(try Folder.isOne("\(folder.path)/\(name)"))
    }
    let file = try folder.write([1], to: "file")
    #expect(throws: FileError(path: file, reason: "Not a directory")) { try Folder.create(file) }
    #expect(throws: FileError(path: "\(file)/x/y", reason: "Not a directory")) {
      try Folder.create("\(file)/x/y")
    }
  }

  @Test func `a file that claims more than there may be is refused before it is read`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([1], to: "large")
    // It takes no room: nothing is written.
    try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: 3 << 30)
    let refusal = #expect(throws: PlainFile.Refusal.self) { try PlainFile.bytes(of: path) }
    #expect(refusal?.reason == "larger than 2 GiB")
    for (limit, words) in [(8 << 20, "8 MiB"), (4096, "4096 bytes")] {
      let refusal = #expect(throws: PlainFile.Refusal.self) {
        try PlainFile.bytes(of: path, limit: limit)
      }
      #expect(refusal?.reason == "larger than \(words)")
    }
  }
}
