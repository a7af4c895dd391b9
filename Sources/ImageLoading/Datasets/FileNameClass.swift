/// Classes that stand in the names of files: `cat.0.jpg`, `Maine_Coon_12.jpg`, `cat (1).jpg`.
enum FileNameClass {
  /// Names that cameras, phones and programs give, as words; they say nothing about what is on the
  /// image.
  private static let cameras: Set<String> = [
    "img", "img e", "image", "images", "imag", "dsc", "dscn", "dscf", "dcim", "pxl", "mvi", "mvimg",
    "gopr", "dji", "mg", "sam", "burst", "pano", "vid", "pict", "pic", "picture", "photo", "frame",
    "scan", "screenshot", "screenshot from", "screen shot", "bildschirmfoto", "untitled",
    "unnamed", "file", "download", "whatsapp image", "whatsapp", "signal", "telegram", "fb img",
    "received", "snapchat", "cimg", "hpim", "thumbnail", "imgp", "sdc", "sta", "kakaotalk",
    "lrm export", "capture", "foto", "bild",
  ]

  /// The class of each name; nil for a name that has none.
  ///
  /// A name without a number, like `cat.jpg`, belongs to the class that others have a number of.
  static func classes(of names: [String]) -> [String?] {
    let numbered = withoutPrefixes(names.map(numberedClass), of: names)
    let known = Set(numbered.compactMap { $0 })
    guard !known.isEmpty else { return numbered }
    return zip(names, numbered).map { name, found in
      if let found { return found }
      let bare = trimmed(withoutCopyMark(withoutExtension(name[...])))
      return known.contains(bare) ? bare : nil
    }
  }

  /// The classes of names, or none if all are prefixes of cameras: a few capitals that no word is
  /// made of, and three digits or more (`P1010001.JPG`, `SDC10001.JPG`).
  private static func withoutPrefixes(_ classes: [String?], of names: [String]) -> [String?] {
    let prefix = #/[B-DF-HJ-NP-TV-XZ]{1,4}[0-9]{3,}\.[A-Za-z]+/#
    let arePrefixes = zip(names, classes).allSatisfy { name, found in
      found == nil || name.wholeMatch(of: prefix) != nil
    }
    return arePrefixes ? classes.map { _ in nil } : classes
  }

  /// The text before the number at the end of a name.
  private static func numberedClass(_ name: String) -> String? {
    let stem = withoutExtension(name[...])
    guard stem.count < name.count else { return nil }
    let plain = withoutCopyMark(stem)
    var rest = withoutDate(withoutSizeOrHash(plain))
    while let last = rest.last, last.isASCII, last.isNumber { rest = rest.dropLast() }
    // `cat (1)` has no number but the one in parentheses.
    guard rest.count < plain.count || plain.count < stem.count else { return nil }
    let found = trimmed(rest)
    let words = found.lowercased().split { !$0.isLetter }
    guard !words.isEmpty, !cameras.contains(words.joined(separator: " ")) else { return nil }
    return found
  }

  /// The text before a size (`640x480`), a hash or a UUID at the end of a name, which are no words.
  private static func withoutSizeOrHash(_ stem: Substring) -> Substring {
    // Patterns are slow, and few names have what they are for.
    let end = stem.utf8.reversed().prefix { $0 < 0x80 && Character(Unicode.Scalar($0)).isHexDigit }
    let mayBeSize = stem.utf8.suffix(16).contains { $0 | 0x20 == UInt8(ascii: "x") }
    guard mayBeSize || end.count >= 12 else { return stem }
    let size = #/(?i)(?:^|[ ._-])[0-9]+ ?x ?[0-9]+(?:px)?$/#
    let uuid = #/(?i)(?:^|[ ._-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/#
    if let match = stem.firstMatch(of: size) ?? stem.firstMatch(of: uuid) {
      return stem[..<match.range.lowerBound]
    }
    let hash = #/(?i)(?:^|[ ._-])(?:(?:jpe?g|png)\.rf\.)?([0-9a-f]{12,})$/#
    guard let match = stem.firstMatch(of: hash), isHash(match.output.1) else { return stem }
    return stem[..<match.range.lowerBound]
  }

  /// Whether hexadecimal digits are a hash, and neither a number nor a word with one.
  private static func isHash(_ digits: Substring) -> Bool {
    guard let letter = digits.lastIndex(where: \.isLetter) else { return false }
    return digits.count >= 32 || digits[..<letter].contains(where: \.isNumber)
  }

  /// The text before a date, such as `IMG` of `IMG_20240101_120010`, or after one that it begins
  /// with: a class is not of one day.
  private static func withoutDate(_ stem: Substring) -> Substring {
    let digits = stem.utf8.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard digits >= 8,
      let date = stem.firstMatch(
        of: #/(?:19|20)[0-9]{2}([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12][0-9]|3[01])/#)
    else { return stem }
    let before = stem[..<date.range.lowerBound]
    // Other digits before it make it a longer number.
    guard before.last?.isNumber != true else { return stem }
    return before.contains(where: \.isLetter)
      ? before : stem[date.range.upperBound...].drop { !$0.isLetter }
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
