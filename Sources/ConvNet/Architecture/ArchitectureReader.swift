/// One word of an architecture and its place.
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

/// Reads the words of an architecture in order; every error points at a word.
struct ArchitectureReader {
  let text: String
  private let words: [ArchitectureWord]
  private var index = 0
  /// Blocks around the layer being read.
  var depth = 0
  /// The layers that the text may contain.
  let catalogue: LayerCatalogue

  init(_ text: String, _ catalogue: LayerCatalogue) {
    self.text = text
    self.catalogue = catalogue
    words = ArchitectureWord.split(text)
  }

  var next: ArchitectureWord? { index < words.count ? words[index] : nil }

  func nextIs(_ text: String) -> Bool { next?.text == text }

  /// Moves past the next word if it is `text`.
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

  /// The place of the word just read.
  var lastPlace: Range<Int> { index > 0 ? words[index - 1].place : 0..<0 }

  /// An error that points at the word just read.
  func mistake(_ problem: ArchitectureError.Problem) -> ArchitectureError {
    .unreadable(text: text, place: lastPlace, problem)
  }

  /// An error that points at the next word, where `what` was expected.
  func missing(_ what: String) -> ArchitectureError {
    .unreadable(text: text, place: next?.place ?? text.count..<text.count, .expected(what))
  }
}
