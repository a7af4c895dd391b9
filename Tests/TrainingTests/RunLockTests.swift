import Foundation
import TestSupport
import Testing
import Training

@Suite struct RunLockTests {
  @Test func `a run that is being written into is not trained by another, nor touched`() throws {
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 2))
    try rehearsal.train(stopAfter: 3)
    let before = try Data(contentsOf: URL(filePath: rehearsal.directory.record))
    let lock = try RunLock(rehearsal.directory)
    let error = #expect(throws: TrainingError.self) {
      try rehearsal.train(resuming: rehearsal.resumePoint())
    }
    #expect(error?.description.contains("being trained by process \(getpid()) on ") == true)
    #expect(try Data(contentsOf: URL(filePath: rehearsal.directory.record)) == before)
    #expect(throws: TrainingError.self) { try RunLock(rehearsal.directory) }
    withExtendedLifetime(lock) {}
  }

  @Test func `a run is locked under all its names, and free when its writer is gone`() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(in: folder.path, name: "a", model: "m", optimizer: "o")
    run.makeLatest()
    do {
      let lock = try RunLock(run)
      #expect(throws: TrainingError.self) {
        try RunLock(RunDirectory(path: "\(folder.path)/latest"))
      }
      withExtendedLifetime(lock) {}
    }
    _ = try RunLock(RunDirectory(path: "\(folder.path)/latest/"))
  }

  @Test func `a lock that is refused leaves the holder's name in the file`() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(in: folder.path, name: "a", model: "m", optimizer: "o")
    let lock = try RunLock(run)
    let name = try folder.read("a/lock")
    for _ in 0..<100 { #expect(throws: TrainingError.self) { try RunLock(run) } }
    #expect(try folder.read("a/lock") == name && !name.isEmpty)
    withExtendedLifetime(lock) {}
  }

  @Test func `what a dead process left in the lock holds nobody up`() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(in: folder.path, name: "a", model: "m", optimizer: "o")
    for text in ["", "4194304 nowhere\n", "no lock at all", "\0\0\0"] {
      try folder.write(Array(text.utf8), to: "a/lock")
      _ = try RunLock(run)
    }
  }

  @Test func `a lock that is a link into another folder is refused`() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(in: folder.path, name: "a", model: "m", optimizer: "o")
    let other = try folder.write(Array("mine".utf8), to: "other")
    try FileManager.default.createSymbolicLink(atPath: run.lock, withDestinationPath: other)
    #expect(throws: TrainingError.self) { try RunLock(run) }
    #expect(try folder.read("other") == Array("mine".utf8))
  }
}
