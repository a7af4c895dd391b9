import ArgumentParser
import ImageLoading

/// The options on the command line, whether or not they equal a default.
enum GivenOptions {
  /// Their long names, such as `--epochs`, in order.
  static let names: [String] = CommandLine.arguments.dropFirst().prefix { $0 != "--" }
    .filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) }

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
