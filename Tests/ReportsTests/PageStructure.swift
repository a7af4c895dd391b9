import Foundation
import Testing

/// What a page is made of, read from its markup.
struct PageStructure {
  /// The elements in order: their names and attributes.
  let elements: [(name: String, attributes: [String: String])]

  init(_ page: String) {
    elements = page.matches(of: /<([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z:-]+="[^"]*")*)\s*\/?>/).map {
      let attributes = $0.2.matches(of: /([a-zA-Z:-]+)="([^"]*)"/).map {
        (String($0.1), String($0.2))
      }
      return (String($0.1), Dictionary(attributes) { first, _ in first })
    }
  }

  func all(_ name: String) -> [[String: String]] {
    elements.filter { $0.name == name }.map(\.attributes)
  }

  /// Checks what holds of every page.
  func expectSound(_ sourceLocation: SourceLocation = #_sourceLocation) {
    let ids = elements.compactMap { $0.attributes["id"] }
    #expect(
      Set(ids).count == ids.count,
      "\(Dictionary(grouping: ids) { $0 }.filter { $1.count > 1 }.keys)",
      sourceLocation: sourceLocation)
    for (name, attributes) in elements {
      for key in ["aria-labelledby", "aria-describedby"] {
        for id in attributes[key]?.split(separator: " ") ?? [] {
          #expect(ids.contains(String(id)), "\(name): no \(id)", sourceLocation: sourceLocation)
        }
      }
      for (key, value) in attributes where ["src", "href", "srcset", "action"].contains(key) {
        #expect(
          value.hasPrefix("data:image/") || value.hasPrefix("#"),
          "\(name) \(key)=\(value.prefix(60))",
          sourceLocation: sourceLocation)
        if value.hasPrefix("#") {
          #expect(ids.contains(String(value.dropFirst())), sourceLocation: sourceLocation)
        }
      }
      #expect(
        !attributes.keys.contains { $0.lowercased().hasPrefix("on") },
        sourceLocation: sourceLocation)
    }
    for image in all("svg") {
      #expect(
        image["role"] == "img" && image["aria-labelledby"]?.isEmpty == false,
        sourceLocation: sourceLocation)
    }
    for image in all("img") {
      #expect(image["alt"]?.isEmpty == false, sourceLocation: sourceLocation)
    }
    #expect(all("script") == [[:]], sourceLocation: sourceLocation)
    for name in ["iframe", "link", "object", "embed", "form", "base"] {
      #expect(all(name).isEmpty, "\(name)", sourceLocation: sourceLocation)
    }
    #expect(
      all("meta").contains { $0["http-equiv"] == "Content-Security-Policy" },
      sourceLocation: sourceLocation)
    let levels = elements.compactMap { $0.name.wholeMatch(of: /h([1-6])/).flatMap { Int($0.1) } }
    #expect(levels.first == 1 && levels.count { $0 == 1 } == 1, sourceLocation: sourceLocation)
    for (before, after) in zip(levels, levels.dropFirst()) {
      #expect(after <= before + 1, "\(levels)", sourceLocation: sourceLocation)
    }
  }
}
