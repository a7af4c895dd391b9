/// A figure as an element of a page, which has its title and its captions as text above.
package struct InlineSVG: Sendable {
  /// The `svg` element; every text in it is escaped.
  package let markup: String
}

extension Figure {
  /// The figure for a page, without its head.
  ///
  /// Its text alternative is the title and the captions.
  ///
  /// - Parameters:
  ///   - id: With this begin all names in it; no other figure of the page has it.
  ///   - size: What it is drawn on; nil for its own size.
  package func inlineSVG(id: String, on size: Size? = nil) -> InlineSVG {
    let canvas = SVGCanvas(size ?? self.size, title: title, captions: captions, prefix: id)
    draw(on: canvas)
    return InlineSVG(markup: canvas.element)
  }
}
