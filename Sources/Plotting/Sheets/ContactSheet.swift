/// Rows of small pictures with captions, 1600 pixels wide.
public struct ContactSheet: Hashable, Sendable {
  /// A picture and what stands below it.
  public struct Thumbnail: Hashable, Sendable {
    /// Shown whole, in the middle of a square.
    public var picture: Bitmap
    /// One line, shortened to fit.
    public var caption: String

    /// Creates a thumbnail.
    public init(_ picture: Bitmap, caption: String) {
      self.picture = picture
      self.caption = caption
    }
  }

  /// A caption and the pictures it belongs to; they take as many lines as they need.
  public struct Row: Hashable, Sendable {
    /// Stands above the pictures; may be empty.
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
  /// Pictures side by side.
  public var columns: Int
  /// The colours.
  public var theme: Theme

  /// Canvas units; a PNG has two pixels for each.
  public static let width = 800.0

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

  private var side: Double {
    (Self.width - 2 * FigureLayout.margin - Double(columns - 1) * gap) / Double(columns)
  }
  private let gap = 10.0
  private let captionHeight = 20.0
  private let headHeight = 88.0
  private let rowTitleHeight = 28.0
  private let rowGap = 14.0

  private func titleRoom(_ row: Row) -> Double { row.title.isEmpty ? 0 : rowTitleHeight }
  private func lineCount(_ row: Row) -> Int { (row.thumbnails.count + columns - 1) / columns }
  private func captionRoom(_ row: Row) -> Double {
    row.thumbnails.contains { !$0.caption.isEmpty } ? captionHeight : 0
  }

  /// Canvas units.
  public var height: Double {
    rows.reduce(headHeight + FigureLayout.margin - rowGap) { height, row in
      height + titleRoom(row) + rowGap + Double(lineCount(row)) * (side + captionRoom(row) + gap)
        - gap
    }
  }

  /// Fills a canvas of `width` × `height` with the sheet.
  public func draw(on canvas: any Canvas) {
    let palette = theme.palette
    canvas.fill(
      .rectangle(Rectangle(x: 0, y: 0, width: canvas.width, height: canvas.height)),
      with: palette.background)
    let left = FigureLayout.margin
    let room = canvas.width - 2 * left
    canvas.write(
      canvas.shortened(title, .title, to: room), at: Point(left, 38), with: palette.text, .title)
    canvas.write(
      canvas.shortened(subtitle, .note, to: room), at: Point(left, 60),
      with: palette.secondaryText, .note)
    var top = headHeight
    for row in rows {
      canvas.write(
        canvas.shortened(row.title, .label, to: room), at: Point(left, top + 13),
        with: palette.text, .label)
      top += titleRoom(row)
      for (index, thumbnail) in row.thumbnails.enumerated() {
        let x = left + Double(index % columns) * (side + gap)
        let y = top + Double(index / columns) * (side + captionRoom(row) + gap)
        draw(thumbnail, in: Rectangle(x: x, y: y, width: side, height: side), on: canvas)
      }
      top += Double(lineCount(row)) * (side + captionRoom(row) + gap) - gap + rowGap
    }
  }

  private func draw(_ thumbnail: Thumbnail, in cell: Rectangle, on canvas: any Canvas) {
    let picture = thumbnail.picture
    let scale = side / Double(max(picture.width, picture.height))
    let (width, height) = (Double(picture.width) * scale, Double(picture.height) * scale)
    canvas.draw(
      picture,
      in: Rectangle(
        x: cell.x + (side - width) / 2, y: cell.y + (side - height) / 2, width: width,
        height: height))
    // Captions go below the square, not below the picture, so that they stand in line.
    let style = TextStyle(size: 12, alignment: .center)
    canvas.write(
      canvas.shortened(thumbnail.caption, style, to: side),
      at: Point(cell.x + side / 2, cell.bottom + 14), with: theme.palette.secondaryText, style)
  }

  /// Writes the sheet as a PNG 1600 pixels wide, whole or not at all.
  ///
  /// - Throws: `PictureError.unwritable`.
  public func write(to path: String) throws(PictureError) {
    try CairoCanvas.write(to: path, width: Self.width, height: height, scale: 2) { draw(on: $0) }
  }
}
