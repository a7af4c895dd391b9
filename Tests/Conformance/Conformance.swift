import Foundation
import ImageLoading
import TestSupport

/// Measures the decoders against files of many programs, and with broken ones.
@main
struct Conformance {
  private static let usage = """
    usage: conformance corpora CORPORA EXPECTATIONS   compare with Pillow's pixels
           conformance cuts CORPORA FOLDER            every file cut at 64 places
           conformance fuzz COUNT SEED FOLDER SEEDS…  mutations of the images in folders
    Bytes that break a limit are kept in FOLDER.
    """

  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch (arguments.first, arguments.count) {
    case ("corpora", 3): try runCorpora(arguments[1], expectations: arguments[2])
    case ("cuts", 3): try runCuts(arguments[1], watch: Watch(folder: arguments[2]))
    case ("fuzz", 5...):
      guard let count = Int(arguments[1]), let seed = UInt64(arguments[2]) else { fallthrough }
      let watch = Watch(folder: arguments[3])
      try runFuzz(count, seed, folders: Array(arguments[4...]), watch: watch)
    default:
      print(usage)
      exit(64)
    }
  }

  private static func corpora(_ folder: String) throws -> [Corpus] {
    let corpora = try Corpus.all(in: folder)
    if corpora.isEmpty { print("conformance: \(folder) is not there; nothing to read") }
    return corpora
  }

  private static func runCorpora(
    _ folder: String, expectations folderOfExpectations: String
  ) throws {
    let corpora = try corpora(folder)
    guard !corpora.isEmpty else { return }
    let expectations = try Expectations(folder: folderOfExpectations)
    if !expectations.isPresent {
      print(
        "conformance: \(folderOfExpectations)/expected.tsv is not there; transparent and 16-bit")
      print("images need it and are listed as wrong: Tools/reference/conformance.py makes it")
    }
    if try !CorpusRun(corpora, expectations).isClean { exit(1) }
  }

  private static func runCuts(_ folder: String, watch start: Watch) throws {
    var watch = start
    let entries = try corpora(folder).flatMap(\.entries)
    guard !entries.isEmpty else { return }
    for entry in entries {
      let bytes = try entry.bytes()
      var last = -1
      for cut in (0...64).map({ bytes.count * $0 / 64 }) where cut != last {
        last = cut
        try watch.decode(
          Array(bytes[..<cut]), atLeast: nil, name: "\(entry.corpus)/\(entry.file) cut at \(cut)")
      }
    }
    try finish(watch, "cuts of \(entries.count) files")
  }

  private static func runFuzz(
    _ count: Int, _ seed: UInt64, folders: [String], watch start: Watch
  ) throws {
    var watch = start
    let paths = try folders.flatMap { folder in
      try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
        .filter { $0.hasSuffix(".jpg") || $0.hasSuffix(".png") }.map { "\(folder)/\($0)" }
    }
    let originals = try paths.map(FileBytes.read)
    guard !originals.isEmpty else { return print("fuzz: no images in \(folders)") }
    for number in 0..<count {
      let place = number % originals.count
      try watch.decode(
        Mutation.bytes(of: originals[place], seed: seed, number: number),
        atLeast: number % 3 == 0 ? 8 : nil, name: "mutation \(number) of \(paths[place])")
    }
    try finish(watch, "\(count) mutations of \(paths.count) images, seed \(seed)")
  }

  private static func finish(_ watch: Watch, _ title: String) throws {
    try watch.report(title)
    if watch.violations > 0 { exit(1) }
  }
}
