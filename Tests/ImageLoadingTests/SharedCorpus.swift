import Foundation
import TestSupport
import Testing

/// The corpora beside the package, which are not part of it; tests that need them skip without.
struct SharedCorpus: CustomTestStringConvertible, Sendable {
  /// One row of a manifest.
  struct Entry: Sendable {
    var file: URL
    var fields: [String: String]

    /// A field that is there and not empty.
    subscript(name: String) -> String? {
      fields[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    func bytes() throws -> [UInt8] {
      // Foundation leaks its buffer when it reads an empty file, which the sanitizers report.
      self["bytes"] == "0" ? [] : [UInt8](try Data(contentsOf: file))
    }
  }

  var name: String
  var testDescription: String { name }

  static let root = SharedData.url("conformance")

  static var isPresent: Bool { SharedData.has("conformance") }

  static let absence: Comment = "../shared/data/conformance is not there"

  func entries() throws -> [Entry] {
    let folder = Self.root.appending(path: name)
    let manifest = try String(contentsOf: folder.appending(path: "MANIFEST.tsv"), encoding: .utf8)
    let lines = manifest.split(whereSeparator: \.isNewline).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    guard let header = lines.first else { return [] }
    return lines.dropFirst().map { line in
      Entry(
        file: folder.appending(path: line[0]),
        fields: Dictionary(zip(header, line), uniquingKeysWith: { first, _ in first }))
    }
  }
}
