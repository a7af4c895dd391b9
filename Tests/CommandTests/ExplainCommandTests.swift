import Foundation
import ImageLoading
import Support
import TestSupport
import Testing

/// `marbles explain`: what it draws, prints and refuses.
@Suite struct ExplainCommandTests {
  let folder: TemporaryFolder
  private let photo = "\(Tool.sketches)/cat/\(Self.names("cat")[0])"

  init() throws {
    folder = try TemporaryFolder()
    let outcome = try Tool.train("a", ["--record-path"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  private static func names(_ name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(Tool.sketches)/\(name)")) ?? [])
      .sorted()
  }

  private func explain(_ words: [String]) throws -> Tool.Outcome {
    try Tool.run(["explain"] + words, in: folder)
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try folder.read(name), as: UTF8.self)
  }

  @Test func `a photo gets all figures, and each its table`() throws {
    let outcome = try explain(["runs/a", photo, "--out", "e", "--format", "svg"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.isEmpty)
    let figures = ["explanation", "random-weights", "activations", "layer-3", "convolution"]
    let tables = ["grad-cam", "layer-cam", "integrated-gradients", "occlusion", "activations"]
    let files =
      (figures + ["pooling", "filters"]).map { "\($0).svg" }
      + (tables + ["convolution", "pooling", "filters"]).map { "\($0).csv" }
      + ["explanation.json"]
    #expect(Set(folder.contents.filter { $0.hasPrefix("e/") }) == Set(files.map { "e/\($0)" }))
    for file in files { #expect(outcome.output.contains("e/\(file)\n"), "\(file)") }
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(try text("e/explanation.svg").contains("<title>What speaks for "))
    #expect(try text("e/grad-cam.csv").split(separator: "\n").count == 8 * 8 + 1)
    #expect(try text("e/occlusion.csv").split(separator: "\n").count == 16 * 16 + 1)
  }

  @Test func `filters are shown over the epochs of a run with snapshots`() throws {
    #expect(try explain(["runs/a", photo, "--out", "e", "--method", "grad-cam"]).code == 0)
    let moments = Set(
      try text("e/filters.csv").split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } })
    #expect(moments.count > 2, "\(moments)")
    #expect(try explain(["cats-and-dogs", photo, "--out", "f", "--method", "grad-cam"]).code == 0)
    #expect(try text("f/filters.csv").contains("\n,23,1,1,2,"))
  }

  @Test func `the tables hold what the summary says`() throws {
    let outcome = try explain(["runs/a", photo, "--out", "e", "--json"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try Tool.json(outcome)
    let images = try #require(report["images"] as? [[String: Any]])
    let maps = try #require(images[0]["maps"] as? [[String: Any]])
    #expect(maps.count == 4)
    let integrated = try #require(maps.first { $0["method"] as? String == "integrated-gradients" })
    let sums = try #require(integrated["completeness"] as? [String: Any])
    #expect(try #require(sums["error"] as? Double) < 0.01)
    let values = try text("e/integrated-gradients.csv").split(separator: "\n").dropFirst()
      .compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
    #expect(abs(values.reduce(0, +) - (sums["sum"] as? Double ?? 0)) < 1e-5)
    for map in maps {
      let check = try #require(map["random_weights"] as? [String: Any])
      let stages = try #require(check["stages"] as? [[String: Any]])
      #expect(stages.compactMap { $0["random_layers"] as? Int } == [1, 2])
      let similarity = try #require(check["similarity"] as? Double)
      #expect((0...1).contains(similarity) && check["passes"] as? Bool == (similarity < 0.5))
    }
    let written =
      try JSONSerialization.jsonObject(
        with: Data(try folder.read("e/explanation.json"))) as? [String: Any]
    #expect(NSDictionary(dictionary: written ?? [:]) == NSDictionary(dictionary: report))
  }

  @Test func `another class and another layer are explained if asked for`() throws {
    func maps(_ name: String, _ words: [String]) throws -> String {
      let outcome = try explain(
        ["runs/a", photo, "--out", name, "--method", "grad-cam"] + words)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try text("\(name)/grad-cam.csv")
    }
    let cat = try maps("cat", ["--class", "cat"])
    #expect(try maps("dog", ["--class", "dog"]) != cat)
    #expect(
      try maps("first", ["--class", "cat", "--layer", "0"]).split(separator: "\n").count == 257)
    #expect(try maps("odds", ["--class", "cat", "--score", "log-odds"]) != cat)
    #expect(folder.contents.contains("first/layer-0.png"))
  }

  @Test func `a shipped model's integrated gradients add up`() throws {
    let outcome = try explain([
      "cats-and-dogs-quick", photo, "--out", "e", "--method", "integrated-gradients", "--json",
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let images = try #require(try Tool.json(outcome)["images"] as? [[String: Any]])
    let map = try #require((images[0]["maps"] as? [[String: Any]])?.first)
    let sums = try #require(map["completeness"] as? [String: Any])
    #expect(try #require(sums["error"] as? Double) < 0.01)
  }

  @Test func `several photos have a folder each, also of one name`() throws {
    let other = "\(Tool.sketches)/dog/\(Self.names("dog")[0])"
    let outcome = try explain([
      "runs/a", photo, other, photo, "--out", "e", "--method", "layer-cam",
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let folders = Set(
      folder.contents.filter { $0.hasPrefix("e/") && $0.hasSuffix("/layer-cam.csv") })
    #expect(folders.count == 3)
  }

  @Test func `the worst mistakes of a run are drawn in one figure`() throws {
    try Tool.train("b", ["--test-split", "0.5"], epochs: 1, in: folder)
    let evaluated = try Tool.json(Tool.run(["evaluate", "runs/b", "--json"], in: folder))
    let confusion = try #require(evaluated["confusion"] as? [[Int]])
    let mistakes = confusion[0][1] + confusion[1][0]
    try #require(mistakes > 0)
    let outcome = try explain([
      "runs/b", "--worst", "50", "--out", "w", "--method", "grad-cam,occlusion", "--json",
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let images = try #require(try Tool.json(outcome)["images"] as? [[String: Any]])
    #expect(images.count == mistakes)
    for image in images { #expect(image["label"] as? String != image["prediction"] as? String) }
    let confidences = images.compactMap { ($0["probabilities"] as? [Double])?.max() }
    #expect(confidences == confidences.sorted(by: >))
    #expect(
      Set(folder.contents.filter { $0.hasPrefix("w/") })
        == Set(
          ["w/worst.json", "w/worst.png"]
            + (1...mistakes).flatMap {
              ["w/worst-\($0)-grad-cam.csv", "w/worst-\($0)-occlusion.csv"]
            }))
    let first = try explain(["runs/b", "--worst", "1", "--out", "w", "--method", "grad-cam"])
    #expect(first.output.contains("\nMistakes are not compared with random weights; "))
    #expect(first.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(
      Set(folder.contents.filter { $0.hasPrefix("w/") })
        == ["w/worst.json", "w/worst.png", "w/worst-1-grad-cam.csv"])
  }

  @Test func `what an earlier explanation has left in a folder goes, and nothing of the user's`()
    throws
  {
    func explain(_ words: String...) throws -> Tool.Outcome {
      let outcome = try self.explain(["runs/a"] + words + ["--out", "e", "--method", "occlusion"])
      #expect(outcome.code == 0, "\(outcome.errors)")
      let written = outcome.output.split(separator: "\n").filter { $0.hasPrefix("e/") }
      // Folders and the user's file have no ending.
      let found = folder.contents.filter { $0.hasPrefix("e/") && $0.contains(".") }
      #expect(Set(found) == Set(written.map(String.init)))
      return outcome
    }
    let other = "\(Tool.sketches)/dog/\(Self.names("dog")[0])"
    #expect(try explain(photo).errors.isEmpty)
    let outcome = try explain(photo, "--layer", "0", "--format", "svg")
    #expect(outcome.errors.isEmpty && !outcome.output.contains("error"), "\(outcome.output)")
    let notes = try explain(photo, other).errors
    #expect(notes.hasPrefix("note: e held the explanation of \(photo) as "), "\(notes)")
    #expect(notes.contains(" by runs/a, which is replaced"), "\(notes)")
    let name = URL(filePath: other).deletingPathExtension().lastPathComponent
    try folder.write([1], to: "e/\(name)/mine")
    #expect(try explain(photo).errors.contains("note: e held the explanation of 2 images by"))
    #expect(folder.contents.contains("e/\(name)/mine"))
    let first = URL(filePath: photo).deletingPathExtension().lastPathComponent
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/e/\(first)"))
    #expect(try explain(other, "--quiet").errors.isEmpty)
  }

  @Test func `what cannot be explained is answered in one line`() throws {
    expect(try explain(["runs/a"]), code: 64, "give a photo, or --worst")
    expect(try explain(["runs/a", photo, "--worst", "3"]), code: 64, "leave out the photos")
    expect(
      try explain(["runs/a", photo, "--class", "cow"]), code: 64, "--class 'cow'", "cat, dog")
    expect(
      try explain(["runs/a", photo, "--layer", "6"]), code: 64, "'dense' has no map", "0 to 3")
    expect(try explain(["runs/a", photo, "--layer", "99"]), code: 64, "--layer is 99", "0 to 3")
    expect(
      try explain(["runs/a", photo, "--method", "gradcam"]), code: 64, "did you mean 'grad-cam'?")
    expect(
      try explain(["runs/a", photo, "--method", "grad-cam,grad-cam"]), code: 64, "given twice")
    expect(
      try explain(["runs/a", photo, "--method", "grad-cam", "--patch", "3"]), code: 64, "--patch")
    expect(try explain(["runs/a", photo, "--patch", "17"]), code: 64, "--patch is 17", "1 to 16")
    expect(try explain(["runs/a", photo, "--stride", "3"]), code: 64, "--stride is 3", "1 to 2")
    expect(try explain(["runs/a", photo, "--data", "x"]), code: 64, "--data", "--worst")
    expect(try explain(["runs/a", "none.jpg"]), code: 66, "none.jpg: no such file")
    expect(try explain(["runs/a", Tool.sketches]), code: 66, "is a folder")
    try folder.write(Array("no image".utf8), to: "broken.jpg")
    expect(try explain(["runs/a", "broken.jpg"]), code: 65, "broken.jpg: ")
    try folder.write([1], to: "taken")
    expect(try explain(["runs/a", photo, "--out", "taken"]), code: 73, "taken: ")
    #expect(try folder.read("taken") == [1])
    expect(try explain(["cats-and-dogs", "--worst", "3"]), code: 64, "not in a run directory")
    #expect(!folder.contents.contains("explanation"))
  }

  @Test func `a file that Marbles did not write is not replaced, and one of the photos never`()
    throws
  {
    try folder.write(Array("mine".utf8), to: "e/explanation.png")
    expect(
      try explain(["runs/a", photo, "--out", "e", "--method", "grad-cam"]), code: 73,
      "e/explanation.png")
    #expect(try text("e/explanation.png") == "mine")
    try FileManager.default.copyItem(atPath: photo, toPath: "\(folder.path)/e/pooling.png")
    expect(
      try explain(["runs/a", "e/pooling.png", "--out", "e", "--overwrite"]), code: 64,
      "e/pooling.png", "would lie among photos")
  }

  @Test func `a network of what is no number is refused`() throws {
    let file = "runs/a/checkpoints/best.safetensors"
    let bytes = try folder.read(file)
    try folder.write(bytes.dropLast(4) + [0, 0, 0xC0, 0x7F], to: "nan.safetensors")
    let outcome = try explain(["nan.safetensors", photo])
    #expect(outcome.code == 65, "\(outcome.errors)")
    #expect(outcome.errors.contains("nan.safetensors"))
  }

  @Test func `a network without maps is explained by what needs none`() throws {
    _ = try Tool.run(
      ["train", Tool.sketches, "--name", "flat", "--epochs", "1", "--image-size", "16"]
        + ["--architecture", "flatten, dense"], in: folder)
    let outcome = try explain(["runs/flat", photo, "--out", "e"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Occlusion") && !outcome.output.contains("CAM"))
    #expect(!folder.contents.contains { $0.hasPrefix("e/") && $0.contains("convolution") })
    expect(
      try explain(["runs/flat", photo, "--method", "grad-cam"]), code: 64,
      "no layer of the network has a map")
  }

  @Test(.enabled(if: SharedData.has("pets"), "../shared/data/pets is not there"))
  func `what is printed of three photographs and a shipped model adds up within 1%`() throws {
    let photos = ["cat/10000.jpg", "dog/10000.jpg", "dog/10004.jpg"].map {
      SharedData.url("pets/\($0)").path(percentEncoded: false)
    }
    let outcome = try explain(
      ["cats-and-dogs-quick"] + photos + ["--out", "e", "--method", "integrated-gradients"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let errors = outcome.output.matches(of: /([0-9.]+)% after [0-9,]+ steps/).map { Double($0.1) }
    #expect(errors.count == 3 && errors.allSatisfy { $0.map { $0 < 1 } ?? false }, "\(errors)")
  }

  @Test(arguments: [(true, "100.0%", false), (false, "0.0%", true)])
  func `it is said when most of what speaks for the class lies beside the subject`(
    isAllSubject: Bool, share: String, isSaid: Bool
  ) throws {
    let mask = PixelBuffer(
      width: 16, height: 16, bytes: Array(repeating: isAllSubject ? 255 : 0, count: 768))
    let name = URL(filePath: photo).deletingPathExtension().lastPathComponent
    try folder.write(ImageEncoder.png(mask, level: 1), to: "masks/\(name).png")
    let outcome = try explain([
      "runs/a", photo, "--out", "e", "--method", "occlusion", "--masks", "masks",
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("\(share) of what speaks for the class is on the subject"))
    #expect(outcome.output.contains("occlusion: most of it lies elsewhere") == isSaid)
  }

  @Test func `masks say how much lies on the subject, and must be there`() throws {
    let sketch = try Tool.run(
      ["data", "sketch", "practice", "--count", "4", "--masks"], in: folder)
    #expect(sketch.code == 0, "\(sketch.errors)")
    let photos = folder.contents.filter { $0.hasPrefix("practice/") && $0.contains("-000") }
    try #require(photos.count == 4)
    let words = ["--method", "occlusion,grad-cam", "--masks", "practice-masks", "--json"]
    let outcome = try explain(["runs/a"] + photos + words)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try Tool.json(outcome)
    let subjects = try #require(report["subjects"] as? [String: Any])
    #expect(subjects["images"] as? Int == 4)
    let areas = try #require(report["images"] as? [[String: Any]])
      .compactMap { $0["subject_area"] as? Double }
    #expect(areas.count == 4 && areas.allSatisfy { (0.02...0.98).contains($0) })
    let mean = try #require(subjects["area"] as? Double)
    #expect(abs(mean - areas.reduce(0, +) / 4) < 1e-9)
    for method in try #require(subjects["methods"] as? [[String: Any]]) {
      #expect((0...1).contains(try #require(method["fraction"] as? Double)))
    }
    let among = try explain(["runs/a", photos[0], "--out", "practice/cat"])
    let other = try explain(["runs/a", photos[0], "--out", "practice/dog"])
    #expect(
      [among, other].contains { $0.code == 64 && $0.errors.contains("would lie among photos") })
    #expect(try explain(["runs/a", photo, "--out", "runs/a"]).code == 64)
    let none = try explain(["runs/a", photo, "--masks", "practice", "--out", "other"])
    #expect(none.code == 66 && none.errors.contains("no such mask"), "\(none.errors)")
    #expect(try explain(["runs/a", "--worst", "1", "--masks", "practice-masks"]).code == 64)
  }
}
