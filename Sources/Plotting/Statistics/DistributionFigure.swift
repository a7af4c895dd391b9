/// Distributions of several groups, one panel for each quantity, two panels side by side.
public struct DistributionFigure: Sendable {
  /// The distributions of one quantity.
  public struct Panel: Hashable, Sendable {
    /// What is measured.
    public var title: String
    /// For each group the parts at equally wide levels, in order.
    public var groups: [[Double]]

    /// Creates a panel.
    public init(_ title: String, _ groups: [[Double]]) {
      self.title = title
      self.groups = groups
    }
  }

  /// Says what is shown.
  public var title: String
  /// Says how to read it.
  public var subtitle: String
  /// The names of the groups.
  public var groups: [String]
  /// From left to right and from top to bottom.
  public var panels: [Panel]
  /// Where the levels begin and end.
  public var domain: ClosedRange<Double>
  /// The colours.
  public var theme: Theme

  /// Creates a figure.
  ///
  /// - Precondition: Every panel has a distribution for each group.
  public init(
    title: String, subtitle: String, groups: [String], panels: [Panel],
    domain: ClosedRange<Double>, theme: Theme = .light
  ) {
    precondition(
      panels.allSatisfy { $0.groups.count == groups.count }, "a panel without some group")
    self.title = title
    self.subtitle = subtitle
    self.groups = groups
    self.panels = panels
    self.domain = domain
    self.theme = theme
  }

  /// Canvas units; a PNG has twice as many pixels.
  public static let width = 800.0, height = 500.0

  private static let legendHeight = 92.0
  private static let gap = Point(60, 66)

  /// Fills a canvas of 800 × 500 canvas units.
  public func draw(on canvas: any Canvas) {
    let palette = theme.palette
    Figure(title: title, subtitle: subtitle, axes: [], footer: "", theme: theme).draw(on: canvas)
    drawLegend(on: canvas)
    let left = FigureLayout.margin + 48
    let top = Self.legendHeight + 40
    let boxes = FigureLayout.grid(
      of: panels.count, columns: 2,
      in: Rectangle(
        x: left, y: top, width: canvas.width - FigureLayout.margin - left,
        height: canvas.height - 44 - top),
      gap: Self.gap)
    for (panel, box) in zip(panels, boxes) {
      AxesDrawing(axes: axes(panel), box: box, palette: palette, isLowest: true, canvas: canvas)
        .draw()
    }
  }

  /// Writes the figure as a PNG of 1600 × 1000 pixels, whole or not at all.
  ///
  /// - Throws: `PictureError.unwritable`.
  public func write(to path: String) throws(PictureError) {
    try CairoCanvas.write(
      to: path, width: Self.width, height: Self.height, scale: 2, draw(on:))
  }

  private func pen(_ group: Int) -> Pen {
    let pens = theme.pens(theme.palette.series.count)
    // More groups than colours: the later ones are a crowd.
    return group < pens.count ? pens[group] : Pen(theme.palette.context, width: 1.2)
  }

  private func axes(_ panel: Panel) -> Axes {
    let peak = panel.groups.flatMap(\.self).max() ?? 0
    let lines = panel.groups.enumerated().reversed().map { group, parts in
      let step = (domain.upperBound - domain.lowerBound) / Double(max(1, parts.count))
      return Mark.line(
        parts.enumerated().map { index, part in
          DataPoint(domain.lowerBound + (Double(index) + 0.5) * step, part)
        }, pen(group))
    }
    return Axes(
      horizontal: Axis("", domain),
      vertical: Axis(
        panel.title, Ticks.niceDomain(around: 0...max(peak, 1e-6), limit: 4), format: .percent,
        tickLimit: 4),
      marks: lines)
  }

  private func drawLegend(on canvas: any Canvas) {
    var x = FigureLayout.margin
    for (group, name) in groups.enumerated() {
      let text = canvas.shortened(name, .label, to: 160)
      let width = 34 + canvas.width(of: text, .label)
      guard x + width < canvas.width - FigureLayout.margin else { return }
      let y = Self.legendHeight - 4.7
      let pen = pen(group)
      canvas.stroke(.polyline([Point(x, y), Point(x + 24, y)]), with: pen.color, pen.stroke)
      canvas.write(text, at: Point(x + 32, Self.legendHeight), with: pen.color, .label)
      x += width + 24
    }
  }
}
