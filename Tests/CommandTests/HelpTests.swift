import Foundation
import TestSupport
import Testing

/// What `--help` prints, compared whole with `Documentation/Help.md`; `make record` writes that
/// page anew.
@Suite struct HelpTests {
  let commands: [CommandTree.Command]
  /// The help of every command, by the words that call it.
  let printed: [String: String]

  private static let page = URL(filePath: #filePath)
    .appending(path: "../../../Documentation/Help.md").standardized

  init() throws {
    let folder = try TemporaryFolder()
    commands = try CommandTree.commands(in: folder)
    printed = try Dictionary(
      uniqueKeysWithValues: commands.map {
        ($0.call, try Tool.run($0.words + ["--help"], in: folder).output)
      })
    if ProcessInfo.processInfo.environment["MARBLES_RECORD"] != nil {
      try Data(pageOfToday.utf8).write(to: Self.page, options: .atomic)
    }
  }

  /// The page that would be written today.
  private var pageOfToday: String {
    let sections = commands.map { command in
      "## \(command.call)\n\n```text\n\(printed[command.call] ?? "")```\n"
    }
    let head = "# Help\n\nWhat every command prints with `--help`.\n"
    return ([head] + sections).joined(separator: "\n")
  }

  /// The recorded help, by the words that call a command.
  private static func recorded() throws -> [String: String] {
    let sections = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "\n## ")
    return Dictionary(
      uniqueKeysWithValues: sections.dropFirst().map { section in
        let parts = section.components(separatedBy: "\n\n```text\n")
        let end = parts.last?.range(of: "```\n")?.lowerBound ?? section.endIndex
        return (parts[0], String(parts.last?[..<end] ?? ""))
      })
  }

  @Test func `every command prints the recorded help`() throws {
    #expect(commands.count > 20)
    let recorded = try Self.recorded()
    for (call, help) in printed {
      #expect(help == recorded[call], "'\(call) --help' differs; if that is meant: make record")
    }
  }

  @Test func `no help is recorded for a command that is gone`() throws {
    #expect(Set(try Self.recorded().keys) == Set(printed.keys))
  }

  @Test func `no line of help is wider than 80 columns`() {
    for (call, help) in printed {
      for line in help.split(separator: "\n") where line.count > 80 {
        Issue.record("\(call): \(line)")
      }
    }
  }

  @Test func `every command shows an example of itself`() {
    for command in commands {
      let lines = (command.discussion ?? "").split(separator: "\n")
        .drop { !$0.hasPrefix("Example") }
      #expect(
        lines.contains { $0.contains(command.call) },
        "\(command.call) has no 'Example: \(command.call)'")
    }
  }
}
