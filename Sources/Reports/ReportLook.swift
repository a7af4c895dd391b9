package import Plotting

/// The themes that a page is drawn in.
package struct ReportLook: Sendable {
  /// One for every reader, or a light and a dark one, of which the reader's screen chooses.
  package let themes: [Theme]

  /// Creates a look.
  ///
  /// - Parameter theme: Nil for light or dark, as the reader's screen is; paper is light.
  package init(_ theme: Theme?) { themes = theme.map { [$0] } ?? [.light, .synthwave] }

  /// Figures of more canvas units are drawn larger than there is room, and scrolled.
  private static let largeWidth = 1000.0

  /// A figure with its title and its captions as text above, drawn for wide and for narrow pages.
  ///
  /// - Parameters:
  ///   - id: Not that of another figure of the page.
  ///   - draw: Draws it in the colors of a theme; nil if there is nothing to draw.
  package func figure(
    _ id: String, _ draw: (Theme) throws -> (any Figure)?
  ) rethrows -> HTML {
    let figures = try themes.compactMap(draw)
    guard let first = figures.first else { return .joined([]) }
    let size = first.size.width > Self.largeWidth ? " large" : ""
    return .element("figure", ["class": "chart\(size)", "id": id]) {
      HTML.element("figcaption") {
        HTML.element("h3") { first.title }
        for caption in first.captions { HTML.element("p") { HTML.sentence(caption) } }
      }
      HTML.element(
        "div", ["class": "scroll", "role": "group", "tabindex": "0", "aria-label": first.title]
      ) {
        for (index, figure) in figures.enumerated() {
          HTML.element(
            "div", ["class": index == 0 ? figures.count == 1 ? "only" : "light" : "dark"]
          ) {
            if let size = (figure as? any NarrowFigure)?.narrowSize {
              HTML.element("div", ["class": "broad"]) {
                HTML(figure.inlineSVG(id: "\(id)-\(index)"))
              }
              HTML.element("div", ["class": "narrow"]) {
                HTML(figure.inlineSVG(id: "\(id)-\(index)-narrow", on: size))
              }
            } else {
              HTML(figure.inlineSVG(id: "\(id)-\(index)"))
            }
          }
        }
      }
    }
  }
}
