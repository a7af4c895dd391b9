internal import Foundation
public import Support

/// Images with maps of what speaks for their class, side by side.
public struct ExplanationFigure: Figure {
  /// A map over the image of its row.
  public struct Panel: Hashable, Sendable {
    /// How it was made.
    public var title: String
    /// Of the size of the image.
    public var map: HeatMap
    /// What its numbers say, a line each.
    public var notes: [String]

    /// Creates a panel.
    public init(_ title: String, _ map: HeatMap, notes: [String]) {
      (self.title, self.map, self.notes) = (title, map, notes)
    }
  }

  /// An image and its maps.
  public struct Row: Hashable, Sendable {
    /// The image as the network sees it.
    public var photo: PixelBuffer
    /// What is written above it.
    public var title: String
    /// What is written below it, a line each.
    public var notes: [String]
    /// From left to right.
    public var panels: [Panel]

    /// Creates a row.
    public init(_ photo: PixelBuffer, title: String, notes: [String], panels: [Panel]) {
      (self.photo, self.title, self.notes, self.panels) = (photo, title, notes, panels)
    }
  }

  /// Says what is shown.
  public var title: String
  /// Says how to read it.
  public var subtitle: String
  /// Says what else there is to know.
  public var footer: String
  /// From top to bottom.
  public var rows: [Row]
  /// The colors.
  public var theme: Theme

  /// Creates a figure.
  ///
  /// - Precondition: There is a row.
  public init(
    title: String, subtitle: String, footer: String = "", rows: [Row], theme: Theme = .light
  ) {
    precondition(!rows.isEmpty, "a figure without images")
    self.title = title
    self.subtitle = subtitle
    self.footer = footer
    self.rows = rows
    self.theme = theme
  }

  public var size: Size {
    Size(
      max(2 * margin + columns * (side + gap) - gap, leastWidth),
      headHeight + rows.reduce(0) { $0 + height(of: $1) } + footHeight)
  }

  public func draw(on canvas: any Canvas) {
    let palette = theme.palette
    canvas.drawBackground(palette)
    canvas.drawWords(title: title, subtitle: subtitle, footer: footer, palette)
    var top = headHeight
    for row in rows {
      draw(row.photo, row.title, row.notes, 0, top, on: canvas)
      for (index, panel) in row.panels.enumerated() {
        draw(
          panel.map.bitmap(over: row.photo, theme), panel.title,
          panel.notes + ["full color at \(Self.text(panel.map.fullScale))"], index + 1, top,
          on: canvas)
      }
      top += height(of: row)
    }
    drawScale(at: top + 4, on: canvas)
  }

  private func draw(
    _ image: PixelBuffer, _ title: String, _ notes: [String], _ column: Int, _ top: Double,
    on canvas: any Canvas
  ) {
    let palette = theme.palette
    let x = margin + Double(column) * (side + gap)
    canvas.write(
      canvas.shortened(title, .label, to: side), at: Point(x, top + 14), with: palette.text,
      .label)
    let scale = side / Double(max(image.width, image.height))
    canvas.draw(
      image,
      in: Rectangle(
        x: x, y: top + titleHeight, width: Double(image.width) * scale,
        height: Double(image.height) * scale))
    for (line, note) in notes.enumerated() {
      canvas.write(
        canvas.shortened(note, .note, to: side),
        at: Point(x, top + titleHeight + side + 18 + Double(line) * noteHeight),
        with: palette.secondaryText, .note)
    }
  }

  /// What the colors mean: a bar from much against to much for, over a gray image.
  private func drawScale(at y: Double, on canvas: any Canvas) {
    let palette = theme.palette
    let panels = rows.flatMap(\.panels)
    guard !panels.isEmpty else { return }
    let hasNegative = !palette.isGray && panels.contains { $0.map.hasNegative }
    let ramp = HeatRamp(palette)
    let (steps, length) = (120, hasNegative ? 280.0 : 160.0)
    let words = (
      first: hasNegative ? "against it" : "nothing",
      last: palette.isGray ? "for it (against it is not drawn)" : "for it"
    )
    var x = margin
    canvas.write(words.first, at: Point(x, y + 11), with: palette.secondaryText, .note)
    x += canvas.width(of: words.first, .note) + 8
    for step in 0..<steps {
      let place = (Double(step) + 0.5) / Double(steps)
      let width = length / Double(steps)
      canvas.fill(
        .rectangle(
          Rectangle(x: x + Double(step) * width, y: y, width: width + 0.5, height: 13)),
        with: ramp.color(hasNegative ? 2 * place - 1 : place, over: 0.5))
    }
    canvas.write(
      words.last, at: Point(x + length + 8, y + 11), with: palette.secondaryText, .note)
  }

  static func text(_ value: Float) -> String { NumberFormat.plain.text(Double(value)) }

  // MARK: Layout

  private var margin: Double { AxesFigureLayout.margin }
  private let leastWidth = 640.0, leastSide = 192.0, gap = 14.0
  private static let mostLargeRows = 20
  private let headHeight = 82.0, titleHeight = 22.0, noteHeight = 18.0, rowGap = 18.0
  private var columns: Double { Double(1 + (rows.map(\.panels.count).max() ?? 0)) }

  /// Of an image: two fill the width; many rows of such images would be too high for a PNG file.
  private var side: Double {
    guard rows.count <= Self.mostLargeRows else { return leastSide }
    return max((leastWidth - 2 * margin + gap) / columns - gap, leastSide)
  }

  private var footHeight: Double { footer.isEmpty ? 40 : 64 }

  private func height(of row: Row) -> Double {
    let lines = max(row.notes.count, (row.panels.map(\.notes.count).max() ?? -1) + 1)
    return titleHeight + side + 6 + Double(lines) * noteHeight + rowGap
  }
}
