internal import Tensors

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
  /// Layers begun so far; tells layers that draw random numbers apart.
  var layerCount = 0

  init(_ text: String) {
    self.text = text
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

  /// A whole number in a range.
  mutating func count(_ range: ClosedRange<Int>) throws(ArchitectureError) -> Int {
    let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
    guard let word = option() else { throw missing(expected) }
    guard let value = Int(word.text), range.contains(value) else {
      throw mistake(.expected(expected))
    }
    return value
  }

  /// A number for which `isValid`.
  mutating func number(
    _ expected: String, _ isValid: (Float) -> Bool
  ) throws(ArchitectureError) -> Float {
    guard let word = option() else { throw missing(expected) }
    guard let value = Float(word.text), value.isFinite, isValid(value) else {
      throw mistake(.expected(expected))
    }
    return value
  }

  /// Rows and columns as `3x3`, or as `3` for both; nil when the next word is no such thing.
  mutating func size() throws(ArchitectureError) -> (height: Int, width: Int)? {
    guard let first = next?.text.first, first.isNumber, let word = option() else { return nil }
    let parts = word.text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count <= 2, let height = parts[0], let width = parts[parts.count - 1],
      (1...64).contains(height), (1...64).contains(width)
    else { throw mistake(.expected("a size like 3x3, from 1x1 to 64x64")) }
    return (height, width)
  }

  /// `same`, `valid` or a number of zeros on every side.
  mutating func padding() throws(ArchitectureError) -> Padding {
    if take("same") { return .same }
    if take("valid") { return .zeros(0) }
    let expected = "same, valid or a number from 0 to 64"
    guard let word = option() else { throw missing(expected) }
    guard let value = Int(word.text), (0...64).contains(value) else {
      throw mistake(.expected(expected))
    }
    return .zeros(value)
  }

  /// A refusal that points at the word just read.
  func mistake(_ problem: ArchitectureError.Problem) -> ArchitectureError {
    let place = index > 0 ? words[index - 1].place : 0..<0
    return .unreadable(text: text, place: place, problem)
  }

  /// A refusal that points at what stands where something else should.
  func missing(_ what: String) -> ArchitectureError {
    .unreadable(text: text, place: next?.place ?? text.count..<text.count, .expected(what))
  }
}
