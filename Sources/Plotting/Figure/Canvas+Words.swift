extension TextStyle {
  static let title = TextStyle(size: 20, bold: true)
  static let axisTitle = TextStyle(size: 15)
  static let label = TextStyle(size: 13, bold: true)
  static let tick = TextStyle(size: 13)
  static let note = TextStyle(size: 13)
}

extension Canvas {
  /// Fills everything with the background.
  func drawBackground(_ palette: Palette) {
    fill(.rectangle(Rectangle(x: 0, y: 0, width: width, height: height)), with: palette.background)
  }

  /// Writes the words above and below a figure; text that is too long is cut off.
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
    let subtitleHeight = 60 + AxesFigureLayout.readingHeight(reading)
    let isInPage = (self as? SVGCanvas)?.leaveOutHead(upTo: subtitleHeight + 4) ?? false
    for (text, y, style, color) in [
      (isInPage ? "" : title, 38, TextStyle.title, palette.text),
      (isInPage ? "" : reading, 60, .note, palette.text),
      (isInPage ? "" : subtitle, subtitleHeight, .note, palette.secondaryText),
      (footer, height - 16, .note, palette.secondaryText),
    ] where !text.isEmpty {
      write(
        shortened(text, style, to: width - 2 * margin), at: Point(margin, y), with: color, style)
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
