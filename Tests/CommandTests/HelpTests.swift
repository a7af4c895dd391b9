import Foundation
import TestSupport
import Testing

/// What `--help` prints, compared whole; `make record-help` writes the texts anew.
@Suite struct HelpTests {
  let folder: TemporaryFolder
  let commands: [CommandTree.Command]

  /// The recorded texts, one file per command.
  private static let recorded = URL(filePath: #filePath)
    .deletingLastPathComponent().appending(path: "Help")

  init() throws {
    folder = try TemporaryFolder()
    commands = try CommandTree.commands(in: folder)
    guard ProcessInfo.processInfo.environment["MARBLES_RECORD_HELP"] != nil else { return }
    try? FileManager.default.removeItem(at: Self.recorded)
    try FileManager.default.createDirectory(
      at: Self.recorded, withIntermediateDirectories: true)
    for command in commands {
      try Data(help(of: command).utf8).write(to: Self.file(of: command))
    }
  }

  private static func file(of command: CommandTree.Command) -> URL {
    recorded.appending(path: "\(command.fileName).txt")
  }

  private func help(of command: CommandTree.Command) throws -> String {
    try Tool.run(command.words + ["--help"], in: folder).output
  }

  @Test func `every command prints the recorded help`() throws {
    #expect(commands.count > 20)
    for command in commands {
      let expected = try? String(contentsOf: Self.file(of: command), encoding: .utf8)
      let printed = try help(of: command)
      #expect(
        printed == expected,
        "\(command.fileName) --help differs; if that is meant, run 'make record-help'")
    }
  }

  @Test func `no help is recorded for a command that is gone`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.recorded.path)
    #expect(Set(files) == Set(commands.map { "\($0.fileName).txt" }))
  }

  @Test func `no line of help is wider than 80 columns`() throws {
    for command in commands {
      for line in try help(of: command).split(separator: "\n") where line.count > 80 {
        Issue.record("\(command.fileName): \(line)")
      }
    }
  }

  @Test func `every command shows an example of itself`() {
    for command in commands {
      let example = (["marbles"] + command.words).joined(separator: " ")
      let discussion = command.discussion ?? ""
      let lines = discussion.split(separator: "\n").drop { !$0.hasPrefix("Example") }
      #expect(
        lines.contains { $0.contains(example) }, "\(command.fileName) has no 'Example: \(example)'")
    }
  }
}
