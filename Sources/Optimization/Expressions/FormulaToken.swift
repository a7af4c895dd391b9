/// A word of a formula and where it begins.
struct FormulaToken: Equatable {
  enum Kind: Equatable {
    case number(Double)
    case name(String)
    case symbol(String)
    case end
  }

  var kind: Kind
  /// Characters from the start of the text.
  var position: Int

  /// The word as an error describes it.
  var words: String {
    switch kind {
    case .number(let value): "the number \(value)"
    case .name(let name): "'\(name)'"
    case .symbol(let symbol): "'\(symbol)'"
    case .end: "the end"
    }
  }

  /// Cuts a text into words; the last one is the end.
  static func tokens(of text: String) throws(FormulaError) -> [FormulaToken] {
    let characters = Array(text)
    var tokens: [FormulaToken] = []
    var position = 0
    while position < characters.count {
      let start = position
      let character = characters[position]
      if character.isWhitespace {
        position += 1
        continue
      }
      let kind: Kind
      if isDigit(character) || character == "." {
        kind = .number(try number(in: characters, at: &position, text))
      } else if isLetter(character) {
        while position < characters.count,
          isLetter(characters[position]) || isDigit(characters[position])
        {
          position += 1
        }
        kind = .name(String(characters[start..<position]))
      } else {
        kind = .symbol(try symbol(in: characters, at: position, text))
        if case .symbol(let symbol) = kind { position += symbol.count }
      }
      tokens.append(FormulaToken(kind: kind, position: start))
    }
    tokens.append(FormulaToken(kind: .end, position: characters.count))
    return tokens
  }

  private static func isDigit(_ character: Character) -> Bool {
    character.isASCII && character.isNumber
  }

  private static func isLetter(_ character: Character) -> Bool {
    character.isASCII && character.isLetter || character == "_"
  }

  private static func symbol(
    in characters: [Character], at position: Int, _ text: String
  ) throws(FormulaError) -> String {
    let pair = String(characters[position...].prefix(2))
    if ["<=", ">=", "==", "!=", "&&", "||"].contains(pair) { return pair }
    let single = String(pair.prefix(1))
    let hints = [
      "=": "to compare write ==", "&": "write &&", "|": "write ||, or abs(…)",
      "−": "write the minus of the keyboard", "×": "write *", "·": "write *", "÷": "write /",
    ]
    if pair == "**" {
      throw FormulaError(text: text, position: position, reason: "for a power write ^")
    }
    if let hint = hints[single] {
      throw FormulaError(text: text, position: position, reason: hint)
    }
    guard "+-*/^(),<>!".contains(single) else {
      throw FormulaError(
        text: text, position: position, reason: "'\(single)' has no meaning in a formula")
    }
    return single
  }

  /// Digits with a point and an exponent, as in 3, .5, 2.5e-3.
  private static func number(
    in characters: [Character], at position: inout Int, _ text: String
  ) throws(FormulaError) -> Double {
    let start = position
    func skipDigits() {
      while position < characters.count, isDigit(characters[position]) { position += 1 }
    }
    skipDigits()
    if position < characters.count, characters[position] == "." {
      position += 1
      skipDigits()
    }
    let mantissa = String(characters[start..<position])
    guard mantissa != "." else {
      throw FormulaError(text: text, position: start, reason: "expected digits beside the point")
    }
    if position < characters.count, "eE".contains(characters[position]) {
      var end = position + 1
      if end < characters.count, "+-".contains(characters[end]) { end += 1 }
      // Without digits the letter is a name, as in 2*e.
      if end < characters.count, isDigit(characters[end]) {
        position = end
        skipDigits()
      }
    }
    let digits = String(characters[start..<position])
    // Swift reads no number that begins or ends with its point.
    let padded =
      (digits.hasPrefix(".") ? "0" : "")
      + digits.replacing(".e", with: ".0e")
      .replacing(".E", with: ".0e") + (digits.hasSuffix(".") ? "0" : "")
    guard let value = Double(padded), value.isFinite else {
      throw FormulaError(text: text, position: start, reason: "the number \(digits) is too large")
    }
    return value
  }
}
