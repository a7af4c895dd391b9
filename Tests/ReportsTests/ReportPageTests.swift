import Foundation
import FoundationXML
import Plotting
import Reports
import Support
import Testing

/// A page, whatever names are on it.
@Suite struct ReportPageTests {
  /// Names that want to be obeyed, or are read otherwise.
  static let names = [
    "Kätzchen", "猫と犬", "قطط وكلاب", "🐱👨‍👩‍👧🏴󠁧󠁢󠁥󠁮󠁧󠁿", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)", "' onfocus='alert(1)", "</title></style><script>alert(1)</script>",
    "javascript:alert(1)", "a\nb\tc\u{1B}[31m\u{0}", "\u{202E}abc\u{2066}", "&lt;b&gt;", "]]><!--",
    "\u{FFFE}\u{85}\u{2028}", "", String(repeating: "very long ", count: 200),
  ]

  private func page(_ name: String, _ theme: Theme? = nil) -> String {
    let look = ReportLook(theme)
    return ReportPage(
      name,
      head: HTML {
        HTML.numbers([HTML.KeyNumber(name, name, name)])
        HTML.paragraph(name)
        HTML.images(
          [
            HTML.CaptionedImage(
              jpeg: [0xFF, 0xD8], description: "image of \(name)", caption: .name(name), file: name)
          ], size: 10)
      },
      sections: [
        ReportPage.Section("figures", name) {
          look.figure("one") {
            AxesFigure(
              title: name + "!", subtitle: name, axes: [], footer: name, theme: $0)
          }
          look.figure("two") {
            ConfusionFigure(
              title: "two", subtitle: name, classes: [name, "b"], counts: [[1, 2], [3, 4]],
              theme: $0)
          }
        },
        ReportPage.Section("table", "Table") {
          DataTable(name, [.text(name), .number(named: name)], rows: [[.name(name), HTML(name)]])
            .html
          HTML.commands([name, name])
          HTML.folded(name) { HTML.list([HTML(name)]) }
        },
      ], footer: name, look: look
    ).text
  }

  @Test func `a page without names is whole`() { PageStructure(page("")).expectSound() }

  @Test(arguments: names.filter { !$0.isEmpty })
  func `every name is shown and none is obeyed`(name: String) {
    let (strange, plain) = (PageStructure(page(name)), PageStructure(page("plain")))
    strange.expectSound()
    // A figure draws more or fewer elements of its own, and names that are read from the right are
    // isolated in sentences; other elements of the page are the same.
    func outside(_ structure: PageStructure) -> [String] {
      let drawn: Set = ["text", "path", "rect", "g", "desc", "clipPath", "circle", "bdi"]
      return structure.elements.map(\.name).filter { !drawn.contains($0) && $0 != "p" }
    }
    #expect(outside(strange) == outside(plain))
    #expect(strange.elements.allSatisfy { !$0.attributes.keys.contains("onmouseover") })
  }

  @Test(arguments: names)
  func `no character of a page is obeyed`(name: String) {
    let joiners: Set<Unicode.Scalar> = ["\u{200C}", "\u{200D}", "\n"]
    let figures = /(?s)<svg.*?<\/svg>/
    for scalar in page(name).replacing(figures, with: "").unicodeScalars
    where !joiners.contains(scalar) && !(0xE0020...0xE007F).contains(scalar.value) {
      #expect(
        ![.control, .format, .lineSeparator, .paragraphSeparator].contains(
          scalar.properties.generalCategory), "U+\(String(scalar.value, radix: 16))")
    }
  }

  @Test func `what would be obeyed has a sign of its own`() {
    #expect(HTML("a\nb\u{1B}\u{7F}").markup == "a␊b␛␡")
    #expect(HTML("\u{202E}x\u{85}\u{FFFE}").markup == "‹U+202E›x‹U+0085›‹U+FFFE›")
    #expect(HTML("👨‍👩‍👧 ä").markup == "👨‍👩‍👧 ä")
    #expect(HTML("<&>\"'").markup == "&lt;&amp;&gt;&quot;&#39;")
    #expect(HTML.name("قط").markup == "<bdi>قط</bdi>")
  }

  @Test func `the page forbids the network, and every script but its own`() throws {
    let policy = try #require(
      PageStructure(page("a")).all("meta").first { $0["http-equiv"] != nil }?["content"])
    #expect(policy.hasPrefix("default-src &#39;none&#39;; img-src data:;"))
    #expect(policy.matches(of: /script-src &#39;sha256-[A-Za-z0-9+\/]{43}=&#39;;/).count == 1)
    #expect(!policy.contains("http") && policy.matches(of: /unsafe/).count == 1)
  }

  @Test func `a page has light and dark figures, or those of one theme`() {
    let both = page("a"), one = page("a", .print)
    #expect(both.matches(of: /<svg\s/).count == 2 * one.matches(of: /<svg\s/).count)
    #expect(both.contains("prefers-color-scheme: dark") && !one.contains("prefers-color-scheme"))
    #expect(both.contains("@media print"))
  }

  @Test func `a figure's title and captions are text of the page, and its alternative`() throws {
    let figure = ConfusionFigure(
      title: "What was taken for what", subtitle: "cats < dogs", classes: ["cat", "dog"],
      counts: [[1, 2], [3, 4]])
    let html = ReportLook(.light).figure("f") { _ in figure }.markup
    #expect(html.contains("<h3>What was taken for what</h3>"))
    #expect(html.contains("<desc id=\"f-0-captions\">cats &lt; dogs</desc>"))
    let drawn = html.matches(of: /<text[^>]*>([^<]*)</).map(\.1)
    #expect(drawn.contains("cat") && !drawn.contains("cats &lt; dogs"))
    let file = String(decoding: try figure.encoded(as: .svg), as: UTF8.self)
    #expect(file.contains("<desc>cats &lt; dogs</desc>"))
    #expect(file.contains(">cats &lt; dogs</text>"))
  }

  @Test func `a page shows the values of points under the pointer, a file of its own does not`()
    throws
  {
    let figure = AxesFigure(
      title: "t", subtitle: "",
      axes: [
        Axes(
          horizontal: Axis("epoch", 0...4), vertical: Axis("accuracy", 0...1, format: .percent),
          marks: [.points([DataPoint(3, 0.915)], Marker(.dot, radius: 3, .black))])
      ], footer: "", theme: .light)
    let html = ReportLook(.light).figure("f") { _ in figure }.markup
    #expect(html.contains("<title>epoch 3, accuracy 91.5%</title></circle>"))
    var named = figure
    let points = [DataPoint(3, 0.915), DataPoint(4, 0.925)]
    named.axes[0].marks.insert(.line(points, Pen(.black), name: "cats <"), at: 0)
    let both = ReportLook(.light).figure("f") { _ in named }.markup
    #expect(both.contains("<title>cats &lt;: epoch 3, accuracy 91.5%</title></circle>"))
    // What lies on a point of a line is that point.
    // Once on a wide page, and once on a narrow one.
    #expect(both.matches(of: /<circle class="value"/).count == 2 * 2)
    #expect(!String(decoding: try figure.encoded(as: .svg), as: UTF8.self).contains("</circle>"))
  }

  @Test func `a number after a name that is read from the right stays behind it`() {
    let sentence = HTML.sentence("cat: קטן וגדול, 3 times, قط 0.5.").markup
    #expect(sentence == "cat: <bdi>קטן וגדול</bdi>, 3 times, <bdi>قط</bdi> 0.5.")
    #expect(HTML.sentence("a <b> 1").markup == "a &lt;b&gt; 1")
    #expect(HTML.sentence("قط").markup == "<bdi>قط</bdi>" && HTML.sentence("").markup.isEmpty)
  }

  @Test func `a table of very many rows says how many are not shown`() {
    let rows = (0..<1234).map { [HTML("\($0)")] }
    let markup = DataTable("numbers", [.number("n")], rows: rows).html.markup
    #expect(markup.matches(of: /<th scope="row"/).count == DataTable.mostRows)
    #expect(markup.contains("… and 1,034 more rows"))
  }
}
