/// One page of the manual, in the macros of man(7).
struct ManualPage {
  let command: CommandDescription
  let version: String

  /// The source of the page.
  var text: String {
    let title = command.pageName.uppercased()
    var lines = [#".TH "\#(Self.verbatim(title))" 1 "" "marbles \#(version)" "Marbles""#, ".nh"]
    lines += section("NAME", ["\(Self.verbatim(command.pageName)) \\- \(prose(summary))"])
    lines += section("SYNOPSIS", synopsis)
    lines += section("DESCRIPTION", description)
    lines += section("COMMANDS", command.shownSubcommands.flatMap(entry))
    lines += section("ARGUMENTS", command.shownArguments.filter(isPositional).flatMap(entry))
    lines += section("OPTIONS", options)
    lines += section("EXAMPLES", examples)
    lines += section("SEE ALSO", seeAlso)
    return lines.joined(separator: "\n") + "\n"
  }

  /// The abstract as the end of a line: no capital, no full stop.
  private var summary: String {
    let abstract = command.abstract ?? ""
    return abstract.prefix(1).lowercased()
      + (abstract.hasSuffix(".") ? abstract.dropLast() : abstract[...]).dropFirst()
  }

  private func isPositional(_ argument: CommandDescription.Argument) -> Bool {
    argument.kind == .positional
  }

  /// A section with its heading, or nothing where there is nothing to say.
  private func section(_ title: String, _ body: [String]) -> [String] {
    body.isEmpty ? [] : [".SH \"\(title)\""] + body
  }

  private var synopsis: [String] {
    var words = ["\\fB\(Self.verbatim(command.call))\\fR"]
    if !command.shownSubcommands.isEmpty { words.append("\\fIcommand\\fR") }
    words += command.shownArguments.filter(isPositional).map { argument in
      let name = "\\fI\(Self.verbatim(argument.valueName ?? ""))\\fR"
      let all = name + (argument.isRepeating ? " ..." : "")
      return argument.isOptional ? "[\(all)]" : all
    }
    words.append("[\\fIoptions\\fR]")
    return [words.joined(separator: " ")]
  }

  /// The discussion without its examples, one paragraph after another.
  private var description: [String] {
    let paragraphs = paragraphs.filter { !$0.hasPrefix("Example") }
    return ["\(prose(command.abstract ?? ""))"]
      + paragraphs.flatMap { [".PP"] + $0.split(separator: "\n").map { prose(String($0)) } }
  }

  /// The examples, line by line as they are typed.
  private var examples: [String] {
    let lines = paragraphs.filter { $0.hasPrefix("Example") }
      .map { $0.replacing("Examples:\n", with: "").replacing("Example: ", with: "") }
      .flatMap { $0.split(separator: "\n") }
      .map { Self.verbatim(String($0.drop { $0 == " " })) }
    return lines.isEmpty ? [] : [".EX"] + lines + [".EE"]
  }

  private var paragraphs: [String] {
    (command.discussion ?? "").split(separator: "\n\n").map(String.init)
  }

  /// Options below the titles of their groups; those every command has come last.
  private var options: [String] {
    let shown = command.shownArguments.filter { !isPositional($0) }
    var titles: [String] = []
    for title in shown.compactMap(\.sectionTitle) where !titles.contains(title) {
      titles.append(title)
    }
    let groups = titles.flatMap { title in
      [".SS \"\(title)\""] + shown.filter { $0.sectionTitle == title }.flatMap(entry)
    }
    let rest = shown.filter { $0.sectionTitle == nil }.flatMap(entry)
    return groups + (groups.isEmpty || rest.isEmpty ? [] : [".SS \"General\""]) + rest
  }

  private func entry(_ argument: CommandDescription.Argument) -> [String] {
    let value = argument.valueName.map { "\\fI\(Self.verbatim($0))\\fR" } ?? ""
    let names = (argument.names ?? []).map { "\\fB\(Self.verbatim($0.text))\\fR" }
    let head = names.joined(separator: ", ")
    var sentences = [argument.abstract ?? ""]
    // Many a help text names the values itself.
    if let values = argument.allValues, argument.kind != .flag,
      !values.allSatisfy({ argument.abstract?.contains($0) ?? false })
    {
      sentences.append("One of: \(values.joined(separator: ", ")).")
    }
    if let value = argument.defaultValue, argument.kind != .flag {
      sentences.append("Default: \(value).")
    }
    return [
      ".TP", isPositional(argument) ? value : argument.kind == .option ? "\(head) \(value)" : head,
      prose(sentences.filter { !$0.isEmpty }.joined(separator: " ")),
    ]
  }

  private func entry(_ subcommand: CommandDescription) -> [String] {
    [
      ".TP", "\\fB\(Self.verbatim(subcommand.pageName))\\fR(1)",
      prose(subcommand.abstract ?? ""),
    ]
  }

  private var seeAlso: [String] {
    let above = command.superCommands ?? []
    let pages = above.indices.map { above[...$0].joined(separator: "-") }
    let list = pages.map { "\\fB\(Self.verbatim($0))\\fR(1)" }
    return list.isEmpty ? [] : [list.joined(separator: ", ")]
  }

  /// Text that is typed: every hyphen stays a plain minus sign that can be copied.
  private static func verbatim(_ text: String) -> String {
    guarded(text.replacing("\\", with: "\\e").replacing("-", with: "\\-"))
  }

  /// Running text; names of options in it are typed, too.
  private func prose(_ text: String) -> String {
    Self.guarded(
      text.replacing("\\", with: "\\e").replacing("--", with: "\\-\\-"))
  }

  /// A dot or a quote that begins a line would be read as a request.
  private static func guarded(_ text: String) -> String {
    text.hasPrefix(".") || text.hasPrefix("'") ? "\\&\(text)" : text
  }
}
