import Foundation
import TestSupport
import Testing

/// Every command and subcommand, as the tool itself describes them.
struct CommandTree {
  /// One command: what is typed for it, and what it says about itself.
  struct Command: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable { var kind: String, name: String }
      var names: [Name]?
      var shouldDisplay: Bool
    }

    var commandName: String
    var superCommands: [String]?
    var discussion: String?
    var subcommands: [Command]?
    var arguments: [Argument]?

    /// The words that call it, such as `["data", "sketch"]`; none for the tool itself.
    var words: [String] { Array(((superCommands ?? []) + [commandName]).dropFirst()) }

    /// What calls it, such as `marbles data sketch`.
    var call: String { (["marbles"] + words).joined(separator: " ") }

    /// `marbles-data-sketch`.
    var fileName: String { (["marbles"] + words).joined(separator: "-") }

    /// The command and all below it.
    var flattened: [Command] {
      [self] + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap(\.flattened)
    }
  }

  private struct Description: Decodable { var command: Command }

  /// All commands, the tool itself first.
  static func commands(in folder: TemporaryFolder) throws -> [Command] {
    let text = try Tool.run(["--experimental-dump-help"], in: folder).output
    return try JSONDecoder().decode(Description.self, from: Data(text.utf8)).command.flattened
  }
}
