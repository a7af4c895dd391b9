import Foundation
import ImageLoading
import Support

/// A folder of files with a `MANIFEST.tsv` that says of each what Pillow made of it.
struct Corpus {
  /// One row of a manifest.
  struct Entry {
    var corpus: String
    var file: String
    var path: String
    var fields: [String: String]

    /// A field that is there and not empty.
    subscript(name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// What the file should come to: `accept`, `reject…`, `either…`, `unsupported-ok…`.
    var expected: String { self["expected"] ?? "either" }

    /// Whether Pillow, in its strict mode, makes an image of it.
    var isDecodedByPillow: Bool { self["pillow"]?.hasPrefix("decodes") == true }

    func bytes() throws -> [UInt8] { try FileBytes.read(path) }
  }

  var name: String
  var entries: [Entry]

  /// Every corpus of a folder, by name; none when the folder is not there.
  static func all(in folder: String) throws -> [Corpus] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return try names.sorted().compactMap { name in
      let path = "\(folder)/\(name)"
      guard FileManager.default.fileExists(atPath: "\(path)/MANIFEST.tsv") else { return nil }
      return Corpus(name: name, entries: try entries(of: name, at: path))
    }
  }

  private static func entries(of corpus: String, at folder: String) throws -> [Entry] {
    let rows = try table("\(folder)/MANIFEST.tsv")
    guard let header = rows.first else { return [] }
    return rows.dropFirst().map { row in
      Entry(
        corpus: corpus, file: row[0], path: "\(folder)/\(row[0])",
        fields: Dictionary(zip(header, row), uniquingKeysWith: { first, _ in first }))
    }
  }

  /// The cells of a tab-separated file.
  static func table(_ path: String) throws -> [[String]] {
    String(decoding: try FileBytes.read(path), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
  }
}

/// What Tools/reference/conformance.py computed with Pillow: over white, 16-bit samples rounded.
struct Expectations {
  private var folder: String?
  private var hashes: [String: String] = [:]

  /// Reads `expected.tsv` of a folder; without one the manifests are all there is.
  init(folder: String) throws {
    let table = "\(folder)/expected.tsv"
    guard FileManager.default.fileExists(atPath: table) else { return }
    self.folder = folder
    for row in try Corpus.table(table) where row.count == 3 {
      hashes["\(row[0])/\(row[1])"] = row[2]
    }
  }

  var isPresent: Bool { folder != nil }

  /// The digest of the image's upright RGB.
  func sha256(_ entry: Corpus.Entry) -> String? {
    hashes["\(entry.corpus)/\(entry.file)"] ?? entry["truth_rgb8_round_sha256"]
      ?? entry["transposed_rgb8_sha256"]
  }

  /// Pillow's pixels, kept for what is not PNG; upright only in the folder of the script.
  func pixels(_ entry: Corpus.Entry) -> PixelBuffer? {
    let corpora = entry.path.dropLast(entry.file.count + 1)
    let places = [
      folder.map { "\($0)/\(entry.corpus)/\(entry.file).png" },
      "\(corpora)/reference-rgb/\(entry.file).png",
    ]
    for case .some(let path) in places {
      if let bytes = try? FileBytes.read(path), let image = try? ImageDecoder().decode(bytes) {
        return image.pixels
      }
    }
    return nil
  }
}
