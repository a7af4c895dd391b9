extension TextStyle {
  static let title = TextStyle(size: 20, bold: true)
  static let axisTitle = TextStyle(size: 15)
  static let label = TextStyle(size: 13, bold: true)
  static let tick = TextStyle(size: 13)
  static let note = TextStyle(size: 13)
}

extension Canvas {
  /// Fills everything with the background, which a page has itself.
  func drawBackground(_ palette: Palette) {
    guard (self as? SVGCanvas)?.isInPage != true else { return }
    fill(.rectangle(Rectangle(x: 0, y: 0, width: width, height: height)), with: palette.background)
  }

  /// Writes the words above and below a figure; text that is too long is cut off, a reading after
  /// two lines.
  ///
  /// Those above are left out where a page has them as its own text.
  ///
  /// - Parameters:
  ///   - reading: Says what there is to see.
  ///   - subtitle: Says how it is drawn; where there is a reading, a line lower.
  func drawWords(
    title: String, reading: String = "", subtitle: String, footer: String = "", _ palette: Palette
  ) {
    let margin = AxesFigureLayout.margin
    let lines = readingLines(reading)
    let heights = lines.indices.map { 60 + Self.lineHeight * Double($0) }
    let subtitleHeight = 60 + Self.lineHeight * Double(lines.count)
    let end = subtitle.isEmpty ? heights.last ?? subtitleHeight : subtitleHeight
    let isInPage = (self as? SVGCanvas)?.leaveOutHead(upTo: end + 4) ?? false
    var words: [(text: String, y: Double, style: TextStyle, color: Color)] = []
    for (index, line) in footerLines(footer).reversed().enumerated() {
      words.append(
        (line, height - 16 - Self.lineHeight * Double(index), .note, palette.secondaryText))
    }
    if !isInPage {
      words.append((title, 38, .title, palette.text))
      words.append((subtitle, subtitleHeight, .note, palette.secondaryText))
      words += zip(lines, heights).map { ($0, $1, .note, palette.text) }
    }
    for (text, y, style, color) in words where !text.isEmpty {
      write(
        shortened(text, style, to: width - 2 * margin), at: Point(margin, y), with: color, style)
    }
  }

  /// From one line of a head to the next, canvas units.
  private static var lineHeight: Double { 20 }

  /// How much lower everything below a reading is.
  func readingHeight(_ reading: String) -> Double {
    Self.lineHeight * Double(readingLines(reading).count)
  }

  /// How much higher the lower edge of axes is above a footer of several lines.
  func footerHeight(_ footer: String) -> Double {
    Self.lineHeight * Double(max(1, footerLines(footer).count) - 1)
  }

  private func footerLines(_ footer: String) -> [String] { lines(of: footer, isNarrow ? 4 : 1) }

  private func readingLines(_ reading: String) -> [String] { lines(of: reading, 2) }

  /// The words of a text on lines that fit, of which the last has the rest.
  private func lines(of text: String, _ most: Int) -> [String] {
    let room = width - 2 * AxesFigureLayout.margin
    return text.split(separator: " ").reduce(into: [String]()) { lines, word in
      guard let last = lines.last else { return lines.append(String(word)) }
      let longer = "\(last) \(word)"
      if lines.count < most, self.width(of: longer, .note) > room {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = longer
      }
    }
  }

  /// A text, cut off with an ellipsis if it is wider than `room`.
  package func shortened(_ text: String, _ style: TextStyle, to room: Double) -> String {
    guard width(of: text, style) > room else { return text }
    let letters = Array(text)
    // So many letters have room, and so many have not.
    var (few, many) = (0, letters.count)
    while many - few > 1 {
      let middle = (few + many) / 2
      if width(of: String(letters[..<middle]) + "…", style) > room {
        many = middle
      } else {
        few = middle
      }
    }
    return String(letters[..<few]) + "…"
  }
}
