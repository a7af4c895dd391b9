import Foundation
import TestSupport
import Testing

/// Limits of the process, which are not the fault of any file.
@Suite struct ShortageTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Runs the tool where only some files can be open at once.
  private func run(_ arguments: [String], openFiles: Int) throws -> Tool.Outcome {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", "exec > out 2> err < /dev/null; ulimit -n \(openFiles); exec \"$@\"", "sh", Tool.path,
    ]
    process.arguments? += arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    try process.run()
    process.waitUntilExit()
    let isExit = process.terminationReason == .exit
    return Tool.Outcome(
      code: process.terminationStatus + (isExit ? 0 : 128),
      output: String(decoding: try folder.read("out"), as: UTF8.self),
      errors: String(decoding: try folder.read("err"), as: UTF8.self))
  }

  @Test(arguments: [4, 5, 6, 8, 10, 12, 15, 18])
  func `with too few open files nothing is begun, and one line says why`(count: Int) throws {
    let train = ["train", Tool.sketches, "--epochs", "1", "--name", "a"] + Tool.tiny
    let outcome = try run(train, openFiles: count)
    expect(outcome, code: 1, "can be opened, expected 16 or more", "ulimit -n")
    #expect(!folder.contents.contains("runs"))
  }

  @Test func `an image is not skipped because too many files are open`() throws {
    for name in ["cat", "dog"] {
      let image = try #require(
        FileManager.default.contentsOfDirectory(atPath: "\(Tool.sketches)/\(name)").sorted().first)
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/data/\(name)", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: "\(Tool.sketches)/\(name)/\(image)", toPath: "\(folder.path)/data/\(name)/\(image)")
    }
    // Files without blocks on the disk that take some time to be read.
    for index in 0..<64 {
      let path = try folder.write([], to: "data/cat/\(index).jpg")
      #expect(unsafe truncate(path, 16 << 20) == 0)
    }
    let many = ["data", "scan", "data", "--threads", "64"]
    #expect(try run(many, openFiles: 256).code == 0)
    expect(
      try run(many, openFiles: 20), code: 1, ".jpg: cannot be read: Too many open files",
      "--threads")
  }
}
