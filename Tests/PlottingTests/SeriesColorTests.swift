import Foundation
import Plotting
import Testing

@Suite struct SeriesColorTests {
  /// Series of one figure, by group: one of each, all of one, none in any, and mixtures.
  static let figures: [[Int?]] = [
    [0], [1, 4, 3, 5, 2, 0], Array(0..<8), Array(repeating: 1, count: 22),
    Array(repeating: nil, count: 22),
    (0..<22).map { $0 % 8 },
    [3, 4, 4, 4, 5, 5, 2, 2] + Array(repeating: 1, count: 10) + [0, 0, 0, 3],
    [1, 1, nil, 99, 0, nil, 1], (0..<22).map { $0 },
  ]

  @Test(arguments: Theme.allCases, figures)
  func `no two series of a figure share a color`(theme: Theme, groups: [Int?]) {
    let colors = theme.pens(for: groups).map(\.color)
    #expect(colors.count == groups.count)
    // Grays have only lightness to differ in: 22 of them cannot be further apart.
    let bound = theme == .print ? 1.6 : 6
    for (index, color) in colors.enumerated() {
      for other in colors.indices.dropFirst(index + 1) {
        let distance = difference(color, colors[other])
        #expect(distance >= bound, "series \(index) and \(other) of \(theme): \(distance)")
      }
    }
  }

  @Test(arguments: Theme.allCases, figures)
  func `every series stands out from the background`(theme: Theme, groups: [Int?]) {
    for pen in theme.pens(for: groups) {
      #expect(contrast(pen.color, theme.palette.background) >= 3, "\(pen.color)")
    }
  }

  @Test(arguments: [Theme.light, .synthwave], 0..<8)
  func `a group has its color wherever it stands in a figure`(theme: Theme, group: Int) {
    let color = theme.palette.groups[group]
    #expect(theme.pens(for: [group]).first?.color == color)
    #expect(theme.pens(for: (0..<8) + [group])[group].color == color)
    #expect(theme.pens(for: [(group + 1) % 8, (group + 2) % 8, group])[2].color == color)
  }

  @Test func `further members of a group have dashes`() {
    let pens = Theme.light.pens(for: [1, 0, 1, 1])
    #expect(pens[0].stroke.dashes.isEmpty && pens[1].stroke.dashes.isEmpty)
    #expect(!pens[2].stroke.dashes.isEmpty && pens[2].stroke.dashes != pens[3].stroke.dashes)
  }

  @Test func `lines on paper without color differ in their dashes, too`() {
    let pens = Theme.print.pens(for: [0, 1, 2, 3, 4, 5])
    #expect(Set(pens.map(\.stroke.dashes)).count == 6)
    #expect(!pens.contains { $0.stroke.dashes.first ?? 4 < 4 }, "dots are for reference lines")
  }

  @Test func `the measure of differences agrees with published pairs`() {
    // - Source: Sharma, Wu & Dalal, 2005, table 1, pairs 1, 7, 17 and 25.
    let pairs: [(LabColor, LabColor, Double)] = [
      (LabColor(50, 2.6772, -79.7751), LabColor(50, 0, -82.7485), 2.0425),
      (LabColor(50, 0, 0), LabColor(50, -1, 2), 2.3669),
      (LabColor(50, 2.5, 0), LabColor(73, 25, -18), 27.1492),
      (LabColor(60.2574, -34.0099, 36.2677), LabColor(60.4626, -34.1751, 39.4387), 1.2644),
    ]
    for (a, b, expected) in pairs { #expect(abs(a.difference(to: b) - expected) < 1e-4) }
  }

  private func difference(_ a: Color, _ b: Color) -> Double {
    LabColor(a).difference(to: LabColor(b))
  }
}
