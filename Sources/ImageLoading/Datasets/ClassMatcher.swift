/// Finds the class that a folder or a file of another part stands for: `Cats` of `test/Cats` for
/// the `cat` of `train/cat`.
struct ClassMatcher {
  private let known: Set<String>
  /// The known classes that have a key.
  private let byKey: [String: [String]]

  /// - Parameter known: The classes of the training images.
  init(_ known: Set<String>) {
    self.known = known
    byKey = Dictionary(grouping: known, by: Self.key)
  }

  /// The class of each name that has one.
  ///
  /// A name that is no class stands for the one that differs from it in case, punctuation, blanks
  /// or a plural only, if just one class does and no other name stands for that class.
  func classes(of names: some Collection<String>) -> [String: String] {
    let exact = names.filter(known.contains)
    var found = Dictionary(exact.map { ($0, $0) }, uniquingKeysWith: { first, _ in first })
    var rivals: [String: Set<String>] = [:]
    for name in names where found[name] == nil {
      let alike = Self.spellings(Self.key(name)).flatMap { byKey[$0] ?? [] }
      if alike.count == 1 { rivals[alike[0], default: []].insert(name) }
    }
    for (known, names) in rivals where names.count == 1 && found[known] == nil {
      for name in names { found[name] = known }
    }
    return found
  }

  /// What is left of a name without case, punctuation and blanks.
  static func key(_ name: String) -> String {
    String(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// A key, and those it is the plural or the singular of.
  private static func spellings(_ key: String) -> Set<String> {
    guard !key.isEmpty else { return [] }
    var all: Set = [key, key + "s", key + "es"]
    if key.hasSuffix("y") { all.insert(key.dropLast() + "ies") }
    for (plural, singular) in [("s", ""), ("es", ""), ("ies", "y")] where key.hasSuffix(plural) {
      all.insert(key.dropLast(plural.count) + singular)
    }
    return all
  }
}
