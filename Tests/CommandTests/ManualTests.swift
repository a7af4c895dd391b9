import Foundation
import TestSupport
import Testing

/// The manual pages that `make install` writes.
@Suite struct ManualTests {
  let folder: TemporaryFolder
  let commands: [CommandTree.Command]

  init() throws {
    folder = try TemporaryFolder()
    commands = try CommandTree.commands(in: folder)
    let description = try Tool.run(["--experimental-dump-help"], in: folder).output
    let process = Process()
    process.executableURL = URL(filePath: Tool.path)
      .deletingLastPathComponent().appending(path: "manual")
    process.arguments = ["1.2.3", folder.path]
    process.standardInput = try FileHandle(
      forReadingFrom: URL(filePath: folder.write(Array(description.utf8), to: "dump.json")))
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  private func page(_ name: String) throws -> String {
    String(decoding: try folder.read("\(name).1"), as: UTF8.self)
  }

  @Test func `every command has a page that names each of its options`() throws {
    for command in commands {
      let text = try page(command.fileName)
      for argument in command.arguments ?? [] where argument.shouldDisplay {
        for name in argument.names ?? [] where name.kind == "long" {
          let option = "\\-\\-" + name.name.replacing("-", with: "\\-")
          #expect(text.contains(option), "marbles \(command.words): no \(option)")
        }
      }
    }
  }

  @Test func `examples stand line by line, with hyphens that can be copied`() throws {
    let example = try #require(
      try page("marbles-roll").split(separator: ".EX\n").last?.split(separator: ".EE").first)
    #expect(example.hasPrefix("marbles roll"))
    #expect(example.contains("\\-\\-optimizers"))
  }

  @Test func `a page names its version and the page above it`() throws {
    let text = try page("marbles-data-sketch")
    #expect(text.contains(#"marbles 1.2.3"#))
    #expect(text.contains(#"\fBmarbles\-data\fR(1)"#))
  }

  @Test func `no line of text is taken for a request`() throws {
    for command in commands {
      for line in try page(command.fileName).split(separator: "\n") where line.hasPrefix(".") {
        #expect(line.wholeMatch(of: /\.(TH|SH|SS|TP|PP|EX|EE|nh)( .*)?/) != nil, "\(line)")
      }
    }
  }
}
