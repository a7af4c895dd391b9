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
