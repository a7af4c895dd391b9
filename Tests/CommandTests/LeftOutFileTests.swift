import Foundation
import ImageLoading
import TestSupport
import Testing

/// What is left out of a dataset is said by every command that reads one.
@Suite struct LeftOutFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Cats and dogs, with `broken` files that are no images among the dogs and a hidden one.
  private func makeData(broken: Int = 2) throws {
    for animal in ["cat", "dog"] {
      for number in 1...9 {
        let file = "\(animal)/\(animal)-000\(number).jpg"
        let bytes = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(file)"))
        try folder.write(Array(bytes), to: "data/\(file)")
      }
    }
    for number in 0..<broken { try folder.write([1, 2, 3], to: "data/dog/broken-\(number).jpg") }
    try folder.write([], to: "data/.hidden")
  }

  private let skipped = "data   2 files skipped, the first is dog/broken-"
  private let ignored = "data   1 file ignored, the first is .hidden: hidden\n"

  @Test(arguments: ["split", "mean", "stats", "show"])
  func `each command on data says once which files it leaves out`(command: String) throws {
    try makeData()
    let out = command == "split" ? "s.json" : "a.png"
    let arguments = ["data", command, "data", "--out", out]
    let outcome = try Tool.run(arguments, in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.components(separatedBy: skipped).count == 2, "\(outcome.errors)")
    #expect(outcome.errors.components(separatedBy: ignored).count == 2, "\(outcome.errors)")
    let quiet = try Tool.run(arguments + ["--overwrite", "--quiet"], in: folder)
    #expect(quiet.code == 0 && quiet.errors.isEmpty, "\(quiet.errors)")
  }

  @Test func `evaluate says which files of a folder or a list it cannot measure`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    try makeData()
    let measured = try Tool.run(["evaluate", "runs/a", "data"], in: folder)
    #expect(measured.code == 0 && measured.errors.contains(skipped), "\(measured.errors)")
    #expect(measured.errors.contains(ignored), "\(measured.errors)")
    let list = "path,label\ndata/cat/cat-0001.jpg,cat\ndata/dog/dog-0001.jpg,dog\nno.jpg,dog\n"
    try folder.write(Array(list.utf8), to: "list.csv")
    let listed = try Tool.run(["evaluate", "runs/a", "list.csv"], in: folder)
    #expect(
      listed.errors.contains("data   1 file skipped, the first is no.jpg: "), "\(listed.errors)")
  }

  @Test func `what only a limit left out is no news when the run is evaluated`() throws {
    try Tool.train("a", ["--limit", "20", "--test-split", "0.2"], epochs: 1, in: folder)
    let outcome = try Tool.run(["evaluate", "runs/a"], in: folder)
    #expect(outcome.code == 0 && !outcome.errors.contains("ignored"), "\(outcome.errors)")
  }

  @Test func `predict says how many hidden files it leaves out`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    try makeData(broken: 0)
    let outcome = try Tool.run(["predict", "runs/a", "data"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(
      outcome.errors == "data   1 file ignored, the first is data/.hidden: hidden\n",
      "\(outcome.errors)")
  }

  @Test func `a folder with nothing but hidden files is said to be that`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    for number in 1...5 { try folder.write([], to: "only/.\(number).jpg") }
    expect(
      try Tool.run(["predict", "runs/a", "only"], in: folder), code: 65,
      "only: no files in there; 5 files ignored, the first is only/.1.jpg: hidden")
    expect(
      try Tool.run(["data", "scan", "only"], in: folder), code: 65,
      "only: no images found (5 files ignored, the first is .1.jpg: hidden)")
  }

  @Test func `a sheet has as many images as were asked for while enough can be read`() throws {
    try makeData(broken: 30)
    let outcome = try Tool.run(
      ["data", "show", "data", "--out", "a.png", "--count", "16", "--json"], in: folder)
    #expect(try Tool.json(outcome)["count"] as? Int == 16, "\(outcome.errors)")
    let skipped = try #require(try Tool.json(outcome)["skipped"] as? Int)
    #expect(skipped > 8 && skipped <= 30)
  }

  @Test func `a line break in a file's name breaks no message`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    try folder.write([1, 2, 3], to: "n/a\nerror: b.jpg")
    let outcome = try Tool.run(["predict", "runs/a", "n"], in: folder)
    #expect(outcome.code == 65)
    #expect(outcome.errors.hasPrefix("skipped n/a?error: b.jpg: not an image ("))
    #expect(outcome.complaints.count == 1, "\(outcome.errors)")
  }
}
