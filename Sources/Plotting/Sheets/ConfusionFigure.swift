/// What images of each class were taken for: a square of cells, a row for each label.
///
/// A cell is the darker, the larger its part of the row, and gives the number of images. It grows
/// with the number of classes, so that every name can be read.
public struct ConfusionFigure: TitledFigure, NarrowFigure {
  /// Says what is shown.
  public var title: String
  /// Says how to read it.
  public var subtitle: String
  /// The names of the classes.
  public var classes: [String]
  /// `counts[label][prediction]`: numbers of images.
  public var counts: [[Int]]
  /// The colors.
  public var theme: Theme

  /// Creates a figure.
  ///
  /// - Precondition: `counts` has a row and a column for each class.
  public init(
    title: String, subtitle: String, classes: [String], counts: [[Int]], theme: Theme = .light
  ) {
    precondition(
      counts.count == classes.count && counts.allSatisfy { $0.count == classes.count },
      "\(counts.count) rows for \(classes.count) classes")
    self.title = title
    self.subtitle = subtitle
    self.classes = classes
    self.counts = counts
    self.theme = theme
  }

  public var captions: [String] { [subtitle] }

  public var size: Size {
    Size(box.right + layout.rightMargin, box.bottom + bottomMargin)
  }

  package var narrowSize: Size? {
    var narrow = self
    narrow.layout = .narrow
    return narrow.size.width <= Size.narrowWidth
      ? Size(Size.narrowWidth, narrow.size.height) : nil
  }

  public func draw(on canvas: any Canvas) {
    var centered = self
    if canvas.isNarrow { centered.layout = .narrow }
    let size = centered.size
    centered.shift = Size((canvas.width - size.width) / 2, (canvas.height - size.height) / 2)
    centered.drawAll(on: canvas)
  }

  private func drawAll(on canvas: any Canvas) {
    canvas.drawBackground(theme.palette)
    canvas.drawWords(title: title, subtitle: subtitle, theme.palette)
    drawNames(on: canvas)
    for (label, row) in counts.enumerated() {
      let total = row.reduce(0, +)
      for (prediction, count) in row.enumerated() {
        let part = total > 0 ? Double(count) / Double(total) : nil
        draw(count, part: part, in: cell(label, prediction), on: canvas)
      }
    }
    drawScale(on: canvas)
  }

  // MARK: Cells

  /// The color of a part of a row, 0...1; small parts show as well.
  private func color(_ part: Double) -> Color {
    theme.palette.background.mixed(with: theme.palette.series[0], part.squareRoot())
  }

  private func draw(_ count: Int, part: Double?, in cell: Rectangle, on canvas: any Canvas) {
    let palette = theme.palette
    let ground = part.map(color) ?? palette.background
    canvas.fill(.rectangle(cell), with: ground)
    canvas.stroke(.rectangle(cell), with: palette.grid, Stroke(width: 1))
    let ink = [palette.text, palette.background].max {
      $0.contrast(with: ground) < $1.contrast(with: ground)
    }
    guard let ink, let part else { return }
    let number = NumberFormat.plain.labels(of: [Double(count)]) { _ in 0 }[0]
    let share = NumberFormat.percent.text(part)
    let (large, small) = (
      TextStyle(size: min(22, pitch * 0.42), bold: true, alignment: .center),
      TextStyle(size: 13, alignment: .center)
    )
    guard canvas.width(of: number, large) < pitch - 4 else { return }
    let middle = Point(cell.x + pitch / 2, cell.y + pitch / 2)
    let hasShare = pitch >= 64 && canvas.width(of: share, small) < pitch - 8
    canvas.write(
      number, at: Point(middle.x, middle.y + (hasShare ? 0 : 0.36 * large.size)), with: ink, large)
    if hasShare {
      canvas.write(share, at: Point(middle.x, middle.y + 20), with: ink, small)
    }
  }

  // MARK: Words

  private func drawNames(on canvas: any Canvas) {
    let palette = theme.palette
    let middle = Point(box.x + box.width / 2, box.y + box.height / 2)
    canvas.write(
      "predicted", at: Point(middle.x, Self.headHeight + shift.height + 12),
      with: palette.secondaryText,
      TextStyle(size: 13, alignment: .center))
    let style = TextStyle(size: 13, alignment: .trailing)
    let names = classes.map { canvas.shortened($0, style, to: layout.nameRoom) }
    let widest = names.map { canvas.width(of: $0, style) }.max() ?? 0
    canvas.write(
      "label", at: Point(box.x - widest - 22, middle.y), with: palette.secondaryText,
      TextStyle(size: 13, alignment: .center), rotation: -.pi / 2)
    for (index, name) in names.enumerated() {
      let row = cell(index, 0)
      canvas.write(
        name, at: Point(box.x - 8, row.y + pitch / 2 + 4.5), with: palette.text, style)
      let x = box.x + (Double(index) + 0.5) * pitch
      if isUpright {
        canvas.write(
          canvas.shortened(name, style, to: pitch - 8), at: Point(x, box.y - 10),
          with: palette.text,
          TextStyle(size: 13, alignment: .center))
      } else {
        canvas.write(
          name, at: Point(x + 4.5, box.y - 8), with: palette.text, TextStyle(size: 13),
          rotation: -.pi / 2)
      }
    }
  }

  /// What the colors mean: a bar from none of a row to all of it.
  private func drawScale(on canvas: any Canvas) {
    let steps = 64
    let bar = Rectangle(x: box.right + 24, y: box.y, width: 14, height: min(box.height, 440))
    for step in 0..<steps {
      let part = (Double(step) + 0.5) / Double(steps)
      canvas.fill(
        .rectangle(
          Rectangle(
            x: bar.x, y: bar.bottom - bar.height * Double(step + 1) / Double(steps),
            width: bar.width, height: bar.height / Double(steps) + 0.5)), with: color(part))
    }
    canvas.stroke(.rectangle(bar), with: theme.palette.context, Stroke(width: 1))
    for part in [0, 0.25, 0.5, 0.75, 1] {
      canvas.write(
        NumberFormat.percent.labels(of: [part]) { _ in 2 }[0],
        at: Point(bar.right + 6, bar.bottom - part * bar.height + 4.5),
        with: theme.palette.secondaryText, .tick)
    }
    canvas.write(
      "of the label", at: Point(bar.x, bar.bottom + 24), with: theme.palette.secondaryText, .tick)
  }

  // MARK: Layout

  /// How far the cells are moved to be in the middle of a larger canvas.
  private var shift = Size(0, 0)
  private static let headHeight = 76.0
  private let bottomMargin = 52.0

  /// Canvas units: the side of all cells, the longest name, and what is to the right of the cells.
  private struct Layout {
    var side: Double, nameRoom: Double, rightMargin: Double

    static let wide = Layout(side: 440, nameRoom: 120, rightMargin: 120)
    static let narrow = Layout(side: 220, nameRoom: 64, rightMargin: 100)
  }

  private var layout = Layout.wide

  /// The side of a cell: its part of all, but no less than 24.
  private var pitch: Double { max(layout.side / Double(max(1, classes.count)), 24) }

  /// Whether the names of the columns have room side by side; a letter takes about 8 units.
  private var isUpright: Bool {
    Double(classes.map(\.count).max() ?? 0) * 8 < pitch - 8
  }

  /// All cells.
  private var box: Rectangle {
    let side = pitch * Double(classes.count)
    return Rectangle(
      x: AxesFigureLayout.margin + 28 + layout.nameRoom + shift.width,
      y: Self.headHeight + shift.height + (isUpright ? 48 : 32 + layout.nameRoom), width: side,
      height: side)
  }

  private func cell(_ label: Int, _ prediction: Int) -> Rectangle {
    Rectangle(
      x: box.x + Double(prediction) * pitch, y: box.y + Double(label) * pitch, width: pitch,
      height: pitch)
  }
}
