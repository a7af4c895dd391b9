extension Theme {
  /// The themes of a page in a browser, by its names for them.
  package static let onPages: [String: Theme] = ["light": .light, "dark": .synthwave]
}
