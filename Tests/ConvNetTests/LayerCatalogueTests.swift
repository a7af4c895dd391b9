import ConvNet
import Foundation
import Tensors
import Testing

/// What there is to write an architecture with, and that nothing of it is forgotten elsewhere.
@Suite struct LayerCatalogueTests {
  static let names = LayerCatalogue.standard.entries.map(\.name)

  /// The first words of all layers of a text.
  static func layers(of text: String) -> Set<String> {
    let parts = text.split { ",()".contains($0) }
    return Set(parts.compactMap { $0.split(separator: " ").first.map(String.init) })
  }

  @Test(arguments: names)
  func `every layer has a reference of PyTorch and with it a gradient check`(name: String) throws {
    let cases = try LayerReference.loaded.get().cases
    #expect(
      cases.contains { $0.layer == name || $0.layer.hasPrefix("\(name) ") },
      "no case of '\(name)' in layers.json; add one and run 'make reference'")
  }

  @Test func `no reference is of a layer that is not in the catalogue`() throws {
    let words = Set(try LayerReference.loaded.get().cases.flatMap { Self.layers(of: $0.layer) })
    #expect(words.subtracting(Self.names + ["shortcut", "frozen"]).isEmpty)
  }

  /// `make record` writes it anew.
  @Test func `the documentation has the table of the catalogue`() throws {
    let url = URL(filePath: #filePath).appending(path: "../../../Documentation/Layers.md")
      .standardized
    let page = try String(contentsOf: url, encoding: .utf8)
    let start = try #require(page.range(of: "<!-- layers -->\n")).upperBound
    let end = try #require(page.range(of: "\n<!-- end of layers -->")).lowerBound
    let table = LayerCatalogue.standard.markdownTable
    if ProcessInfo.processInfo.environment["MARBLES_RECORD"] != nil {
      try page.replacingCharacters(in: start..<end, with: table)
        .write(to: url, atomically: true, encoding: .utf8)
    } else {
      #expect(page[start..<end] == table)
    }
  }

  @Test func `a layer is told apart by its name, and explained by its parameters`() throws {
    let entry = try #require(LayerCatalogue.standard["conv"])
    #expect(entry.parameters.map(\.name).prefix(3) == ["channels", "size", "groups"])
    #expect(entry.parameters.map(\.form).prefix(3) == ["CHANNELS", "ROWSxCOLUMNS", "groups N"])
    #expect(entry.parameters[3].defaultText == "1")
    #expect(LayerCatalogue.standard["konv"] == nil)
  }

  @Test(arguments: [
    (NumberRange(from: 0, to: 1), [0, 0.5, 1], [-0.1, 1.1, .nan], "from 0 to 1"),
    (NumberRange(from: 0, to: 1, without: 1), [0, 0.99], [1, .infinity], "from 0 to below 1"),
    (NumberRange(from: 0, to: 1, without: 0), [1e-9, 1], [0, -1], "above 0, at most 1"),
    (NumberRange(from: 0, to: 1, without: 0, 1), [0.5], [0, 1], "above 0, below 1"),
  ])
  func `a range says which of its limits belong to it`(
    range: NumberRange, inside: [Float], outside: [Float], text: String
  ) {
    #expect(inside.allSatisfy(range.contains))
    #expect(!outside.contains { range.contains($0) })
    #expect(range.description == text)
  }
}
