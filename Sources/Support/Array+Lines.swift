extension [String] {
  /// Joined to lines of at most `width` characters, or of one text where that is longer.
  ///
  /// - Parameter end: What stands at the end of a line in the place of a separator.
  package func lines(width: Int, separator: String, end: String = "") -> [String] {
    reduce(into: [String]()) { lines, word in
      guard let last = lines.popLast() else { return lines.append(word) }
      let longer = last + separator + word
      lines += longer.count + end.count <= width ? [longer] : [last + end, word]
    }
  }
}
