// The surface as a mesh of small pieces.
extension LandscapeFigure {
  /// A corner of the land, projected.
  private struct Corner {
    var point: Point
    var depth: Double
    /// 0...1.
    var height: Double
  }

  private func corner(_ column: Int, _ row: Int) -> Corner {
    let height = relief.height(field[column, row])
    let place = camera.project(
      unit(field.x(column), field.x), unit(field.y(row), field.y), height)
    return Corner(point: place.point, depth: place.depth, height: height)
  }

  /// The land in pieces, one for each square of the grid.
  var land: [Part] {
    let corners = (0..<field.rows).map { row in
      (0..<field.columns).map { corner($0, row) }
    }
    return (0..<field.rows - 1).flatMap { row in
      (0..<field.columns - 1).map { column in
        piece([
          corners[row][column], corners[row][column + 1], corners[row + 1][column + 1],
          corners[row + 1][column],
        ])
      }
    }
  }

  /// The piece of land between four corners, in the order of its outline.
  private func piece(_ corners: [Corner]) -> Part {
    let depth = corners.reduce(0) { $0 + $1.depth } / 4
    let height = corners.reduce(0) { $0 + $1.height } / 4
    let slant = corners[1].height + corners[2].height - corners[0].height - corners[3].height
    let outline = Path.polyline(corners.map(\.point), closed: true)
    let (fill, line) = colors(height: height, slant: slant, depth: depth)
    return Part(depth: depth) { canvas in
      canvas.fill(outline, with: fill)
      canvas.stroke(outline, with: line.color, line.stroke)
    }
  }

  /// The fill and the outline of a piece of land.
  private func colors(height: Double, slant: Double, depth: Double) -> (Color, Pen) {
    let palette = theme.palette
    // 0 near, 1 far.
    let far = min(1, max(0, (depth + 1.3) / 2.6))
    switch theme {
    case .synthwave:
      let line = palette.series[4].mixed(with: palette.series[1], far)
      return (
        palette.background.mixed(with: Color(hex: 0x3A1260), 0.25 + 0.5 * height),
        Pen(line.opacity(0.95 - 0.35 * far), width: 1.5 - 0.8 * far)
      )
    case .light:
      // Light from the left.
      let shade = min(0.35, max(0, 0.12 + slant * 1.2))
      let fill = [Color(hex: 0xA9C3EE), Color(hex: 0xDCE7F8), Color(hex: 0xFFFFFF)]
        .color(at: height).mixed(with: Color(hex: 0x5D6F97), shade)
      return (fill, Pen(Color(hex: 0x6F86B4).opacity(0.55), width: 0.6))
    case .print:
      return (palette.background, Pen(palette.contour, width: 0.6))
    }
  }
}
