/// A figure of one or more pairs of axes: one above the other over the same horizontal axis, or
/// side by side in a grid.
public struct AxesFigure: TitledFigure, NarrowFigure {
  /// Says what is shown.
  public var title: String
  /// Says in one sentence what there is to see; empty if the subtitle does.
  public var reading: String
  /// Says how to read it.
  public var subtitle: String
  /// Row by row in a grid; otherwise the main axes first, then strips of fixed height.
  public var axes: [Axes]
  /// Number of equal axes side by side; nil for strips one below the other.
  public var columns: Int?
  /// Names of lines that all axes share, written above them; shortened where they do not fit.
  public var legend: [LegendEntry]
  /// The source of the values.
  public var footer: String
  /// The colors.
  public var theme: Theme

  public var size: Size { .chart }

  /// Axes that are side by side in a wide figure are one below the other.
  package var narrowSize: Size? {
    Size(Size.narrowWidth, columns == nil ? 500 : 260 + 250 * Double(axes.count))
  }

  public var captions: [String] { [reading, subtitle].filter { !$0.isEmpty } }

  /// Creates a figure.
  public init(
    title: String, reading: String = "", subtitle: String, axes: [Axes], columns: Int? = nil,
    legend: [LegendEntry] = [], footer: String, theme: Theme
  ) {
    self.title = title
    self.reading = reading
    self.subtitle = subtitle
    self.axes = axes
    self.columns = columns
    self.legend = legend
    self.footer = footer
    self.theme = theme
  }

  public func draw(on canvas: any Canvas) {
    let palette = theme.palette
    canvas.drawBackground(palette)
    canvas.drawWords(
      title: title, reading: reading, subtitle: subtitle, footer: footer, palette)
    let legendTop = AxesFigureLayout.legendHeight + canvas.readingHeight(reading)
    for (row, entries) in canvas.legendRows(legend).enumerated() {
      canvas.drawLegend(entries, at: legendTop + AxesFigureLayout.legendPitch * Double(row))
    }
    let layout = AxesFigureLayout(self, on: canvas)
    let columns = canvas.isNarrow ? 1 : columns ?? 1
    for (index, box) in layout.boxes.enumerated() {
      let isLowest = index + columns >= axes.count
      var drawing = AxesDrawing(axes[index], in: box, palette, isLowest: isLowest, on: canvas)
      drawing.draw()
    }
  }
}

/// A line and its name above the axes of a figure.
public struct LegendEntry: Hashable, Sendable {
  /// One word or two; shortened if long.
  public var name: String
  /// How the line is drawn.
  public var pen: Pen

  /// Creates an entry.
  public init(_ name: String, _ pen: Pen) {
    self.name = name
    self.pen = pen
  }
}

extension Canvas {
  /// The rows of a legend: one if all names fit whole, or else two; on a narrow page as many as it
  /// takes.
  func legendRows(_ entries: [LegendEntry]) -> [ArraySlice<LegendEntry>] {
    let most = min(isNarrow ? 6 : 2, entries.count)
    guard most > 0 else { return [] }
    func rows(_ count: Int) -> [ArraySlice<LegendEntry>] {
      let length = (entries.count + count - 1) / count
      return stride(from: 0, to: entries.count, by: length).map {
        entries[$0..<min($0 + length, entries.count)]
      }
    }
    func fits(_ row: ArraySlice<LegendEntry>) -> Bool {
      row.reduce(0) { $0 + width(of: $1.name, .label) } <= legendRoom(row.count)
    }
    return (1..<most).lazy.map(rows).first { $0.allSatisfy(fits) } ?? rows(most)
  }

  /// Room for the names in a row of a legend.
  private func legendRoom(_ count: Int) -> Double {
    width - 2 * AxesFigureLayout.margin - Double(count) * 32 - Double(count - 1) * 26
  }

  /// Writes names beside samples of their lines in one row, long ones shortened if need be.
  fileprivate func drawLegend(_ entries: ArraySlice<LegendEntry>, at baseline: Double) {
    let margin = AxesFigureLayout.margin
    let room = legendRoom(entries.count)
    let longest = LabelPlacement.share(room, among: entries.map { width(of: $0.name, .label) })
    var x = margin
    for entry in entries {
      let text = shortened(entry.name, .label, to: longest)
      let right = x + 32 + width(of: text, .label)
      guard right <= width - margin + 0.5 else { return }
      let y = baseline - 4.7
      stroke(
        .polyline([Point(x, y), Point(x + entry.pen.sampleLength(within: 25), y)]),
        with: entry.pen.color, entry.pen.stroke)
      write(text, at: Point(x + 32, baseline), with: entry.pen.color, .label)
      x = right + 26
    }
  }
}
