import Foundation
import Plotting
import Testing

@Suite struct ThemeTests {
  /// - Source: WCAG 2.2, definition of contrast ratio.
  private func contrast(_ a: Color, _ b: Color) -> Double {
    func luminance(_ color: Color) -> Double {
      func linear(_ c: Double) -> Double {
        c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722
        * linear(color.blue)
    }
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  @Test(arguments: Theme.allCases)
  func `lines stand at least three to one against the background`(theme: Theme) {
    let palette = theme.palette
    for color in palette.series + [palette.context] {
      #expect(contrast(color, palette.background) >= 3, "\(color)")
    }
  }

  @Test(arguments: Theme.allCases)
  func `text stands at least seven to one against the background`(theme: Theme) {
    #expect(contrast(theme.palette.text, theme.palette.background) >= 7)
    #expect(contrast(theme.palette.secondaryText, theme.palette.background) >= 7)
  }

  @Test(arguments: Theme.allCases)
  func `a theme has six different series colours`(theme: Theme) {
    #expect(Set(theme.palette.series).count == 6)
  }
}
