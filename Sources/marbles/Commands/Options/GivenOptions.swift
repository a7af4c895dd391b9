import ArgumentParser
import ImageLoading
import Support

/// The options on the command line, whether or not they equal a default.
enum GivenOptions {
  /// Their long names, such as `--epochs`, in order.
  static let names: [String] = CommandLine.arguments.dropFirst().prefix { $0 != "--" }
    .filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) }

  /// The words after the name of a command, for a shell: for another command that takes the same
  /// arguments.
  ///
  /// - Parameters:
  ///   - options: Options to leave out, with their values.
  ///   - flags: The same, without values.
  ///   - added: Words to add.
  static func words(
    of command: String, without options: [String], flags: [String], adding added: [String]
  ) -> String {
    let all = CommandLine.arguments.drop { $0 != command }.dropFirst()
    let end = all.firstIndex(of: "--") ?? all.endIndex
    var kept: [String] = []
    var rest = all[..<end]
    while let word = rest.popFirst() {
      if options.contains(word) {
        _ = rest.popFirst()
      } else if !flags.contains(word), !options.contains(String(word.prefix { $0 != "=" })) {
        kept.append(word)
      }
    }
    return (kept + added + all[end...]).map(\.shellWord).joined(separator: " ")
  }

  /// Refuses options that would not be used.
  ///
  /// - Parameters:
  ///   - isUseless: Whether an option is.
  ///   - reason: Why, as in "--limit cannot be used with --resume: …".
  static func refuse(_ reason: String, where isUseless: (String) -> Bool) throws {
    let useless = names.filter(isUseless)
    guard useless.isEmpty else {
      throw ValidationError("\(useless.joined(separator: ", ")) cannot be used \(reason)")
    }
  }

  /// Refuses some options that would not be used.
  static func refuse(_ options: String..., because reason: String) throws {
    try refuse(reason, where: options.contains)
  }

  /// Refuses fractions for parts that images bring along.
  static func refuseFractions(of listing: DatasetListing) throws {
    let assigned = listing.files.map(\.assignedPart)
    let settled = Split.settledParts(assigned)
    let parts = Split.Part.allCases.filter { assigned.contains($0) }.map(\.rawValue)
    try refuse(
      "with \(listing.source), which is divided already (\(parts.joined(separator: ", "))): "
        + "leave it out"
    ) { name in settled.contains { name == "--\($0.rawValue)-split" } }
  }
}
