/// One word of an architecture and where it stands.
struct ArchitectureWord: Hashable, Sendable {
  let text: String
  /// Characters from the start of the whole text.
  let place: Range<Int>

  /// Words, commas and parentheses of a text, in order.
  static func split(_ text: String) -> [ArchitectureWord] {
    var words: [ArchitectureWord] = []
    var current = ""
    for (place, character) in (Array(text) + [" "]).enumerated() {
      let stands = ",()".contains(character)
      guard character.isWhitespace || stands else {
        current.append(character)
        continue
      }
      if !current.isEmpty {
        words.append(ArchitectureWord(text: current, place: place - current.count..<place))
      }
      if stands {
        words.append(ArchitectureWord(text: String(character), place: place..<place + 1))
      }
      current = ""
    }
    return words
  }
}

/// Reads the words of an architecture one after the other; every refusal points at a word.
struct ArchitectureReader {
  let text: String
  private let words: [ArchitectureWord]
  private var index = 0
  /// The layers that may stand in it.
  let catalogue: LayerCatalogue

  init(_ text: String, _ catalogue: LayerCatalogue) {
    self.text = text
    self.catalogue = catalogue
    words = ArchitectureWord.split(text)
  }

  var next: ArchitectureWord? { index < words.count ? words[index] : nil }

  func nextIs(_ text: String) -> Bool { next?.text == text }

  /// Moves past the next word when it is `text`.
  @discardableResult
  mutating func take(_ text: String) -> Bool {
    guard nextIs(text) else { return false }
    index += 1
    return true
  }

  /// The next word that belongs to the layer being read; nil at a comma, a parenthesis or the end.
  mutating func option() -> ArchitectureWord? {
    guard let word = next, !",()".contains(word.text) else { return nil }
    index += 1
    return word
  }

  /// Where the word just read stands.
  var lastPlace: Range<Int> { index > 0 ? words[index - 1].place : 0..<0 }

  /// A refusal that points at the word just read.
  func mistake(_ problem: ArchitectureError.Problem) -> ArchitectureError {
    .unreadable(text: text, place: lastPlace, problem)
  }

  /// A refusal that points at what stands where something else should.
  func missing(_ what: String) -> ArchitectureError {
    .unreadable(text: text, place: next?.place ?? text.count..<text.count, .expected(what))
  }
}
