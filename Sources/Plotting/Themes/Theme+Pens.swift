extension Theme {
  /// One pen for each series of a figure, no two of one color.
  ///
  /// The first series of a group has the group's color, the same in every figure of the theme;
  /// further ones have shades near it and dashes. A series without a group takes the next free
  /// color. If all belong to one group, the group tells nothing and each gets its own color.
  /// Without color, all lines have dashes and the grays are spread evenly.
  ///
  /// - Parameter groups: For each series the number of its group from 0, or nil.
  public func pens(for groups: [Int?], width: Double = 2.5) -> [Pen] {
    palette.isGray
      ? grayPens(groups.count, width: width) : coloredPens(for: groups, width: width)
  }

  /// Pens of series that belong to no group.
  public func pens(count: Int) -> [Pen] { pens(for: Array(repeating: nil, count: count)) }

  /// The same pens, no two with the same dashes either: lines are told apart without their colors.
  ///
  /// Beyond eight series, dashes repeat.
  public func dashedPens(for groups: [Int?], width: Double = 2.5) -> [Pen] {
    pens(for: groups, width: width).enumerated().map { index, pen in
      Pen(pen.color, width: width, dashes: Self.dashes[index % Self.dashes.count])
    }
  }

  /// Dashes and gaps, canvas units.
  ///
  /// None is dotted: dots are for reference lines.
  private static let dashes: [[Double]] = [
    [], [8, 4], [12, 4, 2, 4], [11, 3], [5, 3, 5, 8], [8, 3, 2, 3, 2, 3], [4, 3], [14, 3, 5, 3],
  ]

  private func coloredPens(for groups: [Int?], width: Double) -> [Pen] {
    let isOneGroup = groups.count > 1 && Set(groups).count == 1
    // The group's own color comes first.
    let wanted = isOneGroup ? [groups[0]] + groups.dropFirst().map { _ in nil } : groups
    var choice = ColorChoice(palette)
    var colors = [Color?](repeating: nil, count: wanted.count)
    var members: [Int: Int] = [:]
    var ranks = wanted.map { _ in 0 }
    for (index, group) in wanted.enumerated() {
      guard let group, palette.groups.indices.contains(group) else { continue }
      ranks[index] = members[group, default: 0]
      members[group] = ranks[index] + 1
      if ranks[index] == 0 { colors[index] = choice.take(palette.groups[group]) }
    }
    var ungrouped = 0
    return wanted.enumerated().map { index, group in
      if let color = colors[index] { return Pen(color, width: width) }
      let color: Color
      if let group, palette.groups.indices.contains(group) {
        color = choice.shade(of: palette.groups[group])
      } else {
        (color, ranks[index]) = (choice.next(), ungrouped / palette.series.count)
        ungrouped += 1
      }
      return Pen(color, width: width, dashes: Self.dashes[ranks[index] % Self.dashes.count])
    }
  }

  /// Grays from black to the palest that stands out, alternating between the dark and the pale
  /// half.
  private func grayPens(_ count: Int, width: Double) -> [Pen] {
    let palest = 61.0
    let spread = max(count, palette.series.count) - 1
    let half = (spread + 2) / 2
    return (0..<count).map { index in
      let place = index.isMultiple(of: 2) ? index / 2 : half + index / 2
      return Pen(
        .gray(lightness: palest * Double(place) / Double(spread)), width: width,
        dashes: Self.dashes[index % Self.dashes.count])
    }
  }
}
