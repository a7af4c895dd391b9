internal import Support

/// A page in one file: it loads nothing, runs nothing but a script of its own, and can be read
/// without that and without a network.
package struct ReportPage: Sendable {
  /// A part of a page with a heading.
  package struct Section: Sendable {
    let id: String, heading: String, body: HTML

    /// Creates a section.
    ///
    /// - Parameter id: Not that of another section or figure of the page.
    package init(_ id: String, _ heading: String, @HTMLBuilder _ body: () throws -> HTML) rethrows {
      self.id = id
      self.heading = heading
      self.body = try body()
    }
  }

  /// Says what the report is of.
  package let title: String
  private let head: HTML, sections: [Section], footer: String
  private let look: ReportLook

  /// Creates a page.
  ///
  /// - Parameters:
  ///   - title: Says what the report is of; may hold names from outside.
  ///   - head: What matters most.
  ///   - footer: Where the page comes from.
  package init(
    _ title: String, head: HTML, sections: [Section], footer: String, look: ReportLook
  ) {
    self.title = title
    self.head = head
    self.sections = sections
    self.footer = footer
    self.look = look
  }

  /// What the page may do: show itself and images that it holds, and run its script.
  private static let policy =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    + "script-src '\(PageScript.digest)'; base-uri 'none'; form-action 'none'"

  /// The file.
  package var text: String {
    let page = HTML.element("html", ["lang": "en"]) {
      HTML.element("head") {
        HTML.element("meta", ["charset": "utf-8"])
        HTML.element("meta", ["http-equiv": "Content-Security-Policy", "content": Self.policy])
        HTML.element(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        HTML.element("meta", ["name": "referrer", "content": "no-referrer"])
        HTML.element("meta", ["name": "generator", "content": Provenance.program])
        HTML.element("title") { title }
        HTML.style(PageStyle(look))
      }
      HTML.element("body") {
        HTML.element("a", ["class": "skip", "href": "#content"]) { "Skip to the report" }
        HTML.element("header") {
          HTML.element("h1") { HTML.name(title) }
          contents
        }
        HTML.element("main", ["id": "content"]) {
          head
          for section in sections {
            HTML.element("section", ["aria-labelledby": section.id]) {
              HTML.element("h2", ["id": section.id]) { section.heading }
              section.body
            }
          }
        }
        HTML.element("footer") { HTML.element("p") { footer } }
        HTML.script
      }
    }
    return HTML.document(page).markup
  }

  private var contents: HTML {
    .element("nav", ["aria-label": "Contents"]) {
      HTML.element("ul") {
        for section in sections {
          HTML.element("li") {
            HTML.element("a", ["href": "#\(section.id)"]) { section.heading }
          }
        }
      }
    }
  }
}
