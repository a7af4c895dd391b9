import Foundation
import Plotting
import Testing

@Suite struct ThemeTests {
  @Test(arguments: Theme.allCases)
  func `lines stand at least three to one against the background`(theme: Theme) {
    let palette = theme.palette
    for color in palette.series + palette.groups + [palette.context] {
      #expect(contrast(color, palette.background) >= 3, "\(color)")
    }
  }

  @Test(arguments: Theme.allCases)
  func `text stands at least seven to one against the background`(theme: Theme) {
    #expect(contrast(theme.palette.text, theme.palette.background) >= 7)
    #expect(contrast(theme.palette.secondaryText, theme.palette.background) >= 7)
  }

  @Test(arguments: Theme.allCases)
  func `a theme has six different series colors`(theme: Theme) {
    #expect(Set(theme.palette.series).count == 6)
  }
}

/// A kind of color blindness.
///
/// - Source: Machado, Oliveira & Fernandes, 2009, "A physiologically-based model for simulation of
///   color vision deficiency", severity 1.0; applied to linear light.
enum ColorBlindness: String, CaseIterable {
  case protanopia, deuteranopia, tritanopia

  /// What a color looks like.
  func seen(_ color: Color) -> Color {
    let matrix: [[Double]] =
      switch self {
      case .protanopia:
        [
          [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
          [-0.003882, -0.048116, 1.051998],
        ]
      case .deuteranopia:
        [
          [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
          [-0.011820, 0.042940, 0.968881],
        ]
      case .tritanopia:
        [
          [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
          [0.004733, 0.691367, 0.303900],
        ]
      }
    let light = [color.red, color.green, color.blue].map {
      $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4)
    }
    let seen = matrix.map { row in
      let value = min(1, max(0, zip(row, light).reduce(0) { $0 + $1.0 * $1.1 }))
      return value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055
    }
    return Color(red: seen[0], green: seen[1], blue: seen[2])
  }
}

@Suite struct ColorBlindnessTests {
  @Test(arguments: [Theme.light, .synthwave], ColorBlindness.allCases)
  func `series that follow one another differ for everybody`(theme: Theme, kind: ColorBlindness) {
    let seen = theme.palette.series.map { LabColor(kind.seen($0)) }
    for (index, (a, b)) in zip(seen, seen.dropFirst()).enumerated() {
      #expect(a.difference(to: b) >= 11, "\(index), \(index + 1): \(a.difference(to: b))")
    }
  }

  @Test func `grays are seen alike by everybody`() {
    for kind in ColorBlindness.allCases {
      let seen = kind.seen(Color(hex: 0x6E6E6E))
      #expect(abs(seen.red - seen.green) < 0.002 && abs(seen.green - seen.blue) < 0.002)
    }
  }
}
