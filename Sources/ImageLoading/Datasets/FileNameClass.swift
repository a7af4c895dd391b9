/// Classes that stand in the names of files: `cat.0.jpg`, `Maine_Coon_12.jpg`, `cat (1).jpg`.
enum FileNameClass {
  /// Names that cameras and programs give; they say nothing about what is on the image.
  private static let cameras: Set<String> = [
    "img", "image", "images", "imag", "dsc", "dscn", "dscf", "dcim", "pxl", "mvi", "gopr", "pict",
    "pic", "picture", "photo", "frame", "scan", "screenshot", "untitled", "unnamed", "file",
    "download", "whatsapp image", "cimg", "hpim", "thumbnail",
  ]

  /// The class of each name; nil for a name that has none.
  ///
  /// A name without a number, like `cat.jpg`, belongs to the class that others have a number of.
  static func classes(of names: [String]) -> [String?] {
    let numbered = names.map(numberedClass)
    let known = Set(numbered.compactMap { $0 })
    guard !known.isEmpty else { return numbered }
    return zip(names, numbered).map { name, found in
      if let found { return found }
      let bare = trimmed(withoutCopyMark(withoutExtension(name[...])))
      return known.contains(bare) ? bare : nil
    }
  }

  /// The text before the number at the end of a name.
  private static func numberedClass(_ name: String) -> String? {
    let stem = withoutExtension(name[...])
    guard stem.count < name.count else { return nil }
    let plain = withoutCopyMark(stem)
    var rest = plain
    while let last = rest.last, last.isASCII, last.isNumber { rest = rest.dropLast() }
    // `cat (1)` has no number but the one in parentheses.
    guard rest.count < plain.count || plain.count < stem.count else { return nil }
    let found = trimmed(rest)
    guard found.contains(where: \.isLetter), !cameras.contains(found.lowercased()) else {
      return nil
    }
    return found
  }

  /// Drops what systems add to a second file of the same name: ` (1)`, ` - Copy`, ` copy`.
  private static func withoutCopyMark(_ stem: Substring) -> Substring {
    var stem = stem
    while let last = stem.last, ")yY".contains(last),
      let match = stem.firstMatch(of: #/(?i)(?: ?\([0-9]+\)| ?- ?copy| copy)$/#)
    {
      stem = stem[..<match.range.lowerBound]
    }
    return stem
  }

  private static func withoutExtension(_ name: Substring) -> Substring {
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex,
      name[dot...].dropFirst().allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }),
      name[dot...].dropFirst().contains(where: \.isLetter)
    else { return name }
    return name[..<dot]
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while let last = text.last, " ._-#".contains(last) { text.removeLast() }
    while text.first == " " { text.removeFirst() }
    return String(text)
  }
}
