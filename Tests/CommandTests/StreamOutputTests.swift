import Foundation
import TestSupport
import Testing

/// An output that is named as a stream of the process, or through links.
@Suite struct StreamOutputTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: Tool.sketches, toPath: "\(folder.path)/photos")
  }

  /// Runs a line of the shell in which `$M` is the tool.
  private func shell(_ line: String) throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging(["M": Tool.path]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test(arguments: [">", ">>"])
  func `nothing else is printed where an output is standard output`(redirection: String) throws {
    for name in ["/dev/stdout", "/dev/fd/1", "-"] {
      let outcome = try shell(
        "rm -f s.json; $M data split photos --out \(name) \(redirection) s.json")
      #expect(outcome.code == 0, "\(outcome.output)")
      let json = try JSONSerialization.jsonObject(with: Data(folder.read("s.json")))
      #expect((json as? [String: Any])?["entries"] != nil)
    }
  }

  @Test func `standard output is known by whatever name leads to it`() throws {
    for name in ["link.json", "s.json"] {
      let outcome = try shell(
        "rm -f s.json; ln -sf /dev/stdout link.json; $M data split photos --out \(name) > s.json")
      #expect(outcome.code == 0, "\(outcome.output)")
      let json = try JSONSerialization.jsonObject(with: Data(folder.read("s.json")))
      #expect((json as? [String: Any])?["entries"] != nil)
    }
    for command in [
      "data mean photos --out /dev/stdout", "data split photos --json --out /dev/stdout",
      "data mean photos --out link.png",
    ] {
      let outcome = try shell("ln -sf /dev/stdout link.png; $M \(command) > out")
      #expect(outcome.code == 64 && outcome.output.contains("standard output"), "\(command)")
    }
  }

  @Test func `a stream into a file that is read is refused`() throws {
    #expect(
      try shell("(echo path,label; ls photos/*/* | sed 's|photos/\\(.*\\)/.*|&,\\1|') > list.csv")
        .code
        == 0)
    let list = try folder.read("list.csv")
    let outcome = try shell("$M data split list.csv --out /dev/fd/5 5>>list.csv")
    #expect(outcome.code == 64 && outcome.output.contains("is read by this command"))
    #expect(try folder.read("list.csv") == list)
    let image = try #require(folder.contents.first { $0.hasSuffix(".jpg") })
    let before = try folder.read(image)
    let mean = try shell("$M data mean photos --out /dev/fd/5 5>>\(image)")
    #expect(mean.code == 64 && mean.output.contains("among the images"), "\(mean.output)")
    #expect(try folder.read(image) == before)
  }

  @Test func `two dots after a link lead to where the system follows them`() throws {
    let before = folder.contents
    let commands = [
      "$M data mean photos --out q/../x.png", "$M data mean photos --out q/../../photos/x.png",
      "$M train photos --out q/../runs",
    ]
    for command in commands {
      let outcome = try shell("ln -sfn photos/cat q; \(command)")
      #expect(outcome.code == 64, "\(command): \(outcome.output)")
      #expect(outcome.output.contains("among the images"), "\(command): \(outcome.output)")
    }
    #expect(folder.contents.filter { !$0.hasPrefix("q") } == before)
  }

  @Test func `a copy or another name keeps a file from being replaced unasked`() throws {
    #expect(try shell("$M data split photos --out s.json -q && cp -a s.json copy.json").code == 0)
    let before = try folder.read("copy.json")
    for change in [":", "mv copy.json renamed.json && ln renamed.json copy.json"] {
      let outcome = try shell("\(change); $M data split photos --out copy.json --seed 9")
      #expect(outcome.code == 73 && outcome.output.contains("--overwrite"), "\(outcome.output)")
    }
    #expect(try folder.read("copy.json") == before)
    #expect(try shell("$M data split photos --out s.json --seed 9 -q").code == 0)
  }
}
