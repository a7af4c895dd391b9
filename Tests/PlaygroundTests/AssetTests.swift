import Foundation
import LocalServer
import Playground
import Testing

/// The files of the page.
@Suite struct AssetTests {
  let files: [String: String]

  init() {
    files = Dictionary(
      uniqueKeysWithValues: Playground.assets.map { route in
        let response = route.answer(Request(.get, route.path, body: []))
        guard case .bytes(let bytes) = response.content else { return (route.path, "") }
        return (route.path, String(decoding: bytes, as: UTF8.self))
      })
  }

  @Test func `the page has less than 150 kB`() {
    let count = files.values.reduce(0) { $0 + $1.utf8.count }
    #expect(count < 150_000 && count > 20_000)
  }

  /// Pages of other modules.
  private static let others: Set = ["/photo", "/training"]

  @Test func `every file that a file names is served`() {
    for (path, text) in files where !path.hasSuffix(".svg") {
      for match in text.matches(of: /(?:from '\.|src="|href=")(\/[a-z0-9.\/-]*)['"]/) {
        let name = String(match.1)
        #expect(files[name] != nil || Self.others.contains(name), "\(path) names \(name)")
      }
    }
  }

  @Test func `nothing is fetched from elsewhere`() {
    for (path, text) in files {
      for match in text.matches(of: /https?:\/\/[^'"\s)]*/) {
        #expect(match.output.hasPrefix("http://www.w3.org/"), "\(path): \(match.output)")
      }
    }
  }

  @Test func `no script and no style stands in the page itself`() {
    let page = files["/"] ?? ""
    #expect(page.contains("<main>"))
    #expect(page.matches(of: /<style|style="|<script(?! type="module" src)|\son[a-z]+="/).isEmpty)
  }

  @Test func `the page has the colors of the figures`() {
    let style = files["/style.css"] ?? ""
    for look in Playground.looks.values {
      for color in [look.background, look.text, look.secondary, look.grid, look.contour] {
        #expect(style.contains(color), "\(color)")
      }
    }
  }
}
