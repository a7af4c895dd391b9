/// What a sketch shows; the raw value is the name of its class folder.
public enum Animal: String, CaseIterable, Codable, Sendable {
  case cat, dog

  /// Identifies the animal's stream of random numbers.
  var stream: UInt64 { self == .cat ? 1 : 2 }
}
