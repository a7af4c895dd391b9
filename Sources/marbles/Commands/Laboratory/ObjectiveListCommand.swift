import ArgumentParser

struct ObjectiveListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The same as 'marbles objectives'.",
    usage: "marbles objective list [<options>]",
    discussion: "Example: marbles objective list")

  @OptionGroup var catalogue: ObjectivesCommand

  func run() throws { try catalogue.run() }
}
