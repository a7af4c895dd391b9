import Foundation
import LocalServer
import NetworkPage
import ObjectivePage
import PageFrame
import PhotoPage
import Playground
import Testing
import TrainingPage

/// The files of the pages.
@Suite struct AssetTests {
  let files: [String: String]

  init() {
    files = Dictionary(
      uniqueKeysWithValues: (Assets.shared + Playground.assets + ObjectivePage.assets
        + NetworkPage.assets + PhotoPage.assets + TrainingPage.assets).map { route in
          let response = route.answer(Request(.get, route.path, body: []))
          guard case .bytes(let bytes) = response.content else { return (route.path, "") }
          return (route.path, String(decoding: bytes, as: UTF8.self))
        })
  }

  /// A file and all that it names, and so on.
  private func loaded(_ path: String, _ known: Set<String> = []) -> Set<String> {
    let names = (files[path] ?? "").matches(
      of: /(?:from '\.|import '\.|src="|stylesheet" href="|icon" href=")(\/[a-z0-9.\/-]*)['"]/)
    return names.reduce(known.union([path])) { known, match in
      known.contains(String(match.1)) ? known : loaded(String(match.1), known)
    }
  }

  @Test func `a page loads less than 85 kB, and all pages have less than 150 kB`() {
    for place in Page.Place.allCases {
      let count = loaded(place.rawValue).reduce(0) { $0 + (files[$1]?.utf8.count ?? 0) }
      #expect(count < 85_000 && count > 25_000, "\(place): \(count)")
    }
    let all = files.values.reduce(0) { $0 + $1.utf8.count }
    #expect(all < 150_000, "\(all)")
  }

  @Test func `comments and indentation are not sent, and nothing else is lost`() {
    for (path, text) in files {
      for line in text.split(separator: "\n") {
        #expect(!line.hasPrefix(" ") && !line.hasPrefix("//") && !line.hasPrefix("/**"), "\(path)")
      }
    }
    let file = Assets.route(
      "/a.js", Array("// A\n/** B. */\n/**\n * C.\n */\n\n  const a = 1; // a\n".utf8))
    guard case .bytes(let bytes) = file.answer(Request(.get, "/a.js", body: [])).content else {
      return
    }
    #expect(String(decoding: bytes, as: UTF8.self) == "const a = 1; // a\n")
  }

  @Test func `every file that a file names is served`() {
    for (path, text) in files where !path.hasSuffix(".svg") {
      for match in text.matches(of: /(?:from '\.|src="|href=")(\/[a-z0-9.\/-]*)['"]/) {
        #expect(files[String(match.1)] != nil, "\(path) names \(match.1)")
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
    for place in Page.Place.allCases {
      let page = files[place.rawValue] ?? ""
      #expect(page.contains("<main ") && !page.contains("{{"))
      #expect(page.contains("<a href=\"\(place.rawValue)\" aria-current=\"page\">"))
      #expect(
        page.matches(of: /<style|style="|<script(?! type="module" src)|\son[a-z]+="/).isEmpty)
    }
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
