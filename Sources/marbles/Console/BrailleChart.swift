import Support

/// A curve in braille characters, two columns and four rows of dots to each.
struct BrailleChart {
  /// The rows of text, all of one width.
  let lines: [String]

  /// Draws values from left to right, each column the mean of those that fall on it.
  ///
  /// - Parameters:
  ///   - values: In order; those that are not finite are left out.
  ///   - width: Characters of a row, at least 1.
  ///   - height: Rows, at least 1.
  init(_ values: [Double], width: Int, height: Int) {
    let finite = values.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    let columns = width * 2
    let rows = height * 4
    // A few values are spread over the whole width.
    let means = (0..<min(columns, finite.count)).map { column in
      let count = min(columns, finite.count)
      let range = column * finite.count / count..<(column + 1) * finite.count / count
      return finite[range].reduce(0, +) / Double(range.count)
    }
    var cells = [[UInt32]](repeating: [UInt32](repeating: 0, count: width), count: height)
    func place(_ value: Double) -> Int {
      high > low ? Int(((high - value) / (high - low) * Double(rows - 1)).rounded()) : rows / 2
    }
    func dot(_ column: Int, _ row: Int) {
      // Dots of a character are numbered down its left column, then the right one; the fourth row
      // was added later.
      let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
      cells[row / 4][column / 2] |= bits[column % 2][row % 4]
    }
    var before: Int?
    for column in 0..<columns where !means.isEmpty {
      let position =
        means.count > 1 ? Double(column) * Double(means.count - 1) / Double(columns - 1) : 0
      let left = Int(position)
      let right = min(left + 1, means.count - 1)
      let value = means[left] + (means[right] - means[left]) * (position - Double(left))
      let row = place(value)
      // A steep piece is drawn as a line, too.
      let start = before.map { $0 < row ? $0 + 1 : $0 > row ? $0 - 1 : row } ?? row
      for between in min(start, row)...max(start, row) { dot(column, between) }
      before = row
    }
    lines = cells.map { row in
      String(String.UnicodeScalarView(row.compactMap { Unicode.Scalar(0x2800 + $0) }))
    }
  }
}
