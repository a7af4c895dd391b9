public import Support

/// Rows of small images with captions; as a PNG 1600 pixels wide.
public struct ContactSheet: TitledFigure {
  /// An image with a caption.
  public struct Thumbnail: Hashable, Sendable {
    /// Shown whole, in the middle of a square.
    public var image: PixelBuffer
    /// One line, shortened to fit.
    public var caption: String

    /// Creates a thumbnail.
    public init(_ image: PixelBuffer, caption: String) {
      self.image = image
      self.caption = caption
    }
  }

  /// A titled row of images, which takes as many lines as it needs; short rows share one.
  public struct Row: Hashable, Sendable {
    /// Written above the images; may be empty.
    public var title: String
    /// From left to right.
    public var thumbnails: [Thumbnail]

    /// Creates a row.
    public init(_ title: String, _ thumbnails: [Thumbnail]) {
      self.title = title
      self.thumbnails = thumbnails
    }
  }

  /// Says what is shown.
  public var title: String
  /// Says how to read it.
  public var subtitle: String
  /// From top to bottom.
  public var rows: [Row]
  /// The number of images side by side.
  public var columns: Int
  /// The colors.
  public var theme: Theme

  /// Creates a sheet.
  ///
  /// - Precondition: `columns` is positive.
  public init(
    title: String, subtitle: String, rows: [Row], columns: Int = 8, theme: Theme = .light
  ) {
    precondition(columns > 0, "a sheet of \(columns) columns")
    self.title = title
    self.subtitle = subtitle
    self.rows = rows
    self.columns = columns
    self.theme = theme
  }

  public var size: Size {
    Size(Self.width, lines.reduce(headHeight + margin - rowGap) { $0 + height(of: $1) + rowGap })
  }

  public func draw(on canvas: any Canvas) {
    let palette = theme.palette
    canvas.drawBackground(palette)
    canvas.drawWords(title: title, subtitle: subtitle, palette)
    // A wider canvas has the images in its middle.
    let left = margin + (canvas.width - Self.width) / 2
    var top = headHeight
    for line in lines {
      for (row, column) in line { draw(row, at: Point(left + pitch * Double(column), top), canvas) }
      top += height(of: line) + rowGap
    }
  }

  private func draw(_ row: Row, at corner: Point, _ canvas: any Canvas) {
    let room = pitch * Double(span(of: row)) - gap
    canvas.write(
      canvas.shortened(row.title, .label, to: room), at: Point(corner.x, corner.y + 13),
      with: theme.palette.text, .label)
    for (index, thumbnail) in row.thumbnails.enumerated() {
      let x = corner.x + Double(index % columns) * pitch
      let y = corner.y + titleRoom(row) + Double(index / columns) * linePitch(row)
      draw(thumbnail, in: Rectangle(x: x, y: y, width: side, height: side), on: canvas)
    }
  }

  private func draw(_ thumbnail: Thumbnail, in cell: Rectangle, on canvas: any Canvas) {
    let image = thumbnail.image
    let scale = side / Double(max(image.width, image.height))
    let (width, height) = (Double(image.width) * scale, Double(image.height) * scale)
    canvas.draw(
      image,
      in: Rectangle(
        x: cell.x + (side - width) / 2, y: cell.y + (side - height) / 2, width: width,
        height: height))
    // Captions go below the square, not below the image, so that they are aligned.
    let style = TextStyle(size: 12, alignment: .center)
    canvas.write(
      canvas.shortened(thumbnail.caption, style, to: side),
      at: Point(cell.x + side / 2, cell.bottom + 14), with: theme.palette.secondaryText, style)
  }

  // MARK: Layout

  private static let width = 800.0
  private var margin: Double { AxesFigureLayout.margin }
  private let gap = 10.0
  private let captionHeight = 20.0
  private let headHeight = 88.0
  private let rowTitleHeight = 28.0
  private let rowGap = 14.0

  /// Side of the square in which an image is shown.
  private var side: Double {
    (Self.width - 2 * margin - Double(columns - 1) * gap) / Double(columns)
  }

  private func titleRoom(_ row: Row) -> Double { row.title.isEmpty ? 0 : rowTitleHeight }

  /// From one line of images to the next.
  private func linePitch(_ row: Row) -> Double {
    side + gap + (row.thumbnails.contains { !$0.caption.isEmpty } ? captionHeight : 0)
  }

  private func height(of row: Row) -> Double {
    let lines = (row.thumbnails.count + columns - 1) / columns
    return titleRoom(row) + Double(lines) * linePitch(row) - gap
  }

  /// From one image to the next.
  private var pitch: Double { side + gap }

  /// The number of columns that a row takes.
  private func span(of row: Row) -> Int { min(columns, max(1, row.thumbnails.count)) }

  /// Rows beside each other, each with the column where it begins.
  private var lines: [[(row: Row, column: Int)]] {
    var lines: [[(row: Row, column: Int)]] = []
    var used = columns
    for row in rows {
      if used + span(of: row) > columns {
        lines.append([])
        used = 0
      }
      lines[lines.count - 1].append((row, used))
      used += span(of: row)
    }
    return lines
  }

  private func height(of line: [(row: Row, column: Int)]) -> Double {
    line.map { height(of: $0.row) }.max() ?? 0
  }
}
