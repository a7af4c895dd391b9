extension String {
  /// The parts of a text that are read from the right, and those between them.
  ///
  /// A part from the right begins and ends with a letter of a script that is; what is between two
  /// such letters belongs to it unless it has a letter or a digit.
  package var partsByDirection: [(text: String, isFromRight: Bool)] {
    var parts: [(text: String, isFromRight: Bool)] = []
    // What may belong to the part before it, or to the next one.
    var open = ""
    for character in self {
      let isFromRight = character.unicodeScalars.contains(where: \.isFromRight)
      let isNeutral = !isFromRight && !character.isLetter && !character.isNumber
      if isNeutral, parts.last?.isFromRight == true {
        open.append(character)
      } else if parts.last?.isFromRight == isFromRight {
        parts[parts.count - 1].text += open + String(character)
        open = ""
      } else {
        parts.append((open + String(character), isFromRight))
        open = ""
      }
    }
    return open.isEmpty ? parts : parts + [(open, false)]
  }

  private var hasLetterFromRight: Bool { unicodeScalars.contains(where: \.isFromRight) }

  /// A name, before something that stays at its right also if it is read from the right.
  package var keptLeft: String { hasLetterFromRight ? self + Self.markFromLeft : self }

  /// A sentence in which what follows a name stays at its right also if that is read from the
  /// right.
  ///
  /// A name that has no letter of another script is not a sentence, and keeps its own order.
  package var withWordsInOrder: String {
    guard hasLetterFromRight else { return self }
    let parts = partsByDirection
    guard parts.contains(where: { !$0.isFromRight && $0.text.contains(where: \.isLetter) }) else {
      return self
    }
    return parts.map { $0.isFromRight ? $0.text + Self.markFromLeft : $0.text }.joined()
  }

  /// A letter without width that is read from the left.
  private static let markFromLeft = "\u{200E}"
}

extension Unicode.Scalar {
  /// The blocks of Hebrew, Arabic, Syriac, Thaana, N'Ko and others, and their presentation forms.
  private static let blocks: [ClosedRange<UInt32>] = [
    0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF,
  ]

  /// Whether it is of a script that is read from the right.
  fileprivate var isFromRight: Bool { Self.blocks.contains { $0.contains(value) } }
}
