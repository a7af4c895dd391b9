/// Where the boxes of a graph stand.
///
/// The size of a figure must be known before there is a canvas that measures text; so the widths of
/// texts are estimated, rather too wide.
struct GraphLayout {
  let size: Size
  /// The left edge and the width of each column.
  let columns: [(x: Double, width: Double)]
  /// Of each box.
  let boxes: [Rectangle]
  /// The right ends of values and of gradients in each column, from its left edge.
  let valueEnds: [Double], gradientEnds: [Double]

  static let rowHeight = 21.0
  static let padding = 9.0
  /// Above and below what boxes stand in.
  static let headHeight = 118.0, footHeight = 52.0
  private static let least = Size(960, 540)
  private static let leastGap = 46.0, mostGap = 120.0
  private static let boxGap = 16.0
  /// Canvas units for a character, and for a small number above or below the line.
  private static let character = 8.9, smallDigit = 6.0
  private static let smallDigits = Set("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹,")

  init(_ figure: GraphFigure) {
    var (names, values, gradients) = ([Double](), [Double](), [Double]())
    for column in figure.columns.indices {
      let rows = figure.boxes.filter { $0.column == column }.flatMap(\.lines)
      func widest(_ text: KeyPath<GraphFigure.Row, String>) -> Double {
        rows.map { Self.width(of: $0[keyPath: text]) }.max() ?? 0
      }
      names.append(widest(\.name))
      values.append(max(widest(\.value), widest(\.otherValue)))
      gradients.append(widest(\.gradient))
    }
    valueEnds = zip(names, values).map { Self.padding + $0 + 8 + $1 }
    gradientEnds = zip(valueEnds, gradients).map { $0 + 12 + $1 }
    let widths = gradientEnds.map { $0 + Self.padding }
    let margins = 2 * AxesFigureLayout.margin
    let gaps = Double(max(1, widths.count - 1))
    let room = Self.least.width - margins - widths.reduce(0, +)
    let gap = min(max(room / gaps, Self.leastGap), Self.mostGap)
    let content = widths.reduce(0, +) + gap * Double(widths.count - 1)
    let heights = figure.boxes.map { Double($0.lines.count) * Self.rowHeight + 2 * 5 }
    let columnHeights = figure.columns.indices.map { column in
      let own = zip(figure.boxes, heights).filter { $0.0.column == column }.map(\.1)
      return own.reduce(0, +) + Self.boxGap * Double(max(0, own.count - 1))
    }
    let height = max(
      Self.least.height, (columnHeights.max() ?? 0) + Self.headHeight + Self.footHeight)
    size = Size(max(Self.least.width, content + margins), height)
    var x = (size.width - content) / 2
    var columns: [(x: Double, width: Double)] = []
    for width in widths {
      columns.append((x, width))
      x += width + gap
    }
    self.columns = columns
    let inside = height - Self.headHeight - Self.footHeight
    boxes = Self.stack(figure, heights, columnHeights, columns, inside)
  }

  /// Places the boxes of every column around its middle, with more room between few.
  private static func stack(
    _ figure: GraphFigure, _ heights: [Double], _ columnHeights: [Double],
    _ columns: [(x: Double, width: Double)], _ inside: Double
  ) -> [Rectangle] {
    var next = [Double?](repeating: nil, count: columns.count)
    let counts = columns.indices.map { column in figure.boxes.count { $0.column == column } }
    return zip(figure.boxes, heights).map { box, height in
      let column = box.column
      let spare = inside - columnHeights[column]
      let gap = boxGap + min(60, max(0, spare) / Double(counts[column] + 1))
      let extra = Double(counts[column] - 1) * (gap - boxGap)
      let y = next[column] ?? headHeight + (spare - extra) / 2
      next[column] = y + height + gap
      return Rectangle(x: columns[column].x, y: y, width: columns[column].width, height: height)
    }
  }

  private static func width(of text: String) -> Double {
    text.reduce(0) { $0 + (smallDigits.contains($1) ? smallDigit : character) }
  }

  /// The middle of a line of a box.
  func middle(ofLine line: Int, in box: Int) -> Double {
    boxes[box].y + 5 + (Double(line) + 0.5) * Self.rowHeight
  }
}
