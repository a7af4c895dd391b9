extension String {
  /// As a shell takes it for one word: quoted where it has to be.
  package var shellWord: String {
    let isPlain = !isEmpty && allSatisfy { $0.isLetter || $0.isNumber || "/._-+,:@%".contains($0) }
    return isPlain ? self : "'\(replacing("'", with: "'\\''"))'"
  }

  /// The words that a shell makes of it, without expanding any; nil if a quotation does not end.
  package var shellWords: [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var rest = self[...]
    while let letter = rest.popFirst() {
      if letter == quote {
        quote = nil
      } else if letter == "\\", quote != "'", let next = rest.first,
        quote == nil || "\"\\$`".contains(next)
      {
        word = (word ?? "") + String(rest.removeFirst())
      } else if quote == nil, letter == "\"" || letter == "'" {
        quote = letter
        word = word ?? ""
      } else if quote == nil, letter.isWhitespace {
        if let word { words.append(word) }
        word = nil
      } else {
        word = (word ?? "") + String(letter)
      }
    }
    return quote == nil ? words + (word.map { [$0] } ?? []) : nil
  }
}
