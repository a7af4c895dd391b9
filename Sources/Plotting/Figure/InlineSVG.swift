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
  /// - Parameter id: With this begin all names in it; no other figure of the page has it.
  package func inlineSVG(id: String) -> InlineSVG {
    let canvas = SVGCanvas(size, title: title, captions: captions, prefix: id)
    draw(on: canvas)
    return InlineSVG(markup: canvas.element)
  }
}
