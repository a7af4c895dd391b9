import Foundation

/// Writes a manual page for a command and each of its subcommands.
///
/// Reads what `marbles --experimental-dump-help` prints on standard input.
/// Usage: `manual VERSION FOLDER`, the version in the footer of every page and where to write.
@main
struct Manual {
  private struct Input: Decodable { var command: CommandDescription }

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else {
      FileHandle.standardError.write(
        Data("usage: marbles --experimental-dump-help | manual VERSION FOLDER\n".utf8))
      exit(64)
    }
    let text = FileHandle.standardInput.readDataToEndOfFile()
    let root = try JSONDecoder().decode(Input.self, from: text).command
    try write(root, version: arguments[1], to: URL(filePath: arguments[2]))
  }

  private static func write(
    _ command: CommandDescription, version: String, to folder: URL
  ) throws {
    let page = ManualPage(command: command, version: version)
    try Data(page.text.utf8).write(to: folder.appending(path: "\(command.pageName).1"))
    for subcommand in command.shownSubcommands {
      try write(subcommand, version: version, to: folder)
    }
  }
}
