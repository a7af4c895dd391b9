/// What `--experimental-dump-help` says about a command; arrays that are empty are left out there.
struct CommandDescription: Decodable {
  struct Argument: Decodable {
    enum Kind: String, Decodable { case positional, option, flag }
    struct Name: Decodable {
      var kind: String, name: String

      var text: String { kind == "long" ? "--\(name)" : "-\(name)" }
    }

    var kind: Kind
    var shouldDisplay: Bool
    var isOptional: Bool
    var isRepeating: Bool
    var names: [Name]?
    var valueName: String?
    var defaultValue: String?
    var allValues: [String]?
    var sectionTitle: String?
    var abstract: String?

    var isHelp: Bool { names?.contains { $0.text == "--help" || $0.text == "--version" } ?? false }
  }

  var commandName: String
  var superCommands: [String]?
  var abstract: String?
  var discussion: String?
  var arguments: [Argument]?
  var subcommands: [CommandDescription]?

  /// What is typed: `marbles data sketch`.
  var call: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

  /// The name of its page: `marbles-data-sketch`.
  var pageName: String { call.replacing(" ", with: "-") }

  var shownArguments: [Argument] { (arguments ?? []).filter(\.shouldDisplay) }

  /// The commands below it, without `help`, whose pages these are.
  var shownSubcommands: [CommandDescription] {
    (subcommands ?? []).filter { $0.commandName != "help" }
  }
}
