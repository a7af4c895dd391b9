package import Plotting

/// A piece of a page, which cannot hold text that is not escaped.
///
/// Names of elements and attributes are literals of the program. Every other text, wherever it is
/// from, is content or the value of an attribute, and is escaped there: this is the one place.
package struct HTML: Sendable {
  /// What a browser is given.
  package let markup: String

  private init(markup: String) { self.markup = markup }

  /// A text, in which nothing is obeyed: not markup, not control characters, not direction.
  package init(_ text: String) { markup = text.visible.escaped }

  /// A figure that Marbles has drawn.
  package init(_ figure: InlineSVG) { markup = figure.markup }

  /// A name from outside, such as that of a class: isolated, so that one read from the right does
  /// not change the order of what is around it.
  ///
  /// - Parameter length: Letters that there is room for; of a longer name the middle is left out.
  package static func name(_ text: String, upTo length: Int = .max) -> HTML {
    guard text.count > length else { return element("bdi") { text } }
    let end = length / 3
    return element("bdi", ["title": text]) {
      "\(text.prefix(length - 1 - end))…\(text.suffix(end))"
    }
  }

  /// An element with content.
  package static func element(
    _ tag: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
    @HTMLBuilder _ content: () throws -> HTML
  ) rethrows -> HTML {
    HTML(markup: try opening(tag, attributes) + content().markup + "</\(tag)>")
  }

  /// An element that has no content, such as an image.
  package static func element(
    _ tag: StaticString, _ attributes: KeyValuePairs<StaticString, String>
  ) -> HTML {
    HTML(markup: opening(tag, attributes))
  }

  /// Rules for the look of a page, which hold nothing from outside.
  static func style(_ rules: PageStyle) -> HTML { HTML(markup: "<style>\(rules.text)</style>") }

  /// The script of a page, which holds nothing from outside.
  static var script: HTML { HTML(markup: "<script>\(PageScript.text)</script>") }

  /// A whole page: content after the document's type.
  static func document(_ content: HTML) -> HTML {
    HTML(markup: "<!DOCTYPE html>\n\(content.markup)\n")
  }

  /// Pieces one after another.
  static func joined(_ pieces: [HTML]) -> HTML { HTML(markup: pieces.map(\.markup).joined()) }

  private static func opening(
    _ tag: StaticString, _ attributes: KeyValuePairs<StaticString, String>
  ) -> String {
    let list = attributes.map { " \($0.key)=\"\($0.value.visible.escaped)\"" }.joined()
    // Lines keep the file readable; blanks between blocks are not shown.
    return (blocks.contains("\(tag)") ? "\n" : "") + "<\(tag)\(list)>"
  }

  private static let blocks: Set = [
    "head", "meta", "body", "main", "header", "nav", "section", "figure", "table", "tr", "div",
    "ul", "li", "h1", "h2", "h3", "p", "details", "footer", "dl",
  ]
}

/// Puts pieces and texts together.
@resultBuilder package enum HTMLBuilder {
  package static func buildExpression(_ text: String) -> HTML { HTML(text) }
  package static func buildExpression(_ piece: HTML) -> HTML { piece }
  package static func buildExpression(_ pieces: [HTML]) -> HTML { .joined(pieces) }
  package static func buildBlock(_ pieces: HTML...) -> HTML { .joined(pieces) }
  package static func buildArray(_ pieces: [HTML]) -> HTML { .joined(pieces) }
  package static func buildOptional(_ piece: HTML?) -> HTML { piece ?? .joined([]) }
  package static func buildEither(first piece: HTML) -> HTML { piece }
  package static func buildEither(second piece: HTML) -> HTML { piece }
}

extension HTML {
  /// Pieces one after another.
  package init(@HTMLBuilder _ content: () throws -> HTML) rethrows { self = try content() }
}
