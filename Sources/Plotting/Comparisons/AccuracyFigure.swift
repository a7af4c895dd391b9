/// Accuracies with their intervals, one below the other, and which two are told apart.
public struct AccuracyFigure: TitledFigure, NarrowFigure {
  /// One accuracy.
  public struct Row: Hashable, Sendable {
    /// Of what.
    public var name: String
    /// 0…1, with the ends of its interval.
    public var accuracy: Double, lower: Double, upper: Double
    /// What the accuracy is the mean of, 0…1; none if it is one alone.
    public var single: [Double]

    /// Creates a row.
    public init(_ name: String, accuracy: Double, lower: Double, upper: Double, single: [Double]) {
      self.name = name
      self.accuracy = accuracy
      self.lower = lower
      self.upper = upper
      self.single = single
    }
  }

  public var title: String
  private let subtitle: String, footer: String
  private let rows: [Row]
  /// For each row, whether it is told apart from each row.
  private let areApart: [[Bool]]
  private let theme: Theme

  /// More rows leave no room for which are told apart.
  public static let mostCompared = 12
  private static let head = 108.0, foot = 84.0, pitch = 34.0
  private static let cell = 21.0, widestName = 200.0, rankWidth = 26.0, valueWidth = 62.0
  /// Less room for the intervals says too little.
  private static let leastWidth = 110.0

  public var captions: [String] { [subtitle] }

  public var size: Size {
    Size(Size.chart.width, Self.head + Self.foot + Self.pitch * Double(max(3, rows.count)))
  }

  package var narrowSize: Size? { Size(Size.narrowWidth, size.height + 60) }

  /// Creates a figure.
  ///
  /// - Parameters:
  ///   - rows: The best first.
  ///   - areApart: For each row, whether it is told apart from each row.
  public init(
    title: String, subtitle: String, rows: [Row], areApart: [[Bool]], footer: String, theme: Theme
  ) {
    precondition(
      areApart.count == rows.count && areApart.allSatisfy { $0.count == rows.count },
      "verdicts on other rows")
    self.title = title
    self.subtitle = subtitle
    self.rows = rows
    self.areApart = areApart
    self.footer = footer
    self.theme = theme
  }

  public func draw(on canvas: any Canvas) {
    let palette = theme.palette
    let names = min(
      Self.widestName, 0.28 * canvas.width,
      rows.map { canvas.width(of: $0.name, .label) }.max() ?? 0)
    let left = AxesFigureLayout.margin + Self.rankWidth + names + 16
    let room = canvas.width - AxesFigureLayout.margin - Self.valueWidth - left
    let verdicts = Self.cell * Double(rows.count) + 14
    let hasVerdicts =
      rows.count > 1 && rows.count <= Self.mostCompared && room - verdicts >= Self.leastWidth
    let foot = hasVerdicts ? "● told apart from that number, ○ not · \(footer)" : footer
    canvas.drawBackground(palette)
    canvas.drawWords(title: title, reading: subtitle, subtitle: "", footer: foot, palette)
    let box = Rectangle(
      x: left, y: Self.head, width: hasVerdicts ? room - verdicts : room,
      height: canvas.height - Self.head - Self.foot - canvas.footerHeight(foot))
    let axis = axis(width: box.width)
    drawAxis(axis, in: box, on: canvas)
    let pitch = box.height / Double(max(1, rows.count))
    let scale = axis.scale(from: box.x, to: box.right)
    for (index, row) in rows.enumerated() {
      let y = box.y + pitch * (Double(index) + 0.5)
      drawRow(index, row, at: y, in: box, scale, nameWidth: names, on: canvas)
      if hasVerdicts {
        drawVerdicts(index, at: y, from: box.right + Self.valueWidth + 14, on: canvas)
      }
    }
    guard hasVerdicts else { return }
    for index in rows.indices {
      write(
        "\(index + 1)", at: Point(center(of: index, box), box.y - 8), palette.secondaryText,
        .tick, .center, on: canvas)
    }
  }

  private func center(of column: Int, _ box: Rectangle) -> Double {
    box.right + Self.valueWidth + 14 + Self.cell * (Double(column) + 0.5)
  }

  private func axis(width: Double) -> Axis {
    let ends = rows.flatMap { [$0.lower, $0.upper, $0.accuracy] + $0.single }
      .filter { (0...1).contains($0) }
    let limit = max(2, min(6, Int(width / 64)))
    let (low, high) = (ends.min() ?? 0, ends.max() ?? 1)
    let domain = Ticks.niceDomain(around: low...max(high, low + 1e-3), limit: limit)
    return Axis(
      "accuracy", max(0, domain.lowerBound)...min(1, domain.upperBound), format: .percent,
      tickLimit: limit)
  }

  private func drawAxis(_ axis: Axis, in box: Rectangle, on canvas: any Canvas) {
    let scale = axis.scale(from: box.x, to: box.right)
    for (value, text) in zip(axis.ticks.values, axis.ticks.labels) {
      let x = scale.position(of: value)
      canvas.stroke(
        .polyline([Point(x, box.y), Point(x, box.bottom)]), with: theme.palette.grid,
        Stroke(width: 1))
      write(
        text, at: Point(x, box.bottom + 20), theme.palette.secondaryText, .tick, .center,
        on: canvas)
    }
    write(
      axis.title, at: Point(box.x + box.width / 2, box.bottom + 42), theme.palette.text,
      .axisTitle, .center, on: canvas)
  }

  private func drawRow(
    _ index: Int, _ row: Row, at y: Double, in box: Rectangle, _ scale: Scale, nameWidth: Double,
    on canvas: any Canvas
  ) {
    let palette = theme.palette
    let margin = AxesFigureLayout.margin
    write(
      "\(index + 1)", at: Point(margin, y + 4.7), palette.secondaryText, .tick, .leading,
      on: canvas)
    write(
      canvas.shortened(row.name, .label, to: nameWidth),
      at: Point(margin + Self.rankWidth, y + 4.7), palette.text, .label, .leading, on: canvas)
    guard row.accuracy.isFinite, row.lower.isFinite, row.upper.isFinite else { return }
    let color = palette.series[0]
    func place(_ value: Double) -> Double {
      min(max(scale.position(of: value), box.x), box.right)
    }
    let (low, high) = (place(row.lower), place(row.upper))
    canvas.stroke(
      .polyline([Point(low, y), Point(high, y)]), with: color, Stroke(width: 2.5, cap: .butt))
    for x in [low, high] {
      canvas.stroke(
        .polyline([Point(x, y - 5), Point(x, y + 5)]), with: color, Stroke(width: 2))
    }
    Marker(.dot, radius: 5.5, color).draw(at: [Point(place(row.accuracy), y)], on: canvas)
    Marker(.ring, radius: 4, palette.text).draw(
      at: row.single.filter(\.isFinite).map { Point(place($0), y) }, on: canvas)
    write(
      NumberFormat.percent.text(row.accuracy), at: Point(box.right + Self.valueWidth, y + 4.7),
      palette.text, .label, .trailing, on: canvas)
  }

  private func drawVerdicts(
    _ index: Int, at y: Double, from left: Double, on canvas: any Canvas
  ) {
    let color = theme.palette.text
    for other in rows.indices where other != index {
      let center = Point(left + Self.cell * (Double(other) + 0.5), y)
      Marker(areApart[index][other] ? .dot : .ring, radius: 5, color)
        .draw(at: [center], on: canvas)
    }
  }

  private func write(
    _ text: String, at position: Point, _ color: Color, _ style: TextStyle,
    _ alignment: TextStyle.Alignment, on canvas: any Canvas
  ) {
    var style = style
    style.alignment = alignment
    canvas.write(text, at: position, with: color, style)
  }
}

extension AccuracyFigure {
  /// For each row and each other, whether they are told apart.
  ///
  /// - Parameters:
  ///   - pairs: Two each that are, in any order.
  ///   - rows: In the order of the figure.
  package static func areApart<ID: Hashable>(_ pairs: [(ID, ID)], among rows: [ID]) -> [[Bool]] {
    let apart = Set(pairs.flatMap { [[$0, $1], [$1, $0]] })
    return rows.map { one in rows.map { apart.contains([one, $0]) } }
  }
}
