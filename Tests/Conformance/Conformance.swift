import Foundation

/// Measures the decoders against files of many programs, and with broken ones.
@main
struct Conformance {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch (arguments.first, arguments.count) {
    case ("corpora", 3): try runCorpora(arguments[1], expectations: arguments[2])
    default:
      print("usage: conformance corpora CORPORA EXPECTATIONS")
      exit(64)
    }
  }

  private static func runCorpora(_ folder: String, expectations folderOfExpectations: String) throws {
    let corpora = try Corpus.all(in: folder)
    guard !corpora.isEmpty else {
      print("conformance: \(folder) is not there; nothing to compare with")
      return
    }
    let expectations = try Expectations(folder: folderOfExpectations)
    if !expectations.isPresent {
      print("conformance: \(folderOfExpectations)/expected.tsv is not there; transparent and 16-bit")
      print("pictures need it and are listed as wrong: Tools/reference/conformance.py makes it")
    }
    if try !CorpusRun(corpora, expectations).isClean { exit(1) }
  }
}
